/** Laws of layers and of how they compose. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { evaluate, variable, type Shape } from 'tikhonov/expr'
import type { Layer, Output } from 'tikhonov/layer'
import { forward, initialValues, sequential, type Model, type Part } from 'tikhonov/model'
import { about, every, law, same, suite, type Outcome, type Suite } from './kit/index.js'
import { applied, at, examples, moment, valuesOf, type LayerTrial, type Moment } from './layerTrial.js'
import { remembered } from './prepared.js'
import { sound } from './sound.js'

const shapes = (): fc.Arbitrary<Shape> => fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })

const rowsOf = (values: readonly number[], count: number): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, i) => values.slice((i * values.length) / count, ((i + 1) * values.length) / count))

/** What is said of a layer's numbers, where it has any: else its issues, or the shapes that do not fit. */
const fitting = (out: Output, said: () => Outcome): Outcome => {
  const first = sound(out)
  return first === true ? said() : first
}

/**
 * What every layer obeys: its shape rule tells what fits, inference ignores the address of draws and keeps state, and the same address
 * gives the same result. Checked at the layer's first values under one seed. A layer that does not take the input, or that throws, is told
 * by the laws, not thrown.
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
  const given = remembered(() => valuesOf(layer, input))
  const apply = (mode: 'Train' | 'Infer', rows: readonly (readonly number[])[]) => applied(layer, input, mode, rows.length)
  const twice = (mode: 'Train' | 'Infer', rows: readonly (readonly number[])[], ...addresses: readonly [Moment, Moment]): Outcome => {
    const y = (when: Moment) => evaluate(apply(mode, rows).y, { ...given(), 'batch/x': rows.flat() }, when)
    return fitting(apply(mode, rows), () => same(y(addresses[0]), y(addresses[1])))
  }
  return suite('layer', layer, [
    law('shapes fit', 'rule(s) = undefined ⇒ y has one row an example', [fc.integer({ min: 1, max: 5 })], (count) => {
      const out = applied(layer, input, 'Train', count)
      return fitting(out, () => about('rows', same(out.y.shape[0], count)))
    }),
    law('refuses what its rule refuses', 'rule(s) ≠ undefined ⇒ an issue', [shapes()], (shape) => {
      const refused = layer.rule.check(shape) !== undefined
      const said = sound(applied(layer, shape, 'Infer', 1))
      return about(`at [${shape.join(', ')}]`, refused ? said !== true || 'its rule refuses it, and there is no issue' : said)
    }),
    law('inference ignores the address', 'infer(x; address) = infer(x; address′)', [examples(trial), moment(), moment()], (rows, a, b) =>
      twice('Infer', rows, a, b)),
    law('inference keeps state', 'next(state) = state', [examples(trial)], (rows) => {
      const out = apply('Infer', rows)
      return fitting(out, () => every(...Object.entries(out.state).map(([path, cell]): Outcome =>
        about(path, same(evaluate(cell.next, { ...given(), 'batch/x': rows.flat() }), Array.from(given()[path]))))))
    }),
    law('a run is its address', 'train(x; address) = train(x; address)', [examples(trial), moment()], (rows, when) =>
      twice('Train', rows, when, when))
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
  const given = remembered(() => valuesOf(layer, input))
  const together = (mode: 'Train' | 'Infer') =>
    law(`rows are independent (${mode})`, 'f([x₁; x₂; …]; p) = [f(x₁; p); f(x₂; p + 1); …]', [examples(trial), moment()], (rows, when) => {
      const [all, one] = [rows.length, 1].map((count) => applied(layer, input, mode, count))
      return fitting(all, () => fitting(one, () => {
        const batch = evaluate(all.y, { ...given(), 'batch/x': rows.flat() }, when)
        const apart = rows.map((row, i) => evaluate(one.y, { ...given(), 'batch/x': row }, { ...when, position: when.position + i }))
        return every(...apart.map((row, i) => about(`row ${i}`, same(rowsOf(batch, rows.length)[i], row))))
      }))
    })
  return suite('rows', layer, [together('Train'), together('Infer')], [layerLaws(layer, trial)], { trial })
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
