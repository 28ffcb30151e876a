import { add, constant, equal, floor, greater, max, min, mul, reshape, reverse, sub, sum, type Expr } from 'tikhonov/expr'
import {
  accuracyLaws, arbitrary, aucLaws, binaryAccuracyLaws, metricLaws, r2Laws, scores, topKLaws, weightLaws, type Suite, type Weighted
} from 'tikhonov/laws'
import {
  accuracy, argmax, auc, binaryAccuracy, metricOf, r2, topK, type MeanMetric, type Metric, type WholeMetric
} from 'tikhonov/metrics'
import type { Tensor } from 'tikhonov/tensor'
import type { Mutant } from './harness.js'

const numbers = scores(arbitrary.dyadic(), arbitrary.dyadic())

export const suites: readonly Suite[] = [
  accuracyLaws(accuracy()), topKLaws(topK), binaryAccuracyLaws(binaryAccuracy), aucLaws(auc()), r2Laws(r2())
]

const mutant = (name: string, law: string, suite: () => Suite, more: Partial<Mutant> = {}): Mutant =>
  ({ name, origin: 'one edit', law, suite, runs: 60, ...more })

/** Another number from all predictions. */
const whole = (metric: WholeMetric, wrong: WholeMetric['of']): WholeMetric => ({ ...metric, of: wrong })
const values = ({ data }: Tensor): readonly number[] => Array.from(data)
const total = (of: ArrayLike<number>): number => Array.from(of).reduce((a, b) => a + b, 0)

/** Σ wv and Σ w of the absolute errors, put together in another way. */
const weighted = (name: string, law: string, wrong: Weighted, origin = 'one edit'): Mutant =>
  mutant(name, `weights › ${law}`, () => weightLaws(wrong, { examples: numbers }), { origin })
const sumOf = (given: Tensor, wanted: Tensor, weight: readonly number[]): number =>
  total(values(given).map((p, i) => weight[i] * Math.abs(p - wanted.data[i])))

/** AUC by the trapezoids between thresholds that are fixed beforehand. */
const byThresholds = (count: number): WholeMetric => whole(auc(), (p, y, w) => {
  const part = (label: number, t: number) => {
    const own = values(p).map((score, i) => ({ score, w: w[i], y: y.data[i] })).filter((each) => each.y === label)
    return total(own.filter(({ score }) => score > t).map((each) => each.w)) / total(own.map((each) => each.w))
  }
  const points = Array.from({ length: count }, (_, i) => 1 - i / (count - 1)).map((t) => [part(0, t), part(1, t)] as const)
  return total(points.slice(1).map(([x, v], i) => (x - points[i][0]) * ((v + points[i][1]) / 2)))
})

/** The pairs that positives win, with what a tie is worth and weights or none. */
const pairs = (tie: number, even = false): WholeMetric => whole(auc(), (p, y, w) => {
  const ofLabel = (label: number) => values(p).map((score, i) => ({ score, w: even ? 1 : w[i] })).filter((_, i) => y.data[i] === label)
  const won = (a: number, b: number) => (a > b ? 1 : a === b ? tie : 0)
  const all = ofLabel(1).flatMap((i) => ofLabel(0).map((j) => ({ w: i.w * j.w, won: won(i.score, j.score) })))
  return total(all.map(({ w, won }) => w * won)) / total(all.map(({ w }) => w))
})

const fraction = (wrong: (predicted: Expr, wanted: Expr) => Expr): MeanMetric => metricOf('wrong', wrong)
const labels = (y: Expr, like: Expr): Expr => (y.shape.length === like.shape.length ? argmax(y) : y)
const decided = (wrong: (p: Expr, y: Expr, threshold: number) => Expr) => (threshold: number): Metric =>
  fraction((p, y) => wrong(p, y, threshold))

/** R² from the sums of squares: of the errors, of the deviations, and how many there are. */
const ratio = (wrong: (errors: number, deviations: number, n: number) => number, even = false) => whole(r2(), (p, y, weight) => {
  const w = even ? Array.from(weight, () => 1) : Array.from(weight)
  const centre = total(values(y).map((v, i) => w[i] * v)) / total(w)
  const squares = (from: (i: number) => number) => total(values(y).map((v, i) => weight[i] * (v - from(i)) ** 2))
  return wrong(squares((i) => p.data[i]), squares(() => centre), total(weight))
})

export const mutants: readonly Mutant[] = [
  weighted('weights that nobody reads', 'two of one', (p, y) => sumOf(p, y, values(p).map(() => 1)) / p.shape[0]),
  weighted('the weighted sum divided by n', 'absent', (p, y, w) => sumOf(p, y, w) / w.length, 'Keras, class_weight'),
  weighted('the weighted sum itself', 'ratios', sumOf),
  weighted('a first example that counts twice', 'order', (p, y, w) => {
    const heavier = w.map((each, i) => (i === 0 ? 2 * each : each))
    return sumOf(p, y, heavier) / total(heavier)
  }),

  mutant('errors that cancel, as a metric', 'in its range', () =>
    metricLaws(metricOf('wrong', (p, y) => sub(p, y)), { examples: numbers, least: 0 })),

  mutant('the last of equals', 'accuracy › by hand', () =>
    accuracyLaws(fraction((p, y) => equal(sub(3, argmax(reverse(p, -1))), labels(y, p))))),
  mutant('each class a decision of its own', 'labels or one-hot', () =>
    accuracyLaws(fraction((p, y) => (y.shape.length === p.shape.length ? equal(greater(p, 0.5), y) : equal(argmax(p), y)))),
  { origin: 'Keras, metrics: accuracy with another loss' }),

  mutant('a label beyond the last class read as the last', 'accuracy › a label that is no class', () => accuracyLaws({
    ...accuracy(), each: (p, y) => accuracy().each(p, y.shape.length === p.shape.length ? y : min(max(floor(y), 0), p.shape[1] - 1))
  }), { origin: 'JAX, which clamps' }),
  mutant('a score of 0 for a label that is no class', 'top k › a label that is no class', () => topKLaws((k) => ({
    ...topK(k), each: (p, y) => (y.shape.length === p.shape.length ? topK(k).each(p, y)
      : add(topK(k).each(p, y), equal(sum(equal(reshape(y, [y.shape[0], 1]), constant([0, 1, 2, 3])), [1]), 0)))
  }))),
  mutant('labels that nobody checks', 'top k › a label that is no class', () => topKLaws((k) => ({ ...topK(k), wanted: undefined }))),
  mutant('k counted from 0', 'top k › by hand', () => topKLaws((k) => ({ ...topK(k), each: k < 4 ? topK(k + 1).each : topK(k).each }))),
  mutant('only the k-th', 'all classes', () =>
    topKLaws((k) => ({ ...topK(k), each: (p, y) => (k === 1 ? topK(1).each(p, y) : sub(topK(k).each(p, y), topK(k - 1).each(p, y))) }))),
  mutant('a k that nobody checks', 'its domain', () => topKLaws((k) => (k >= 1 ? topK(k) : { ...topK(1), each: topK(1).each }))),
  mutant('one-hot rows read as labels of class 0', 'labels or one-hot', () =>
    topKLaws((k) => ({ ...topK(k), each: (p, y) => topK(k).each(p, y.shape.length === p.shape.length ? mul(0, sum(y, [1])) : y) }))),

  mutant('≥ for >', 'binary accuracy › by hand', () =>
    binaryAccuracyLaws(decided((p, y, t) => equal(sub(1, greater(t, p)), y)))),
  mutant('½ whatever the threshold', 'binary accuracy › by hand', () => binaryAccuracyLaws(() => binaryAccuracy(0.5))),

  mutant('ties that the positive wins', 'complement', () => aucLaws(pairs(1))),
  mutant('ties that the positive loses', 'pairs', () => aucLaws(pairs(0)), { origin: 'Mann & Whitney without ties' }),
  mutant('pairs without their weights', 'pairs', () => aucLaws(pairs(0.5, true))),
  mutant('a few thresholds from 0 to 1', 'order alone', () => aucLaws(byThresholds(21)), { origin: 'Keras, which takes 200' }),
  mutant('½ where there is nothing to compare', 'undefined', () => aucLaws(whole(auc(), (p, y, w) => {
    const known = auc().of(p, y, w)
    return Number.isNaN(known) ? 0.5 : known
  }))),

  mutant('the part that is not explained', 'right', () => r2Laws(ratio((errors, deviations) => errors / deviations))),
  mutant('deviations from the unweighted mean', 'the mean', () => r2Laws(ratio((errors, deviations) => 1 - errors / deviations, true))),
  mutant('1 − the mean squared error', 'no unit', () => r2Laws(ratio((errors, _, n) => 1 - errors / n)))
]
