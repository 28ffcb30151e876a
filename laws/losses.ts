/** Laws of losses. */
import fc from 'fast-check'
import { evaluate, gradient, sum, variable, type Expr, type Shape } from 'tikhonov/expr'
import type { Loss, Wanted } from 'tikhonov/losses'
import { rows, tensor, type Tensor } from 'tikhonov/tensor'
import { dyadic, real } from './arbitraries/index.js'
import { inner, length, slopeAlong, withElements } from './functional.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { noIssues, noProblems } from './sound.js'

/** What a loss is tried on. */
export interface LossTrial {
  /** An element of the predictions: moderate floats unless told; probabilities for a loss that takes them. */
  readonly predicted?: fc.Arbitrary<number>
  /** An element of the wanted values: unless told, numbers between −4 and 4 that the loss allows. */
  readonly wanted?: fc.Arbitrary<number>
  /** Elements of predictions at which the loss must be finite: −10⁴, 0 and 10⁴ unless told; 0 and 1 for one that takes probabilities. */
  readonly extremes?: readonly number[]
  /** What the loss is never below: 0 unless told. */
  readonly least?: number
}

/** Predictions [examples, time, k ≥ 2] and what was wanted of them. */
interface Examples { readonly predicted: Tensor; readonly wanted: Tensor }

const size = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

const filled = (shape: Shape, element: fc.Arbitrary<number>): fc.Arbitrary<Tensor> =>
  fc.array(element, { minLength: size(shape), maxLength: size(shape), size: 'max' }).map((data) => tensor(Float64Array.from(data), shape))

const allowed = ({ range: { min, max }, whole = false, only }: Wanted): fc.Arbitrary<number> =>
  only !== undefined ? fc.constantFrom(...only)
  : whole ? fc.integer({ min: Math.max(min, -4), max: Math.min(max, 4) })
  : dyadic({ min: Math.max(min, -4), max: Math.min(max, 4) })

/** Two axes beside the batch: classes lie along the last one, and what is averaged along the other. */
const shapes = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 }))

const examples = (loss: Loss, { predicted = real(), wanted }: LossTrial): fc.Arbitrary<Examples> =>
  shapes.chain((shape) => {
    const allow = loss.wanted(shape)
    return fc.record({ predicted: filled(shape, predicted), wanted: filled(allow.shape, wanted ?? allowed(allow)) })
  })

const graphOf = (loss: Loss, { predicted, wanted }: Examples): { readonly p: Expr; readonly each: Expr } => {
  const p = variable('predicted', predicted.shape)
  return { p, each: loss.each(p, variable('wanted', wanted.shape)) }
}

const valuesOf = (e: Expr, { predicted, wanted }: Examples): readonly number[] =>
  evaluate(e, { predicted: predicted.data, wanted: wanted.data })

const eachOf = (loss: Loss, at: Examples): readonly number[] => valuesOf(graphOf(loss, at).each, at)

const slopeOf = (loss: Loss, at: Examples): readonly number[] => {
  const { p, each } = graphOf(loss, at)
  return valuesOf(gradient(sum(each), [p])[0], at)
}

/** How far two ways of computing a loss may be apart: the 1e-12 that the library promises. */
const close = { relative: 1e-12, absolute: 1e-12 }

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/**
 * What every loss obeys: one value an example, from that example alone; never below its least; the mean over the outputs, so that outputs
 * that occur twice change nothing; finite, and so its derivative, at extreme predictions; a derivative that, away from kinks, is what
 * central differences say.
 * @example
 * ```ts
 * import { exp, log, mul, neg, sub } from 'tikhonov/expr'
 * import { check, lossLaws } from 'tikhonov/laws'
 * import { lossOf } from 'tikhonov/losses'
 * const linex = lossOf('linex', (p, y) => sub(sub(exp(sub(p, y)), sub(p, y)), 1))
 * check(lossLaws(linex)).flatMap((verdict) => (verdict._tag === 'Failed' ? [verdict.law] : [])) // => ['loss › finite']
 * ```
 */
export const lossLaws = (loss: Loss, trial: LossTrial = {}): Suite => {
  const { extremes = [-1e4, 0, 1e4], least = 0 } = trial
  const drawn = examples(loss, trial)
  const far = examples(loss, { ...trial, predicted: fc.constantFrom(...extremes) })
  return suite('loss', loss, [
    law('one value an example', 'each(p, y) ∈ ℝⁿ', [drawn], (at) => {
      const { each } = graphOf(loss, at)
      return every(
        noIssues(loss.issues), noProblems([each]),
        about('shape', same(each.shape, at.predicted.shape.slice(0, 1)))
      )
    }),
    law('bounded below', 'each(p, y) ≥ least', [drawn], (at) => {
      const scale = 1 + length(at.predicted.data) + length(at.wanted.data)
      return every(...eachOf(loss, at).map((value) => atLeast(value, least - 1e-12 * scale)))
    }),
    law('examples apart', 'each(p, y)ᵢ = each(pᵢ, yᵢ)', [drawn], (at) =>
      near(eachOf(loss, at).map((_, i) => eachOf(loss, { predicted: rows(at.predicted, i, i + 1), wanted: rows(at.wanted, i, i + 1) })[0]),
        eachOf(loss, at), close)),
    law('mean over outputs', 'each([p, p], [y, y]) = each(p, y)', [drawn], (at) => {
      const twice = (x: Tensor): Tensor => {
        const row = (i: number) => Array.from(rows(x, i, i + 1).data)
        const data = Array.from({ length: x.shape[0] }, (_, i) => [...row(i), ...row(i)]).flat()
        return tensor(Float64Array.from(data), [x.shape[0], 2 * x.shape[1], ...x.shape.slice(2)])
      }
      return near(eachOf(loss, { predicted: twice(at.predicted), wanted: twice(at.wanted) }), eachOf(loss, at), close)
    }),
    law('finite', 'each(p, y), ∂each/∂p ∈ ℝ at extreme p', [far], (at) => {
      const finite = (name: string, values: readonly number[]): Outcome =>
        every(...values.map((v) => Number.isFinite(v) || `${name} is ${v}`))
      return every(finite('the loss', eachOf(loss, at)), finite('its derivative', slopeOf(loss, at)))
    }),
    law('derivative', '⟨∂L/∂p, d⟩ = (L(p + hd) − L(p − hd))/2h', [drawn, dyadic()], ({ predicted, wanted }, seed) => {
      const along = withElements(predicted, (_, i) => Math.sin(seed + i))
      const largest = 8 * (1 + length(predicted.data) + length(wanted.data))
      const { slope, error, kink } = slopeAlong((p) => total(eachOf(loss, { predicted: p, wanted })), predicted, along, largest)
      fc.pre(!kink)
      return near(inner(slopeOf(loss, { predicted, wanted }), along.data), slope, { absolute: error })
    })
  ], [], { trial })
}

/**
 * What a loss of the error ŷ − y obeys, as mse, mae, huber and logCosh do: it is 0 where there is no error, the same for errors of either
 * sign, wherever they are, and does not fall when the error grows. Parent: `lossLaws`.
 * @example
 * ```ts
 * import { check, residualLossLaws } from 'tikhonov/laws'
 * import { huber } from 'tikhonov/losses'
 * check(residualLossLaws(huber(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const residualLossLaws = (loss: Loss, trial: LossTrial = {}): Suite => {
  const scaled = ({ predicted, wanted }: Examples, t: number): Examples =>
    ({ wanted, predicted: withElements(wanted, (y, i) => y + t * (predicted.data[i] - y)) })
  // Errors of all sizes down to 2⁻²⁰, exact however small.
  const sizes = fc.oneof({ withCrossShrink: true }, fc.constant(0), fc.integer({ min: 1, max: 20 })).map((k) => 2 ** -k)
  const exact = fc.tuple(examples(loss, { ...trial, predicted: dyadic() }), sizes).map(([at, by]) => scaled(at, by))
  return suite('residual loss', loss, [
    law('zero where right', 'each(y, y) = 0', [exact], ({ wanted }) =>
      near(eachOf(loss, { predicted: wanted, wanted }), Array.from({ length: wanted.shape[0] }, () => 0), {})),
    law('even', 'each(y − e, y) = each(y + e, y)', [exact], (at) => near(eachOf(loss, scaled(at, -1)), eachOf(loss, scaled(at, 1)), close)),
    law('of the error alone', 'each(p + c, y + c) = each(p, y)', [exact, dyadic()], ({ predicted, wanted }, c) =>
      near(eachOf(loss, { predicted: withElements(predicted, (x) => x + c), wanted: withElements(wanted, (x) => x + c) }),
        eachOf(loss, { predicted, wanted }), close)),
    law('grows with the error', '0 ≤ t ≤ 1 ⇒ each(y + t·e, y) ≤ each(y + e, y)', [exact, dyadic({ min: 0, max: 1 })], (at, t) => {
      // Halves of it too, down to 2⁻²⁴.
      const parts = [...Array.from({ length: 24 }, (_, k) => t * 2 ** (k - 23)), 1]
      const { each } = graphOf(loss, at)
      const along = parts.map((part) => valuesOf(each, scaled(at, part)))
      return every(...parts.slice(1).flatMap((part, k) => along[k].map((value, i) => {
        const more = along[k + 1][i]
        return about(`${parts[k]} of the error for ${part}`, atMost(value, more + 1e-12 * (1 + Math.abs(more))))
      })))
    }, { mostRuns: 25 })
  ], [lossLaws(loss, trial)], { trial })
}

type Axes = readonly [examples: number, time: number, classes: number]

/** Probabilities of decisions that have nothing to do with each other. */
const decided = (shape: Axes): fc.Arbitrary<Tensor> => filled(shape, dyadic({ min: 3 / 64, max: 61 / 64 }))

/** Probabilities that add up to 1 along the last axis. */
const distributed = (shape: Axes): fc.Arbitrary<Tensor> =>
  filled(shape, fc.integer({ min: 1, max: 32 })).map((t) => {
    const k = shape[2]
    const sumAt = (i: number) => total(Array.from(t.data.slice(i - (i % k), i - (i % k) + k)))
    return withElements(t, (x, i) => x / sumAt(i))
  })

/** How a loss of probabilities is tried: on independent `decisions`, or on distributions over classes (unless told). */
export interface ProperTrial extends LossTrial {
  readonly decisions?: boolean
}

/**
 * What a loss of probabilities obeys whose best answer is the truth: predicting the wanted distribution q itself is at least as good as any
 * other, a proper scoring rule (Gneiting & Raftery 2007). Both cross-entropies are; absolute errors of probabilities are not. Parent:
 * `lossLaws`.
 * @example
 * ```ts
 * import { check, properLossLaws } from 'tikhonov/laws'
 * import { categoricalCrossEntropy } from 'tikhonov/losses'
 * check(properLossLaws(categoricalCrossEntropy())).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const properLossLaws = (loss: Loss, { decisions = false, ...trial }: ProperTrial = {}): Suite => {
  const inside = { predicted: dyadic({ min: 3 / 64, max: 61 / 64 }), extremes: [0, 1], ...trial }
  const truth = decisions ? decided : distributed
  const pairs = shapes.chain((shape) => fc.tuple(truth(shape), truth(shape)))
  return suite('proper loss', loss, [
    law('the truth is best', 'each(q, q) ≤ each(p, q)', [pairs], ([predicted, wanted]) => {
      const best = eachOf(loss, { predicted: wanted, wanted })
      return every(...eachOf(loss, { predicted, wanted }).map((value, i) => atLeast(value, best[i] - 1e-12)))
    })
  ], [lossLaws(loss, inside)])
}

/**
 * Losses see logits: a model that ends in a link (sigmoid, softmax) with a loss of probabilities, and one that ends in logits with the loss
 * of logits, have the same loss and the same derivative by the logits, to 10⁻¹², out to logits of ±10⁴.
 *
 * `logits` is the loss of logits; its `link` makes the probabilities.
 * @example
 * ```ts
 * import { check, linkLaws } from 'tikhonov/laws'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * check(linkLaws(binaryCrossEntropy(), binaryCrossEntropy({ fromLogits: true }))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const linkLaws = (probabilities: Loss, logits: Loss, { wanted }: LossTrial = {}): Suite => {
  const far = fc.oneof({ weight: 3, arbitrary: real() }, { weight: 1, arbitrary: fc.constantFrom(-1e4, -100, 100, 1e4) })
  const drawn = examples(logits, { predicted: far, ...(wanted === undefined ? {} : { wanted }) })
  const link = logits.link ?? ((z: Expr) => z)
  const linked: Loss = { ...probabilities, each: (z, y) => probabilities.each(link(z), y) }
  return suite('link', logits, [
    law('link', '0 ≤ link(z) ≤ 1', [drawn], (at) =>
      every(...valuesOf(link(graphOf(logits, at).p), at).flatMap((p) => [atLeast(p, 0), atMost(p, 1)]))),
    law('same loss', 'probabilities(link(z), y) = logits(z, y)', [drawn], (at) => near(eachOf(linked, at), eachOf(logits, at), close)),
    law('same derivative', '∂probabilities(link(z), y)/∂z = ∂logits(z, y)/∂z', [drawn], (at) =>
      near(slopeOf(linked, at), slopeOf(logits, at), close))
  ], [lossLaws(logits, wanted === undefined ? {} : { wanted })])
}

/** How a smoothed loss is tried: `certain` makes, for predictions of a shape, what is wanted where every output is class 0, class 1, …. */
export interface SmoothingTrial extends LossTrial {
  readonly certain: (predicted: Shape) => readonly Tensor[]
}

/**
 * What label smoothing is: a mixture of the loss itself with that of every class alike, in the parts 1 − s and s (Szegedy et al. 2016).
 * `smoothed` makes the loss for a smoothing.
 * @example
 * ```ts
 * import { check, smoothingLaws } from 'tikhonov/laws'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * import { tensor } from 'tikhonov/tensor'
 * const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1)
 * const certain = (shape: readonly number[]) => [0, 1].map((y) => tensor(new Float64Array(size(shape)).fill(y), shape))
 * const smoothed = (labelSmoothing: number) => binaryCrossEntropy({ fromLogits: true, labelSmoothing })
 * const verdicts = check(smoothingLaws(smoothed, { certain }))
 * verdicts.every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const smoothingLaws = (smoothed: (smoothing: number) => Loss, { certain, ...trial }: SmoothingTrial): Suite => {
  const drawn = examples(smoothed(0), trial)
  return suite('label smoothing', smoothed, [
    law('mixture', 'eachₛ(p, y) = (1 − s)·each₀(p, y) + s/k·Σ each₀(p, class)', [drawn, dyadic({ min: 0, max: 63 / 64 })], (at, s) => {
      const classes = certain(at.predicted.shape).map((wanted) => eachOf(smoothed(0), { ...at, wanted }))
      const mixed = eachOf(smoothed(0), at).map((own, i) => (1 - s) * own + (s * total(classes.map((c) => c[i]))) / classes.length)
      return near(eachOf(smoothed(s), at), mixed, close)
    }),
    law('its domain', 's < 0 or s ≥ 1 or NaN ⇒ an issue', [fc.constantFrom(-0.1, 1, 1.5, Number.NaN)], (s) =>
      every(about('issues', smoothed(s).issues.length > 0), about('at ½', noIssues(smoothed(0.5).issues))))
  ])
}
