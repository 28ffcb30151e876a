/** Laws of penalties on what a layer gives. */
import fc from 'fast-check'
import { constant, evaluate, variable, type Expr, type Shape } from 'tikhonov/expr'
import { run, training, type ByPath, type Layer } from 'tikhonov/layer'
import { rounding, weight } from './functional.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

type Rows = readonly (readonly number[])[]

/** A layer's penalties on a batch, at its first values under the seed 7; `present` of the rows are examples, the rest is padding. */
const penaltiesAt = (layer: Layer, input: Shape, rows: Rows, present: number): ByPath<number> => {
  const mode = training(constant(rows.map((_, i) => (i < present ? 1 : 0))))
  const { penalties, parameters, state } = run([layer])({ path: '', mode })(variable('batch/x', [rows.length, ...input]))
  const declared = Object.entries<{ readonly initial: (path: string) => Expr }>({ ...parameters, ...state })
  const values = Object.fromEntries(declared.map(([path, d]) => [path, evaluate(d.initial(path), {}, { seed: 7 })]))
  return Object.fromEntries(Object.entries(penalties).map(([path, e]) => [path, evaluate(e, { ...values, 'batch/x': rows.flat() })[0]]))
}

const agree = (got: ByPath<number>, expected: ByPath<number>, terms: number): Outcome => every(
  about('the layer has no penalty on what it gives', Object.keys(expected).length > 0),
  about('paths', same(Object.keys(got), Object.keys(expected))),
  near(got, expected, { relative: 4 * rounding(terms) })
)

/**
 * What a layer with an activity penalty obeys, if the penalty adds up over examples and the layer draws nothing: the penalty is a mean,
 * so giving every example twice changes nothing, and padding neither adds nor counts. `input` is the shape of one example.
 * @example
 * ```ts
 * import { activityLaws, check } from 'tikhonov/laws'
 * import { dense, tanh } from 'tikhonov/layers'
 * import { l1 } from 'tikhonov/regularizers'
 * const layer = dense(3, { activation: tanh, activityRegularizer: l1(0.01) })
 * check(activityLaws(layer, { input: [2] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const activityLaws = (layer: Layer, { input }: { readonly input: Shape }): Suite => {
  const width = input.reduce((n, d) => n * d, 1)
  const rows: fc.Arbitrary<Rows> = fc.array(fc.array(weight(), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 4 })
  const terms = (xs: Rows) => 1000 * xs.length * width
  return suite('activity', layer, [
    law('duplicates change nothing', 'R([X; X]) = R(X)', [rows], (xs) =>
      agree(penaltiesAt(layer, input, [...xs, ...xs], 2 * xs.length), penaltiesAt(layer, input, xs, xs.length), terms(xs)), { mostRuns: 25 }),
    law('padding changes nothing', 'R([X; padding]) = R(X)', [rows, rows], (xs, padding) =>
      agree(penaltiesAt(layer, input, [...xs, ...padding], xs.length), penaltiesAt(layer, input, xs, xs.length), terms(xs)), { mostRuns: 25 })
  ])
}
