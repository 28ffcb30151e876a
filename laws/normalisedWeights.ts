/** Laws of wrappers that normalise the weights of a layer. */
import { constant, evaluate, gradient, sum, variable, type Expr } from 'tikhonov/expr'
import { axesOf, infer, run, training, type ByPath, type Layer, type Mode, type Output, type Role } from 'tikhonov/layer'
import { dense, tanh } from 'tikhonov/layers'
import { l2 } from 'tikhonov/regularizers'
import { seed as seeds } from './arbitraries/index.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { numbers, values } from './perturbation.js'

type Numbers = readonly number[]
type Wrap = (layer: Layer) => Layer

/** Weights that are tried: [incoming, units]. */
const [incoming, units] = [4, 3]

const identity = constant(Array.from({ length: incoming ** 2 }, (_, i) => (i % (incoming + 1) === 0 ? 1 : 0)), [incoming, incoming])
const linear = dense(units, { useBias: false })
const modes = { training: training(constant([1, 1, 1, 1])), inference: infer } as const

/** What a layer without bias makes of the unit vectors: the rows of the matrix that it reads. */
const matrix = (layer: Layer, mode: Mode = infer): Output => run([layer])({ path: '', mode })(identity)

const pathOf = ({ parameters }: Output, wanted: Role): string =>
  Object.keys(parameters).find((path) => parameters[path].role === wanted) ?? ''

const firstValues = (declared: ByPath<{ readonly initial: (path: string) => Expr }>, seed = 7): Readonly<Record<string, Numbers>> =>
  Object.fromEntries(Object.entries(declared).map(([path, { initial }]) => [path, evaluate(initial(path), {}, { seed })]))

const column = (w: Numbers, unit: number): Numbers => w.filter((_, i) => i % units === unit)
const lengthOf = (v: Numbers): number => Math.hypot(...v)
const eachUnit = (said: (unit: number) => ReturnType<typeof near>) =>
  every(...Array.from({ length: units }, (_, unit) => about(`unit ${unit}`, said(unit))))
const close = { relative: 1e-12, absolute: 1e-12 }

/**
 * What weight normalisation of a layer obeys, given the wrapper: the length of a unit's weights is |g| and their direction that of v; the
 * length of v does not matter; the layer begins as it would have without; its penalty is that of the weights that it reads. A `scale` is
 * g, a `kernel` is v.
 *
 * @example
 * ```ts
 * import { check, weightNormalizationLaws } from 'tikhonov/laws'
 * import { weightNormalization } from 'tikhonov/layers'
 * check(weightNormalizationLaws((layer) => weightNormalization(layer))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const weightNormalizationLaws = (wrap: Wrap): Suite => {
  const read = matrix(wrap(linear))
  const [v, g] = [pathOf(read, 'kernel'), pathOf(read, 'scale')]
  const weights = (direction: Numbers, lengths: Numbers): Numbers => evaluate(read.y, { [v]: direction, [g]: lengths })
  const nonZero = values(incoming * units)
  return suite('weightNormalization', wrap, [
    law('the length of a unit’s weights is |g|', '‖w‖ = |g|', [nonZero, numbers(units)], (direction, lengths) => {
      const w = weights(direction, lengths)
      return eachUnit((unit) => near(lengthOf(column(w, unit)), Math.abs(lengths[unit]), close))
    }),
    law('the direction is that of v', 'w = g·v/‖v‖', [nonZero, numbers(units)], (direction, lengths) => {
      const w = weights(direction, lengths)
      return eachUnit((unit) => {
        const own = column(direction, unit)
        return near(column(w, unit), own.map((each) => (lengths[unit] * each) / lengthOf(own)), close)
      })
    }),
    law('the length of v does not matter', 'w(8·v) = w(v), ∂w/∂v ⟂ v', [nonZero, numbers(units)], (direction, lengths) => {
      const [slope] = gradient(sum(read.y), [variable(v, [incoming, units])])
      const d = evaluate(slope, { [v]: direction, [g]: lengths })
      return every(
        near(weights(direction.map((each) => 8 * each), lengths), weights(direction, lengths), close),
        near(d.reduce((total, each, i) => total + each * direction[i], 0), 0, close)
      )
    }),
    law('begins as the layer would have', 'first values: wrapped(x) = layer(x)', [seeds()], (seed) => {
      const layer = dense(units, { activation: tanh })
      const wrapped = matrix(wrap(layer))
      const plain = run([layer])({ path: `${wrap(layer).spec.kind}/0`, mode: infer })(identity)
      return near(evaluate(wrapped.y, firstValues(wrapped.parameters, seed)), evaluate(plain.y, firstValues(plain.parameters, seed)), close)
    }),
    law('penalises what is read', 'R(w), not R(v)', [nonZero, numbers(units)], (direction, lengths) => {
      const { penalties, parameters } = matrix(wrap(dense(units, { useBias: false, kernelRegularizer: l2(0.5) })))
      const declared = Object.entries(parameters).flatMap(([path, { regularizer, shape, incoming: over }]) =>
        (regularizer?.terms ?? []).map((term) => term.penalty(variable(path, shape), axesOf(shape, { incoming: over }))))
      const found = [...Object.values(penalties), ...declared].map((e) => evaluate(e, { [v]: direction, [g]: lengths })[0])
      return near(found, [0.5 * lengths.reduce((total, each) => total + each * each, 0)], close)
    })
  ], [layerLaws(wrap(dense(units)), { input: [incoming] })])
}

type Square = readonly Numbers[]
const product = (a: Square, b: Square): Square => a.map((row) => b[0].map((_, j) => row.reduce((s, x, k) => s + x * b[k][j], 0)))

/** The largest singular value: λ = tr(P·G)/tr(P) with G = WᵀW and P = G to the power 2⁴⁰, by squaring. */
const largest = (w: Numbers): number => {
  const rows = Array.from({ length: incoming }, (_, i) => w.slice(i * units, (i + 1) * units))
  const gram = Array.from({ length: units }, (_, i) => Array.from({ length: units }, (__, j) => rows.reduce((s, r) => s + r[i] * r[j], 0)))
  const trace = (a: Square) => a.reduce((s, row, i) => s + row[i], 0)
  const power = Array.from({ length: 40 }).reduce<Square>((p) => {
    const squared = product(p, p)
    return squared.map((row) => row.map((x) => x / trace(squared)))
  }, gram.map((row) => row.map((x) => x / trace(gram))))
  return Math.sqrt(trace(product(power, gram)) / trace(power))
}

/**
 * What spectral normalisation of a layer obeys, given the wrapper: the weights that are read are the kernel by a factor; their largest
 * singular value is never below 1, and after many training steps it is 1; its states are directions, of length 1; a kernel of zeros
 * leaves all as it is.
 *
 * The bound: k iterations from a random direction of n numbers underestimate σ² by more than the part ε with a probability of at most
 * .824·√n·(1 − ε)^(k − ½) (Kuczyński & Woźniakowski 1992), whatever the matrix; at k = 300, n = 3, ε = .1 that is 3·10⁻¹⁴.
 *
 * @example
 * ```ts
 * import { check, spectralNormalizationLaws } from 'tikhonov/laws'
 * import { spectralNormalization } from 'tikhonov/layers'
 * const laws = spectralNormalizationLaws((layer) => spectralNormalization(layer))
 * check(laws, { runs: 10 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const spectralNormalizationLaws = (wrap: Wrap): Suite => {
  const wrapped = wrap(linear)
  const read = { training: matrix(wrapped, modes.training), inference: matrix(wrapped, modes.inference) }
  const kernel = pathOf(read.training, 'kernel')
  const states = Object.keys(read.training.state)
  const first = (w: Numbers, seed: number) => ({ ...firstValues(read.training.state, seed), [kernel]: w })
  const stepped = (given: Readonly<Record<string, Numbers>>): Readonly<Record<string, Numbers>> =>
    ({ ...given, ...Object.fromEntries(states.map((path) => [path, evaluate(read.training.state[path].next, given)])) })
  const later = (w: Numbers, seed: number, steps: number) =>
    Array.from({ length: steps }).reduce<Readonly<Record<string, Numbers>>>((given) => stepped(given), first(w, seed))
  const drawn = [values(incoming * units), numbers(incoming * units), seeds()] as const
  /** A matrix whose entries have either sign and are not all 0. */
  const mixed = (sizes: Numbers, signs: Numbers): Numbers => sizes.map((size, i) => (signs[i] < 0 ? -size : size))
  const each = (said: (mode: 'training' | 'inference') => ReturnType<typeof near>) =>
    every(...(['training', 'inference'] as const).map((mode) => about(mode, said(mode))))
  return suite('spectralNormalization', wrap, [
    law('reads the kernel by a factor', 'w = W/σ', [...drawn], (sizes, signs, seed) => {
      const w = mixed(sizes, signs)
      return each((mode) => {
        const got = evaluate(read[mode].y, first(w, seed))
        return near(got, w.map((x) => (x * got[0]) / w[0]), close)
      })
    }),
    law('the largest singular value is at least 1', 'σ ≤ ‖W‖₂', [...drawn], (sizes, signs, seed) =>
      each((mode) => atLeast(largest(evaluate(read[mode].y, first(mixed(sizes, signs), seed))), 1 - 1e-9))),
    law('the largest singular value becomes 1', '‖w‖₂ ≤ 1/√(1 − ε) after k steps', [...drawn], (sizes, signs, seed) => {
      const given = later(mixed(sizes, signs), seed, 300)
      return each((mode) => atMost(largest(evaluate(read[mode].y, given)), 1 / Math.sqrt(0.9)))
    }, { mostRuns: 10 }),
    law('states are directions', '‖u‖ = 1', [...drawn], (sizes, signs, seed) => {
      const [before, after] = [first(mixed(sizes, signs), seed), stepped(first(mixed(sizes, signs), seed))]
      return every(states.length > 0 || 'there is no state', ...states.flatMap((path) =>
        [before, after].map((given) => about(path, near(lengthOf(given[path]), 1, close)))))
    }),
    law('a kernel of zeros stays', 'W = 0 ⇒ w = 0, and u stays', [seeds()], (seed) => {
      const given = first(Array.from({ length: incoming * units }, () => 0), seed)
      return every(each((mode) => same(evaluate(read[mode].y, given), given[kernel])), same(stepped(given), given))
    })
  ], [layerLaws(wrap(dense(units)), { input: [incoming] })])
}
