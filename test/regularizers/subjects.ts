/** The penalties of the library, each as a family by its strength, with what it is tried on where that is not any tensor. */
import fc from 'fast-check'
import { arbitrary, type PenaltyTrial } from 'tikhonov/laws'
import {
  confidence, elasticWeightConsolidation, fusedLasso, groupLasso, kerasOrthogonal, l1, l1l2, l2, lInf, logDet, nuclear, orthogonal, ridge,
  sparseGroupLasso, spectralNorm, srip, totalVariation, towards, type Regularizer
} from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'

/** A family of penalties, and what it is tried on. */
export interface Subject<R extends Regularizer = Regularizer> {
  readonly make: (lambda: number) => R
  readonly trial?: PenaltyTrial
}

/** A norm or a seminorm, with the dual of it. */
export interface Norm<R extends Regularizer> extends Subject<R> {
  readonly dual: (q: Tensor) => number
}

const sizes = (w: Tensor): readonly number[] => Array.from(w.data, Math.abs)
/** Columns of a tensor whose last axis counts units. */
const columns = (w: Tensor): readonly (readonly number[])[] => {
  const units = w.shape[w.shape.length - 1]
  return Array.from({ length: units }, (_, u) => Array.from(w.data).filter((_x, i) => i % units === u))
}
/** The largest partial sum down the first axis: the dual of total variation, for sequences whose sum is 0. */
const partial = (w: Tensor): number => {
  const width = w.data.length / w.shape[0]
  const sums = (j: number) => Array.from({ length: w.shape[0] - 1 }, (_, i) =>
    Math.abs(Array.from(w.data).reduce((s, x, e) => (e % width === j && Math.floor(e / width) <= i ? s + x : s), 0)))
  return Math.max(0, ...Array.from({ length: width }, (_, j) => sums(j)).flat())
}
/**
 * The largest singular value, the dual of the nuclear norm: √λ, where λ = lim tr(Gᴺ)^(1/N) for the products G of the columns, N = 2⁶⁰. Each
 * square is divided by its trace, whose logarithms add up.
 */
const stretch = (w: Tensor): number => {
  const product = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]) =>
    a.map((x) => b.map((y) => x.reduce((s, each, i) => s + each * y[i], 0)))
  const { log } = Array.from({ length: 60 }).reduce<{ readonly g: readonly (readonly number[])[], readonly log: number }>(
    ({ g, log: so }, _, k) => {
      const trace = g.reduce((s, row, i) => s + row[i], 0)
      const unit = g.map((row) => row.map((x) => x / trace))
      return { g: product(unit, unit), log: so + Math.log(trace) / 2 ** k }
    }, { g: product(columns(w), columns(w)), log: 0 })
  return largest(w) === 0 ? 0 : Math.exp(log / 2)
}
const largest = (w: Tensor): number => Math.max(0, ...sizes(w))

const moderate = () => arbitrary.real({ smallest: 2 ** -6, largest: 4 })
/** Matrices [inputs, units] with at least as many inputs as units, and where orthonormal columns are among them. */
const tall: PenaltyTrial = {
  weights: (count) => fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 }))
    .chain(([units, more]) => arbitrary.alike(count, moderate(), fc.constant([units + more, units]))),
  least: ({ shape: [rows, units] }) =>
    tensor(Float64Array.from({ length: rows * units }, (_, i) => (i % units === Math.floor(i / units) ? 1 : 0)), [rows, units])
}
/** Probabilities of 1 … 5 classes for 1 … 3 examples, and where all classes are alike. */
const probabilities: PenaltyTrial = {
  weights: (count) => fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 })).chain(([rows, classes]) =>
    arbitrary.alike(count, arbitrary.positive({ smallest: 2 ** -6, largest: 1 }), fc.constant([rows, classes]))
      .map((drawn) => drawn.map((w) => tensor(w.data.map((x, i) => {
        const row = Math.floor(i / classes) * classes
        return x / Array.from(w.data.slice(row, row + classes)).reduce((s, p) => s + p, 0)
      }), w.shape)))),
  least: (w) => tensor(w.data.map(() => 1 / w.shape[1]), w.shape)
}
const origin = tensor([[1, -2], [0, 3], [0.5, 0]])
/** Tensors of the shape of the weights that are to be kept. */
const beside: PenaltyTrial = {
  weights: (count) => arbitrary.alike(count, moderate(), fc.constant(origin.shape)),
  least: () => origin
}
const fisher = tensor([[1, 0], [2, 0.5], [4, 1]])

const sizesOf = { make: l1 }
const squares = { l2: { make: l2 }, ridge: { make: ridge } }
const net = { make: (lambda: number) => l1l2({ l1: lambda, l2: lambda / 2 }) }
const groups = {
  groupLasso: { make: (lambda: number) => groupLasso(lambda) },
  'groupLasso of outgoing weights': { make: (lambda: number) => groupLasso(lambda, { groups: 'outgoing', weighted: true }) }
}
const largestOf = { make: lInf }
const variation = { make: (lambda: number) => totalVariation(lambda) }
const sums = {
  sparseGroupLasso: { make: (lambda: number) => sparseGroupLasso({ l1: lambda / 2, group: lambda }) },
  fusedLasso: { make: (lambda: number) => fusedLasso({ l1: lambda / 2, variation: lambda }) }
}
const matrix = { make: nuclear }
const kept = {
  towards: { make: (lambda: number) => towards(origin, lambda), trial: beside },
  elasticWeightConsolidation: { make: (lambda: number) => elasticWeightConsolidation(lambda, { weights: origin, fisher }), trial: beside }
}
const spectral = { make: (lambda: number) => spectralNorm(lambda, { iterations: 2 }) }

/** Whose operator acts on each weight by itself. */
export const separables = {
  l1: sizesOf, ...squares, l1l2: net, ...kept
}
/** Convex penalties with a proximal operator. */
export const proximals = { ...separables, ...groups, ...sums, lInf: largestOf, nuclear: matrix, totalVariation: variation }
/** With a projection onto where they are bounded. */
export const boundeds = { l1: sizesOf, ...squares, l1l2: net, ...groups, lInf: largestOf, nuclear: matrix }
/** Of degree 1. */
export const ofSizes = { l1: sizesOf, ...groups, ...sums, lInf: largestOf, nuclear: matrix, totalVariation: variation }
/** Of degree 2. */
export const ofSquares = { ...squares, spectralNorm: spectral }
/** Of degree 1 with a dual norm that is known. */
export const norms = {
  l1: { ...sizesOf, dual: largest },
  lInf: { ...largestOf, dual: (q: Tensor) => sizes(q).reduce((s, x) => s + x, 0) },
  groupLasso: { ...groups.groupLasso, dual: (q: Tensor) => Math.max(...columns(q).map((v) => Math.hypot(...v))) },
  totalVariation: { ...variation, dual: partial },
  nuclear: { ...matrix, dual: stretch }
}
/** Which are not convex. */
export const crooked = {
  spectralNorm: spectral, logDet: { make: (lambda: number) => logDet(lambda) },
  orthogonal: { make: (lambda: number) => orthogonal(lambda), trial: tall }, srip: { make: (lambda: number) => srip(lambda), trial: tall },
  kerasOrthogonal: { make: (lambda: number) => kerasOrthogonal(lambda, { mode: 'columns' }), trial: tall }
}
/** Convex penalties. */
export const convex = { ...proximals, confidence: { make: confidence, trial: probabilities } }
/** Of singular values. */
export const ofMatrices = { nuclear: matrix, logDet: crooked.logDet, orthogonal: crooked.orthogonal }
/** By the groups that they are of. */
export const byGroups = {
  incoming: { groupLasso: groups.groupLasso, sparseGroupLasso: sums.sparseGroupLasso },
  outgoing: { groupLasso: { make: (lambda: number) => groupLasso(lambda, { groups: 'outgoing' }) } }
}
