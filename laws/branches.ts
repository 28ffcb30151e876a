/** Laws of layers that hold layers: residual blocks and branches. */
import fc from 'fast-check'
import { dropout } from 'tikhonov/dropout'
import { evaluate, variable, type Shape } from 'tikhonov/expr'
import { infer, run, training, type Layer, type Mode, type Output } from 'tikhonov/layer'
import { activation, add, average, concatenate, dense, maximum, multiply, relu, tanh, type Branch, type Merge } from 'tikhonov/layers'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { rowLaws } from './layer.js'
import { moment, numbers, ones } from './perturbation.js'

type Numbers = readonly number[]

const applied = (layers: readonly Layer[], path: string, mode: Mode, shape: Shape): Output =>
  run(layers)({ path, mode })(variable('x', shape))

/** First values of what is declared, from the seed 7. */
const firstValues = ({ parameters }: Output): Readonly<Record<string, Numbers>> =>
  Object.fromEntries(Object.entries(parameters).map(([path, { initial }]) => [path, evaluate(initial(path), {}, { seed: 7 })]))

const refused = (layer: Layer, shape: Shape): Outcome =>
  applied([layer], '', infer, shape).issues.length > 0 && layer.rule.check(shape.slice(1)) !== undefined || 'it was not refused'

/**
 * What a residual connection obeys, given how it is made of layers: y = x + f(x), in training and inference, with the draws and parameters
 * that f has under the block's path; around a map to 0 it is the identity; a shape that is not kept is refused, also where it would
 * broadcast.
 *
 * @example
 * ```ts
 * import { check, residualLaws } from 'tikhonov/laws'
 * import { residual } from 'tikhonov/layers'
 * check(residualLaws((...layers) => residual(...layers))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const residualLaws = (make: (...layers: readonly Layer[]) => Layer): Suite => {
  const inner: readonly Layer[] = [dense(5, { activation: tanh }), dropout(0.5), dense(3)]
  const block = make(...inner)
  const shape = [4, 3]
  const modes: readonly (readonly [string, Mode])[] = [['training', training(ones(4))], ['inference', infer]]
  return suite('residual', make, [
    law('adds its input', 'y = x + f(x)', [numbers(12), moment()], (x, at) => every(...modes.map(([name, mode]) => {
      const [whole, f] = [applied([block], '', mode, shape), applied(inner, `${block.spec.kind}/0`, mode, shape)]
      const given = { ...firstValues(f), x }
      return about(name, every(
        same(Object.keys(whole.parameters), Object.keys(f.parameters)),
        near(evaluate(whole.y, given, at), evaluate(f.y, given, at).map((v, i) => v + x[i]), { relative: 1e-12, absolute: 1e-12 })
      ))
    }))),
    law('around nothing is the identity', 'f = 0 ⇒ y = x', [numbers(12)], (x) => {
      const nothing = applied([make(activation(relu), dense(3))], '', infer, shape)
      const zero = Object.fromEntries(Object.entries(firstValues(nothing)).map(([path, v]) => [path, v.map(() => 0)]))
      return same(evaluate(nothing.y, { ...zero, x }), x)
    }),
    law('refuses what does not keep the shape', 'f(x).shape ≠ x.shape ⇒ an issue', [], () => every(
      about('to 4', refused(make(dense(4)), shape)), about('to 1, which broadcasts', refused(make(dense(1)), shape))
    ))
  ], [rowLaws(block, { input: [3] })])
}

/** Each merge with what it is on numbers, element by element. */
const merges: readonly (readonly [string, Merge, (...each: Numbers) => number])[] = [
  ['add', add, (...each) => each.reduce((a, b) => a + b)],
  ['multiply', multiply, (...each) => each.reduce((a, b) => a * b)],
  ['average', average, (...each) => each.reduce((a, b) => a + b) / each.length],
  ['maximum', maximum, (...each) => Math.max(...each)]
]

/**
 * What branches over one input obey, given how they are made: the result is the merge of what each branch makes of the input, in their
 * order; each branch draws and learns for itself; results that do not merge are refused, also where they would broadcast.
 *
 * @example
 * ```ts
 * import { check, parallelLaws } from 'tikhonov/laws'
 * import { parallel } from 'tikhonov/layers'
 * check(parallelLaws((branches, merge) => parallel(branches, merge))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const parallelLaws = (make: (branches: readonly Branch[], merge: Merge) => Layer): Suite => {
  const branches: readonly Branch[] = [activation(tanh), [], [activation(relu), activation(tanh)]]
  const functions: readonly ((x: number) => number)[] = [Math.tanh, (x) => x, (x) => Math.tanh(Math.max(0, x))]
  const values = (merge: Merge, x: Numbers) => evaluate(applied([make(branches, merge)], '', infer, [2, 3]).y, { x })
  const close = { relative: 1e-12, absolute: 1e-12 }
  return suite('parallel', make, [
    law('merges its branches', 'y = merge(f₁(x), f₂(x), …)', [numbers(6)], (x) => every(
      ...merges.map(([name, merge, of]) => about(name, near(values(merge, x), x.map((v) => of(...functions.map((f) => f(v)))), close))),
      about('concatenate', near(
        values(concatenate(), x), [x.slice(0, 3), x.slice(3)].flatMap((row) => functions.flatMap((f) => row.map(f))), close))
    )),
    law('branches draw and learn for themselves', 'equal branches have other draws and other parameters', [moment()], (at) => {
      const mode = training(ones(64))
      const drawn = evaluate(applied([make([dropout(0.5), dropout(0.5)], concatenate())], '', mode, [64, 1]).y,
        { x: Array.from({ length: 64 }, () => 1) }, at)
      const { parameters } = applied([make([dense(2), dense(2)], add)], '', mode, [64, 1])
      return every(
        drawn.some((v, i) => i % 2 === 0 && v !== drawn[i + 1]) || 'two branches drop the same values',
        about('parameters', same(Object.keys(parameters).length, 4))
      )
    }, { mostRuns: 20 }),
    law('refuses what does not merge', 'shapes that differ ⇒ an issue', [fc.constantFrom(...merges)], ([name, merge]) => every(
      about(`${name}, 3 and 4`, refused(make([dense(3), dense(4)], merge), [2, 3])),
      about(`${name}, 3 and 1`, refused(make([dense(3), dense(1)], merge), [2, 3])),
      about('no branch', refused(make([], merge), [2, 3]))
    ))
  ], [rowLaws(make([[dropout(0.5), dense(2)], dense(2)], add), { input: [3] })])
}
