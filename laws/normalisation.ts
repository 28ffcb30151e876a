/** Laws of layers that normalise: by the batch, or within each example. */
import fc from 'fast-check'
import { constant, evaluate, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, run, training, type Layer, type Mode, type Output, type Role } from 'tikhonov/layer'
import { dyadic } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import { layerLaws, rowLaws } from './layer.js'
import { mean, numbers, sizeOf } from './perturbation.js'

type Numbers = readonly number[]
type Given = Readonly<Record<string, Numbers>>

const applied = (layer: Layer, input: Shape, mode: Mode, rows: number): Output =>
  run([layer])({ path: '', mode })(variable('x', [rows, ...input]))

/** The first values of what a layer declares; scales and offsets are those given, in their order, again and again. */
const valuesOf = ({ parameters, state }: Output, learned: Partial<Record<Role, Numbers>> = {}): Given => ({
  ...Object.fromEntries(Object.entries(parameters).map(([path, { shape, role, initial }]) => {
    const own = learned[role]
    const first = evaluate(initial(path), {}, { seed: 7 })
    return [path, own === undefined ? first : Array.from({ length: sizeOf(shape) }, (_, i) => own[i % own.length])]
  })),
  ...Object.fromEntries(Object.entries(state).map(([path, { initial }]) => [path, evaluate(initial(path), {}, { seed: 7 })]))
})

const spread = (x: Numbers): number => mean(x.map((v) => (v - mean(x)) ** 2))

const close = { relative: 1e-9, absolute: 1e-9 }

/** The variance of what had variance v before it was divided by √(v + ε). */
const kept = (v: number, epsilon: number): number => v / (v + epsilon)

/** How a batch normalisation is tried: one example's shape, channels last, and what the layer was told. */
export interface BatchNormalizationTrial {
  readonly input: Shape
  /** .99 unless told. */
  readonly momentum?: number
  /** 1e-3 unless told. */
  readonly epsilon?: number
}

/** A batch with padding in it: rows, which of them are present (at least one), scales, offsets. */
const batch = (input: Shape) => {
  const channels = input[input.length - 1]
  return fc.integer({ min: 1, max: 5 }).chain((rows) => fc.record({
    x: numbers(rows * sizeOf(input)),
    other: numbers(rows * sizeOf(input)),
    present: fc.array(fc.constantFrom(0, 1), { minLength: rows, maxLength: rows }).map((p) => (p.includes(1) ? p : p.map(() => 1))),
    scale: fc.array(dyadic({ min: 0.5, max: 2 }), { minLength: channels, maxLength: channels }),
    offset: numbers(channels)
  }))
}

/**
 * What batch normalisation obeys, channels last: in training each channel of the rows present has mean β and variance γ²·v/(v + ε);
 * padding rows change nothing; the running statistics, the states `movingMean` and `movingVariance`, move by 1 − momentum towards the
 * batch's; inference is an affine map by the running statistics, whatever else is in the batch; a shifted and scaled input gives the same
 * but for ε. Biased variances, as Keras keeps them.
 *
 * @example
 * ```ts
 * import { batchNormalizationLaws, check } from 'tikhonov/laws'
 * import { batchNormalization } from 'tikhonov/layers'
 * const laws = batchNormalizationLaws(batchNormalization({ momentum: 0.5 }), { input: [2, 3], momentum: 0.5 })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const batchNormalizationLaws = (
  layer: Layer, { input, momentum = 0.99, epsilon = 1e-3 }: BatchNormalizationTrial
): Suite => {
  const channels = input[input.length - 1]
  const size = sizeOf(input)
  const channel = (x: Numbers, c: number, rows: Numbers = x.map(() => 1)): Numbers =>
    x.filter((_, i) => i % channels === c && rows[Math.floor(i / size)] === 1)
  const eachChannel = (said: (c: number) => ReturnType<typeof near>) =>
    every(...Array.from({ length: channels }, (_, c) => about(`channel ${c}`, said(c))))
  const trained = (x: Numbers, present: Numbers, learned: Partial<Record<Role, Numbers>>) => {
    const output = applied(layer, input, training(constant(present)), present.length)
    const given = { ...valuesOf(output, learned), x }
    const at = (e: Expr): Numbers => evaluate(e, given)
    return { y: at(output.y), next: Object.fromEntries(Object.entries(output.state).map(([path, { next }]) => [path, at(next)])), given }
  }
  const of = (by: Given, name: string): Numbers => by[Object.keys(by).find((path) => path.endsWith(`/${name}`)) ?? ''] ?? []
  const rowsOf = (y: Numbers, present: Numbers): Numbers => y.filter((_, i) => present[Math.floor(i / size)] === 1)
  return suite('batchNormalization', layer, [
    law('the batch has the learned mean and variance', 'mean(y) = β, var(y) = γ²·v/(v + ε) over the rows present', [batch(input)],
      ({ x, present, scale, offset }) => {
        const { y } = trained(x, present, { scale, offset })
        return eachChannel((c) => {
          const [before, after] = [channel(x, c, present), channel(y, c, present)]
          return near([mean(after), spread(after)], [offset[c], scale[c] ** 2 * kept(spread(before), epsilon)], close)
        })
      }),
    law('padding changes nothing', 'rows present and next statistics are those of the rows present alone', [batch(input)],
      ({ x, other, present, scale, offset }) => {
        const rows = x.map((v, i) => (present[Math.floor(i / size)] === 1 ? v : other[i]))
        const [a, b] = [x, rows].map((each) => trained(each, present, { scale, offset }))
        const alone = trained(rowsOf(x, present), present.filter((p) => p === 1), { scale, offset })
        return every(
          same([rowsOf(a.y, present), a.next], [rowsOf(b.y, present), b.next]),
          near([rowsOf(a.y, present), a.next], [alone.y, alone.next], close)
        )
      }),
    law('running statistics move by 1 − momentum', 'next = momentum·now + (1 − momentum)·batch', [batch(input)], ({ x, present }) => {
      const { next, given } = trained(x, present, {})
      const moved = (name: string, now: (c: Numbers) => number) => eachChannel((c) => near(
        of(next, name)[c], momentum * of(given, name)[c] + (1 - momentum) * now(channel(x, c, present)), close))
      return every(about('movingMean', moved('movingMean', mean)), about('movingVariance', moved('movingVariance', spread)))
    }),
    law('inference knows running statistics only', 'infer(x) = γ·(x − movingMean)/√(movingVariance + ε) + β', [batch(input)],
      ({ x, present, scale, offset, other }) => {
        const output = applied(layer, input, infer, present.length)
        const first = valuesOf(output, { scale, offset })
        const shifted = Object.fromEntries(Object.entries(first).map(([path, v]) =>
          [path, path.endsWith('/movingMean') ? v.map((_, c) => other[c]) : path.endsWith('/movingVariance') ? v.map((s) => s + 1) : v]))
        const [m, v] = [of(shifted, 'movingMean'), of(shifted, 'movingVariance')]
        return near(evaluate(output.y, { ...shifted, x }), x.map((each, i) => {
          const c = i % channels
          return (scale[c] * (each - m[c])) / Math.sqrt(v[c] + epsilon) + offset[c]
        }), close)
      }),
    law('units of measurement do not matter', 'train(a·x + b) = train(x), but for ε',
      [batch(input), dyadic({ min: 0.5, max: 4 }), dyadic()], ({ x, present, scale, offset }, a, b) => {
        const [one, two] = [x, x.map((v) => a * v + b)].map((each) => trained(each, present, { scale, offset }).y)
        return eachChannel((c) => {
          const v = spread(channel(x, c, present))
          const factor = a * Math.sqrt((v + epsilon) / (a * a * v + epsilon))
          return near(channel(two, c, present), channel(one, c, present).map((y) => offset[c] + factor * (y - offset[c])), close)
        })
      })
  ], [layerLaws(layer, { input })])
}

/** How a normalisation within examples is tried. */
export interface LayerNormalizationTrial {
  /** One example's shape. */
  readonly input: Shape
  /** Which values of an example are normalised together, as the number of their group; those along the last axis unless told. */
  readonly group?: (unit: number) => number
  /** 1e-3 unless told. */
  readonly epsilon?: number
}

/**
 * What layer and group normalisation obey: at γ = 1 and β = 0 each group of values has mean 0 and variance v/(v + ε); γ scales and β
 * shifts; a group that is shifted and scaled gives the same but for ε; and `rowLaws`: examples do not know of each other.
 *
 * @example
 * ```ts
 * import { check, layerNormalizationLaws } from 'tikhonov/laws'
 * import { groupNormalization, layerNormalization } from 'tikhonov/layers'
 * check(layerNormalizationLaws(layerNormalization(), { input: [2, 3] })).every((verdict) => verdict._tag === 'Passed') // => true
 * const halves = layerNormalizationLaws(groupNormalization({ groups: 2 }), { input: [4], group: (unit) => Math.floor(unit / 2) })
 * check(halves).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const layerNormalizationLaws = (
  layer: Layer, { input, group = (unit) => Math.floor(unit / input[input.length - 1]), epsilon = 1e-3 }: LayerNormalizationTrial
): Suite => {
  const size = sizeOf(input)
  const groups = [...new Set(Array.from({ length: size }, (_, unit) => group(unit)))]
  const members = (x: Numbers, g: number): Numbers => x.filter((_, unit) => group(unit) === g)
  const eachGroup = (said: (g: number) => ReturnType<typeof near>) => every(...groups.map((g) => about(`group ${g}`, said(g))))
  const output = applied(layer, input, infer, 1)
  const y = (x: Numbers, scale = 1, offset = 0): Numbers =>
    evaluate(output.y, { ...valuesOf(output, { scale: [scale], offset: [offset] }), x })
  return suite('layerNormalization', layer, [
    law('a group has mean 0 and variance 1', 'mean(y) = 0, var(y) = v/(v + ε) at γ = 1, β = 0', [numbers(size)], (x) => eachGroup((g) => {
      const [before, after] = [members(x, g), members(y(x), g)]
      return near([mean(after), spread(after)], [0, kept(spread(before), epsilon)], close)
    })),
    law('γ scales and β shifts', 'y(γ, β) = γ·y(1, 0) + β', [numbers(size), dyadic({ min: 0.5, max: 2 }), dyadic()], (x, scale, offset) =>
      near(y(x, scale, offset), y(x).map((v) => scale * v + offset), close)),
    law('a group’s shift and scale do not matter', 'f(a·x + b) = f(x), but for ε, for a group alone',
      [numbers(size), dyadic({ min: 0.5, max: 4 }), dyadic(), fc.constantFrom(...groups)], (x, a, b, changed) => {
        const one = y(x)
        const two = y(x.map((v, unit) => (group(unit) === changed ? a * v + b : v)))
        return eachGroup((g) => {
          const v = spread(members(x, g))
          const factor = g === changed ? a * Math.sqrt((v + epsilon) / (a * a * v + epsilon)) : 1
          return near(members(two, g), members(one, g).map((each) => factor * each), close)
        })
      })
  ], [rowLaws(layer, { input })])
}
