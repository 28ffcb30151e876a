/** Laws of penalties on what a layer gives. */
import fc from 'fast-check'
import { abs, concat, constant, evaluate, reduceMax, reshape, topological, variable, type Expr, type Shape } from 'tikhonov/expr'
import { run, training, type ByPath, type Layer } from 'tikhonov/layer'
import { rounding, weight } from './functional.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

type Rows = readonly (readonly number[])[]

interface Penalised {
  readonly penalties: ByPath<number>
  /** How many numbers the layer gave. */
  readonly given: number
  /** The largest magnitude that the penalties meet on their way from these. */
  readonly largest: number
}

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** A layer's penalties on a batch, at its first values under the seed 7; `present` of the rows are examples, the rest is padding. */
const penalisedAt = (layer: Layer, input: Shape, rows: Rows, present: number): Penalised => {
  const mode = training(constant(rows.map((_, i) => (i < present ? 1 : 0))))
  const { y, penalties, parameters, state } = run([layer])({ path: '', mode })(variable('batch/x', [rows.length, ...input]))
  const declared = Object.entries<{ readonly initial: (path: string) => Expr }>({ ...parameters, ...state })
  const values = Object.fromEntries(declared.map(([path, d]) => [path, evaluate(d.initial(path), {}, { seed: 7 })]))
  const at = (e: Expr): number => evaluate(e, { ...values, 'batch/x': rows.flat() })[0]
  const before = new Set(topological([y]))
  const met = topological(Object.values(penalties)).filter((e) => !before.has(e)).map((e) => reshape(e, [sizeOf(e.shape)]))
  return {
    penalties: Object.fromEntries(Object.entries(penalties).map(([path, e]) => [path, at(e)])), given: sizeOf(y.shape),
    largest: met.length === 0 ? 0 : at(reduceMax(abs(concat(met, 0))))
  }
}

/** How far rounding moves a sum over what a layer gave, whose terms may cancel. */
const rounded = ({ given, largest }: Penalised): number => rounding(given) * given * largest

/** The same penalties, but for the order of adding what the layer gave. */
const agree = (got: Penalised, expected: Penalised): Outcome => every(
  about('the layer has no penalty on what it gives', Object.keys(expected.penalties).length > 0),
  about('paths', same(Object.keys(got.penalties), Object.keys(expected.penalties))),
  near(got.penalties, expected.penalties, { absolute: rounded(got) + rounded(expected) })
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
  const row = fc.array(weight(), { minLength: sizeOf(input), maxLength: sizeOf(input) })
  const rows: fc.Arbitrary<Rows> = fc.array(row, { minLength: 1, maxLength: 4 })
  const at = (xs: Rows, present: number) => penalisedAt(layer, input, xs, present)
  return suite('activity', layer, [
    law('duplicates change nothing', 'R([X; X]) = R(X)', [rows], (xs) =>
      agree(at([...xs, ...xs], 2 * xs.length), at(xs, xs.length)), { mostRuns: 25 }),
    law('padding changes nothing', 'R([X; padding]) = R(X)', [rows, rows], (xs, padding) =>
      agree(at([...xs, ...padding], xs.length), at(xs, xs.length)), { mostRuns: 25 })
  ])
}
