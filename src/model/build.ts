/** Checks layers in a row and makes the model of them, or says everything that is wrong. */
import type { either as E, nonEmptyArray as NEA } from 'fp-ts'
import { topological } from '../expr/graph.js'
import { broadcast } from '../expr/broadcast.js'
import { variable } from '../expr/leaf.js'
import { isInvalid, type Expr } from '../expr/node.js'
import { sameShape, showShape, type Shape } from '../expr/shape.js'
import type { Declaration, Layer } from '../layer/layer.js'
import { run } from '../layer/run.js'
import { training } from '../layer/scope.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { misfits } from '../part/misfit.js'
import { joinPath, type ByPath } from '../part/path.js'
import { drawOf } from '../random/bits.js'
import { word } from '../random/word.js'
import type { Model, ModelError } from './model.js'
import { penaltiesOf } from './penalties.js'

/** Draws of different purposes whose words are the same would be the same draw: one of the two wants another name. */
export const collisions = (roots: readonly Expr[]): readonly Issue[] => {
  const purposes = [...new Set(topological(roots).flatMap((e) => drawOf(e)?.purpose ?? []))]
  const words = purposes.map(word)
  return purposes.flatMap((p, i) => {
    const twin = words.indexOf(words[i])
    return twin < i ? [issue(p, `the same word as '${purposes[twin]}'`, 'names whose random draws differ')] : []
  })
}

/** A penalty is a scalar whose inside fits. */
const penaltyIssues = (penalties: ByPath<Expr>): readonly Issue[] =>
  Object.entries(penalties).flatMap(([path, e]) =>
    isInvalid(e) ? misfits(path, [e]) : e.shape.length === 0 ? [] : [issue(path, `shape ${showShape(e.shape)}`, 'a scalar')])

/** A projection has the shape of what it projects, and fits inside. */
const constraintIssues = (parameters: ByPath<Declaration>): readonly Issue[] =>
  Object.entries(parameters).flatMap(([path, { shape, incoming, constraint }]) => {
    if (constraint === undefined) return []
    const p = constraint.project(incoming)(variable(path, shape))
    const at = joinPath(path, constraint.spec.kind)
    return isInvalid(p) ? misfits(at, [p]) : sameShape(p.shape, shape) ? [] : [issue(at, `shape ${showShape(p.shape)}`, showShape(shape))]
  })

/** First values have the shape of the parameter, and fit inside. */
const initialIssues = (parameters: ByPath<Declaration>): readonly Issue[] =>
  Object.entries(parameters).flatMap(([path, { shape, initial }]) => {
    const e = initial(path)
    return isInvalid(e) ? misfits(path, [e])
      : sameShape(e.shape, shape) ? [] : [issue(path, `first values of shape ${showShape(e.shape)}`, showShape(shape))]
  })

/** The model of these layers, checked on a batch of one example. */
export const build = (input: Shape, layers: readonly Layer[]): E.Either<NEA.NonEmptyArray<ModelError>, Model> => {
  const wrong = input.every((d) => Number.isInteger(d) && d > 0) ? [] : [issue('input', showShape(input), 'whole numbers ≥ 1')]
  const x = variable('batch/x', wrong.length === 0 ? [1, ...input] : [Number.NaN])
  const { y, penalties, parameters, issues } = run(layers)({ path: '', mode: training(broadcast(1, [1])) })(x)
  const found = [...wrong, ...issues]
  const all = { ...penaltiesOf(parameters), ...penalties }
  const further = (): readonly Issue[] =>
    [
      ...initialIssues(parameters), ...penaltyIssues(all), ...constraintIssues(parameters),
      ...collisions([y, ...Object.values(all), ...Object.entries(parameters).map(([path, d]) => d.initial(path))])
    ]
  return unlessIssues(found.length > 0 || isInvalid(y) ? found : further(), () =>
    ({ _tag: 'Model', input, output: y.shape.slice(1), layers }))
}
