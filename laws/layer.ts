/** Laws of layers and of how they compose. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { constant, evaluate, gradient, mul, problems, sum, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, run, training, type ByPath, type Layer, type Mode, type Output } from 'tikhonov/layer'
import { forward, initialValues, sequential, type Model, type Part } from 'tikhonov/model'
import { dyadic, position, seed as seeds } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

/** How a layer is tried: the shape of one example, and how many examples a batch has at most (default 4). */
export interface LayerTrial {
  readonly input: Shape
  readonly most?: number
}

/** An address of a draw: the seed of a run, a step of it and a position in its stream. */
interface Moment { readonly seed: number; readonly step: number; readonly position: number }

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const numbers = (count: number): fc.Arbitrary<readonly number[]> => fc.array(dyadic(), { minLength: count, maxLength: count })

/** A batch of examples: rows of dyadic numbers. */
const examples = ({ input, most = 4 }: LayerTrial): fc.Arbitrary<readonly (readonly number[])[]> =>
  fc.array(numbers(sizeOf(input)), { minLength: 1, maxLength: most })

const shapes = (): fc.Arbitrary<Shape> => fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })

const moment = (): fc.Arbitrary<Moment> => fc.record({ seed: seeds(), step: fc.nat(1000), position: position() })

const trainingOf = (count: number): Mode => training(constant(Array.from({ length: count }, () => 1), [count]))

const at = (mode: 'Train' | 'Infer', count: number): Mode => (mode === 'Infer' ? infer : trainingOf(count))

/** A layer under its own path, as a model has it. */
const applied = (layer: Layer, input: Shape, mode: 'Train' | 'Infer', count: number): Output =>
  run([layer])({ path: '', mode: at(mode, count) })(variable('batch/x', [count, ...input]))

/** First values of what the layer declares, the same for every law, from the seed 7. */
const valuesOf = (layer: Layer, input: Shape): ByPath<ArrayLike<number>> => {
  const made = applied(layer, input, 'Infer', 1)
  return Object.fromEntries(
    Object.entries<{ readonly initial: (path: string) => Expr }>({ ...made.parameters, ...made.state })
      .map(([path, d]) => [path, evaluate(d.initial(path), {}, { seed: 7 })])
  )
}

const rowsOf = (values: readonly number[], count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, i) => values.slice((i * values.length) / count, ((i + 1) * values.length) / count))

/**
 * What every layer obeys: its shape rule tells what fits, inference ignores the address of draws and keeps state, and the same address
 * gives the same result. Checked at the layer's first values under one seed.
 *
 * @example
 * ```ts
 * import { check, layerLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * check(layerLaws(dense(3), { input: [2] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const layerLaws = (layer: Layer, trial: LayerTrial): Suite => {
  const { input } = trial
  const given = valuesOf(layer, input)
  const y = (mode: 'Train' | 'Infer', rows: readonly (readonly number[])[], when: Partial<Moment> = {}): readonly number[] =>
    evaluate(applied(layer, input, mode, rows.length).y, { ...given, 'batch/x': rows.flat() }, when)
  return suite('layer', layer, [
    law('shapes fit', 'rule(s) = undefined ⇒ y has one row an example', [fc.integer({ min: 1, max: 5 })], (count) => {
      const { y: out, issues } = applied(layer, input, 'Train', count)
      return every(
        about('issues', same(issues.length, 0)),
        about('problems', same(problems([out]).length, 0)),
        about('rows', same(out.shape[0], count))
      )
    }),
    law('refuses what its rule refuses', 'rule(s) ≠ undefined ⇒ an issue', [shapes()], (shape) => {
      const refused = layer.rule.check(shape) !== undefined
      const found = applied(layer, shape, 'Infer', 1)
      return about(`at ${shape.join('×')}`, same(found.issues.length + problems([found.y]).length > 0, refused))
    }),
    law('inference ignores the address', 'infer(x; address) = infer(x; address′)', [examples(trial), moment(), moment()], (rows, a, b) =>
      same(y('Infer', rows, a), y('Infer', rows, b))),
    law('inference keeps state', 'next(state) = state', [examples(trial)], (rows) => {
      const { state } = applied(layer, input, 'Infer', rows.length)
      return every(...Object.entries(state).map(([path, cell]): Outcome =>
        about(path, same(evaluate(cell.next, { ...given, 'batch/x': rows.flat() }), Array.from(given[path])))))
    }),
    law('a run is its address', 'train(x; address) = train(x; address)', [examples(trial), moment()], (rows, when) =>
      same(y('Train', rows, when), y('Train', rows, when)))
  ], [], { trial })
}

/**
 * What a layer obeys that treats examples one by one (all but batch normalisation): a row of the result depends on its own example and
 * its own position only.
 *
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * import { check, rowLaws } from 'tikhonov/laws'
 * check(rowLaws(dropout(0.5), { input: [4] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const rowLaws = (layer: Layer, trial: LayerTrial): Suite => {
  const { input } = trial
  const given = valuesOf(layer, input)
  const together = (mode: 'Train' | 'Infer') =>
    law(`rows are independent (${mode})`, 'f([x₁; x₂; …]; p) = [f(x₁; p); f(x₂; p + 1); …]', [examples(trial), moment()], (rows, when) => {
      const batch = evaluate(applied(layer, input, mode, rows.length).y, { ...given, 'batch/x': rows.flat() }, when)
      const one = applied(layer, input, mode, 1).y
      const apart = rows.map((row, i) => evaluate(one, { ...given, 'batch/x': row }, { ...when, position: when.position + i }))
      return every(...apart.map((row, i) => about(`row ${i}`, same(rowsOf(batch, rows.length)[i], row))))
    })
  return suite('rows', layer, [together('Train'), together('Infer')], [layerLaws(layer, trial)], { trial })
}

/**
 * The derivative of a layer, against central differences in the direction of a random vector: with dy drawn, ⟨dy, f(x + hv) − f(x − hv)⟩/2h
 * = ⟨Jᵀdy, v⟩. For layers that are smooth near the inputs drawn; `width` bounds them (default 1). h = 2⁻¹³, so that the truncation error
 * h²·|f‴| and the rounding error ε/h are both near 1e-8.
 *
 * @example
 * ```ts
 * import { check, gradientLaws } from 'tikhonov/laws'
 * import { dense, tanh } from 'tikhonov/layers'
 * check(gradientLaws(dense(3, { activation: tanh }), { input: [2] })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const gradientLaws = (layer: Layer, { input, width = 1 }: LayerTrial & { readonly width?: number }): Suite => {
  const given = valuesOf(layer, input)
  const h = 2 ** -13
  const { y } = applied(layer, input, 'Train', 2)
  const x = variable('batch/x', [2, ...input])
  const along = sum(mul(y, variable('dy', y.shape)))
  const [dx] = gradient(along, [x])
  const count = 2 * sizeOf(input)
  const point = fc.array(fc.double({ min: -width, max: width, noNaN: true }), { minLength: count, maxLength: count })
  const drawn = [point, numbers(count), numbers(sizeOf(y.shape)), moment()] as const
  return suite('gradient', layer, [
    law('the gradient is the derivative', '⟨dy, f(x + hv) − f(x − hv)⟩/2h = ⟨Jᵀdy, v⟩', drawn, (from, v, dy, when) => {
      const value = (t: number) => evaluate(along, { ...given, dy, 'batch/x': from.map((xi, i) => xi + t * v[i]) }, when)[0]
      const slope = evaluate(dx, { ...given, dy, 'batch/x': from }, when).reduce((s, d, i) => s + d * v[i], 0)
      return near(slope, (value(h) - value(-h)) / (2 * h), { absolute: 1e-5, relative: 1e-5 })
    })
  ], [layerLaws(layer, { input })])
}

/** How models are put together: `compose(a, b)` is a, then b. */
export type Compose = (a: Model, b: Model) => E.Either<unknown, Model>

/** What is composed: the shape of one example, and the parts of three models. */
export interface CompositionTrial {
  readonly input: Shape
  readonly parts: readonly (readonly Part[])[]
}

/**
 * Composition is associative and has the empty model as its unit: bit for bit, in training and in inference, parameters and draws
 * included. The subject is the composition; three models are tried, of which the second takes what the first gives, and so on.
 *
 * @example
 * ```ts
 * import { either as E } from 'fp-ts'
 * import { dropout } from 'tikhonov/dropout'
 * import { check, compositionLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { andThen, type Part } from 'tikhonov/model'
 * const parts: readonly (readonly Part[])[] = [[dense(3)], [dropout(0.5)], [dense(1)]]
 * check(compositionLaws((a, b) => andThen(a, b), { input: [2], parts })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const compositionLaws = (compose: Compose, { input, parts: [first, second, third] }: CompositionTrial): Suite => {
  const built = (from: Shape, parts: readonly Part[]): Model | undefined => {
    const m = sequential<Shape, readonly Part[]>(from, ...parts)
    return E.isRight(m) ? m.right : undefined
  }
  const join = (a: Model | undefined, b: Model | undefined): Model | undefined => {
    const m = a === undefined || b === undefined ? undefined : compose(a, b)
    return m !== undefined && E.isRight(m) ? m.right : undefined
  }
  const a = built(input, first)
  const b = built(a?.output ?? [], second)
  const c = built(b?.output ?? [], third)
  const unit = (shape: Shape | undefined) => built(shape ?? [], [])
  const meaning = (m: Model | undefined, mode: 'Train' | 'Infer', rows: readonly (readonly number[])[], when: Moment): unknown =>
    m === undefined ? 'no model' : evaluate(forward(m, at(mode, rows.length))(variable('batch/x', [rows.length, ...input])).y, {
      ...Object.fromEntries(Object.entries(initialValues(m, when.seed)).map(([path, t]) => [path, t.data])), 'batch/x': rows.flat()
    }, when)
  const equal = (left: Model | undefined, right: Model | undefined, rows: readonly (readonly number[])[], when: Moment): Outcome =>
    every(...(['Train', 'Infer'] as const).map((mode) =>
      about(mode, same(meaning(left, mode, rows, when), meaning(right, mode, rows, when)))))
  const drawn = [examples({ input, most: 3 }), moment()] as const
  const few = { mostRuns: 20 }
  return suite('composition', compose, [
    law('associative', '(a ⨾ b) ⨾ c = a ⨾ (b ⨾ c)', drawn, (rows, when) =>
      equal(join(join(a, b), c), join(a, join(b, c)), rows, when), few),
    law('left unit', 'id ⨾ a = a', drawn, (rows, when) => equal(join(unit(input), a), a, rows, when), few),
    law('right unit', 'a ⨾ id = a', drawn, (rows, when) => equal(join(a, unit(a?.output)), a, rows, when), few),
    law('is application in a row', 'values of a ⨾ b are those of the layers of a, then b', drawn, (rows, when) =>
      equal(join(a, b), built(input, [...first, ...second]), rows, when), few)
  ])
}
