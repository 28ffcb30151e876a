/** Laws of metrics. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { constant, evaluate } from 'tikhonov/expr'
import { measure, type Metric, type WholeMetric } from 'tikhonov/metrics'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { dyadic } from './arbitraries/index.js'
import { withElements } from './functional.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { noIssues } from './sound.js'
import { column, weightLaws, type Weighted } from './weights.js'

/** Predictions with what was wanted, axis 0 the examples. */
export interface Scored { readonly given: Tensor; readonly wanted: Tensor }

/** What a metric is tried on, and between which numbers it lies (any unless told). */
export interface MetricTrial {
  readonly examples: fc.Arbitrary<Scored>
  readonly least?: number
  readonly most?: number
}

/** The metric of predictions; NaN where it does not fit them. */
const of = (metric: Metric): Weighted => (given, wanted, weight) =>
  E.getOrElse(() => Number.NaN)(measure(metric)(given, wanted, weight))

const even = (given: Tensor): readonly number[] => Array.from({ length: given.shape[0] }, () => 1)

/** Laws about a number that a metric may lack: those values are discarded. */
const defined = (value: number): number => {
  fc.pre(!Number.isNaN(value))
  return value
}

/**
 * What every metric obeys: it fits its examples, lies in its range, and weighs examples as means do (`weightLaws`, its parent: weight 2 is
 * twice, weight 0 is absent, ratios alone matter, order does not).
 * @example
 * ```ts
 * import { equal, floor } from 'tikhonov/expr'
 * import { arbitrary, check, metricLaws, scores } from 'tikhonov/laws'
 * import { metricOf } from 'tikhonov/metrics'
 * const sameFloor = metricOf('sameFloor', (p, y) => equal(floor(p), floor(y)))
 * const trial = { examples: scores(arbitrary.dyadic(), arbitrary.dyadic()), least: 0, most: 1 }
 * check(metricLaws(sameFloor, trial)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const metricLaws = (metric: Metric, { examples, least = -Infinity, most = Infinity }: MetricTrial): Suite =>
  suite('metric', metric, [
    law('in its range', 'least ≤ m(p, y) ≤ most', [examples], ({ given, wanted }) => {
      const measured = measure(metric)(given, wanted)
      if (E.isLeft(measured)) return noIssues(measured.left)
      const value = defined(measured.right)
      return every(atLeast(value, least), atMost(value, most + 1e-12))
    })
  ], [weightLaws(of(metric), { examples }, metric)], { examples, least, most })

/**
 * Columns of 2 … 8 scores and what was wanted of each, [n, 1] both.
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary, scores } from 'tikhonov/laws'
 * const binary = scores(arbitrary.dyadic(), fc.constantFrom(0, 1))
 * fc.sample(binary, 20).every(({ given }) => given.shape[0] >= 2 && given.shape[1] === 1) // => true
 * ```
 */
export const scores = (score: fc.Arbitrary<number>, wanted: fc.Arbitrary<number>): fc.Arbitrary<Scored> =>
  fc.array(fc.tuple(score, wanted), { minLength: 2, maxLength: 8 }).map((pairs) =>
    ({ given: column(pairs.map(([p]) => p)), wanted: column(pairs.map(([, y]) => y)) }))

const quarter = fc.integer({ min: 0, max: 4 }).map((n) => n / 4)

const quarters = (n: number): fc.Arbitrary<readonly number[]> => fc.array(quarter, { minLength: n, maxLength: n })

/**
 * Scores of `classes` classes for 2 … 6 examples, coarse so that ties occur, [n, classes], and labels [n].
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { labelled } from 'tikhonov/laws'
 * fc.sample(labelled(3), 20).every(({ given, wanted }) => given.shape[1] === 3 && wanted.data.every((label) => label < 3)) // => true
 * ```
 */
export const labelled = (classes: number): fc.Arbitrary<Scored> =>
  fc.array(fc.tuple(quarters(classes), fc.nat({ max: classes - 1 })), { minLength: 2, maxLength: 6 })
    .map((rows) => ({ given: tensor(rows.map(([p]) => p)), wanted: tensor(rows.map(([, y]) => y)) }))

const classes = 4
const byLabels = { examples: labelled(classes), least: 0, most: 1 }

const row = ({ given }: Scored, i: number): readonly number[] => Array.from(given.data.subarray(i * classes, (i + 1) * classes))

/** The part of the examples for which a predicate holds. */
const partOf = (scored: Scored, holds: (row: readonly number[], label: number) => boolean): number =>
  Array.from(scored.wanted.data).filter((label, i) => holds(row(scored, i), label)).length / scored.wanted.data.length

/** Classes from the most probable to the least, of equals the lower number first. */
const ranking = (p: readonly number[]): readonly number[] => p.map((_, c) => c).sort((a, b) => p[b] - p[a] || a - b)

const oneHotOf = (label: number): readonly number[] => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0))

const asOneHot = ({ given, wanted }: Scored): Scored => ({ given, wanted: tensor(Array.from(wanted.data, oneHotOf)) })

const plain = (metric: Metric, { given, wanted }: Scored): number => of(metric)(given, wanted, even(given))

/** Labels and one-hot rows are two ways of wanting the same. */
const eitherWay = (metric: Metric) =>
  law('labels or one-hot', 'm(p, onehot(y)) = m(p, y)', [labelled(classes)], (at) =>
    near(plain(metric, asOneHot(at)), plain(metric, at), {}))

/** Scores below 0, with a label that is no class at one place. */
const unclassed = fc.tuple(labelled(classes), fc.nat(5), fc.constantFrom(-1, classes, classes + 3, 0.5, Number.NaN))
  .map(([{ given, wanted }, at, odd]) => {
    const place = at % wanted.data.length
    return { given: withElements(given, (v) => v - 2), wanted: tensor(Array.from(wanted.data, (y, i) => (i === place ? odd : y))), place }
  })

/** A label that is no class is told where labels are seen, and right nowhere. */
const noClass = (metric: Metric) =>
  law('a label that is no class', 'y ∉ {0 … k − 1} ⇒ an issue, and no prediction is right', [unclassed], ({ given, wanted, place }) => {
    const right = metric._tag === 'WholeMetric' ? [] : evaluate(metric.each(
      constant(Array.from(given.data), given.shape), constant(Array.from(wanted.data), wanted.shape)), {})
    return every(about('measured', same(measure(metric)(given, wanted)._tag, 'Left')), about('right', same(right[place] ?? 0, 0)))
  })

/**
 * What accuracy over classes is: the part of the examples whose largest score, of equals the first, is at the label; the same for labels
 * and one-hot rows; a label that is no class is an issue, and right nowhere. Parent: `metricLaws`.
 * @example
 * ```ts
 * import { accuracyLaws, check } from 'tikhonov/laws'
 * import { accuracy } from 'tikhonov/metrics'
 * check(accuracyLaws(accuracy())).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const accuracyLaws = (accuracy: Metric): Suite =>
  suite('accuracy', accuracy, [
    law('by hand', 'm(p, y) = |{i: argmax pᵢ = yᵢ}|/n', [labelled(classes)], (at) =>
      near(plain(accuracy, at), partOf(at, (p, label) => p.indexOf(Math.max(...p)) === label), { absolute: 1e-15 })),
    eitherWay(accuracy),
    noClass(accuracy)
  ], [metricLaws(accuracy, byLabels)])

/**
 * What top-k accuracy is: the part of the examples whose label is among the k largest scores, of equals the lower numbers first; it grows
 * with k up to 1; a label that is no class is an issue, and right nowhere. Parent: `metricLaws`, for k = 2.
 * @example
 * ```ts
 * import { check, topKLaws } from 'tikhonov/laws'
 * import { topK } from 'tikhonov/metrics'
 * check(topKLaws(topK)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const topKLaws = (topK: (k: number) => Metric): Suite => {
  const some = fc.integer({ min: 1, max: classes })
  const two = topK(2)
  const none = fc.constantFrom(0, -1, 1.5, Number.NaN, classes + 1)
  return suite('top k', topK, [
    law('by hand', 'mₖ(p, y) = |{i: yᵢ among the first k of pᵢ}|/n', [labelled(classes), some], (at, k) =>
      near(plain(topK(k), at), partOf(at, (p, label) => ranking(p).slice(0, k).includes(label)), { absolute: 1e-15 })),
    law('all classes', 'k classes ⇒ mₖ(p, y) = 1', [labelled(classes)], (at) => near(plain(topK(classes), at), 1, {})),
    law('its domain', 'k no whole number from 1 to the number of classes ⇒ an issue', [none], (k) =>
      E.isLeft(measure(topK(k))(tensor([[0, 1, 2, 3]]), tensor([0])))),
    eitherWay(two),
    noClass(two)
  ], [metricLaws(two, byLabels)])
}

/**
 * What accuracy of decisions is: the part of the outputs with score > threshold where 1 is wanted, ≤ threshold where 0 is. Parent:
 * `metricLaws`, at the threshold ½.
 * @example
 * ```ts
 * import { binaryAccuracyLaws, check } from 'tikhonov/laws'
 * import { binaryAccuracy } from 'tikhonov/metrics'
 * check(binaryAccuracyLaws(binaryAccuracy)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const binaryAccuracyLaws = (binaryAccuracy: (threshold: number) => Metric): Suite => {
  const drawn = scores(quarter, fc.constantFrom(0, 1))
  const half = binaryAccuracy(0.5)
  return suite('binary accuracy', binaryAccuracy, [
    law('by hand', 'm(p, y) = |{i: (pᵢ > t) = yᵢ}|/n', [drawn, quarter], (at, threshold) => {
      const right = Array.from(at.given.data).filter((p, i) => p > threshold === (at.wanted.data[i] === 1)).length
      return near(plain(binaryAccuracy(threshold), at), right / at.given.data.length, { absolute: 1e-15 })
    })
  ], [metricLaws(half, { examples: drawn, least: 0, most: 1 })])
}

/** Functions that keep the order of moderate scores, ties included, and nothing else. */
const increasing: readonly (readonly [string, (x: number) => number])[] = [
  ['2x + 1', (x) => 2 * x + 1], ['eˣ', Math.exp], ['x³', (x) => x ** 3], ['100x', (x) => 100 * x], ['x/1000', (x) => x / 1000]
]

/**
 * What the area under the ROC curve is: the part of the pairs of a positive and a negative, by their weights, that the scores put in order,
 * ties counting ½ (Hanley & McNeil 1982). So increasing functions of the scores change nothing, and their negatives give 1 − AUC.
 * Parent: `metricLaws`.
 * @example
 * ```ts
 * import { aucLaws, check } from 'tikhonov/laws'
 * import { auc } from 'tikhonov/metrics'
 * check(aucLaws(auc())).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const aucLaws = (auc: WholeMetric): Suite => {
  const drawn = scores(dyadic({ min: -0.25, max: 0.25 }), fc.constantFrom(0, 1))
  const weighted = drawn.chain((at) => fc.tuple(fc.constant(at), fc.array(dyadic({ min: 0.5, max: 4 }), { minLength: 8, maxLength: 8 })))
  const scored = (at: Scored, f: (x: number) => number): Scored => ({ ...at, given: withElements(at.given, f) })
  return suite('AUC', auc, [
    law('pairs', 'm = Σ wᵢwⱼ·([pᵢ > pⱼ] + ½[pᵢ = pⱼ])/Σ wᵢwⱼ over positives i, negatives j', [weighted], ([at, weight]) => {
      const decisions = Array.from(at.given.data, (p, i) => ({ p, w: weight[i], y: at.wanted.data[i] }))
      const [positives, negatives] = [1, 0].map((label) => decisions.filter(({ y }) => y === label))
      const pairs = positives.flatMap((i) => negatives.map((j) => ({ w: i.w * j.w, won: i.p > j.p ? 1 : i.p === j.p ? 0.5 : 0 })))
      const expected = pairs.reduce((sum, { w, won }) => sum + w * won, 0) / pairs.reduce((sum, { w }) => sum + w, 0)
      return near(of(auc)(at.given, at.wanted, weight.slice(0, at.given.shape[0])), defined(expected), { absolute: 1e-12 })
    }),
    law('order alone', 'f increasing ⇒ m(f(p), y) = m(p, y)', [drawn], (at) => {
      const expected = defined(plain(auc, at))
      return every(...increasing.map(([name, f]) => about(name, near(plain(auc, scored(at, f)), expected, { absolute: 1e-12 }))))
    }),
    law('complement', 'm(−p, y) = 1 − m(p, y)', [drawn], (at) =>
      near(plain(auc, scored(at, (p) => -p)), 1 - defined(plain(auc, at)), { absolute: 1e-12 })),
    law('undefined', 'one class ⇒ NaN', [scores(dyadic(), fc.constant(1))], (at): Outcome => same(plain(auc, at), Number.NaN))
  ], [metricLaws(auc, { examples: drawn, least: 0, most: 1 })])
}

/**
 * What R² is: 1 where the predictions are right, 0 where they are the weighted mean, at most 1, and independent of the unit and origin of
 * what is measured. Parent: `metricLaws`.
 * @example
 * ```ts
 * import { check, r2Laws } from 'tikhonov/laws'
 * import { r2 } from 'tikhonov/metrics'
 * check(r2Laws(r2())).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const r2Laws = (r2: WholeMetric): Suite => {
  const drawn = scores(dyadic(), fc.integer({ min: -4, max: 4 }))
  const varied = drawn.filter(({ wanted }) => new Set(wanted.data).size > 1)
  const weights = fc.array(dyadic({ min: 0.5, max: 4 }), { minLength: 8, maxLength: 8 })
  return suite('R²', r2, [
    law('right', 'm(y, y) = 1', [varied], ({ wanted }) => near(plain(r2, { given: wanted, wanted }), 1, {})),
    law('the mean', 'm(ȳ, y) = 0', [varied, weights], ({ wanted }, all) => {
      const weight = all.slice(0, wanted.shape[0])
      const mean = weight.reduce((sum, w, i) => sum + w * wanted.data[i], 0) / weight.reduce((sum, w) => sum + w, 0)
      return near(of(r2)(withElements(wanted, () => mean), wanted, weight), 0, { absolute: 1e-12 })
    }),
    law('no unit', 'm(a·p + b, a·y + b) = m(p, y)', [varied, dyadic({ min: 0.25, max: 4 }), dyadic()], ({ given, wanted }, a, b) => {
      const moved = (x: Tensor) => withElements(x, (v) => a * v + b)
      const measured = plain(r2, { given: moved(given), wanted: moved(wanted) })
      return near(measured, plain(r2, { given, wanted }), { relative: 1e-9, absolute: 1e-9 })
    })
  ], [metricLaws(r2, { examples: varied, most: 1 })])
}
