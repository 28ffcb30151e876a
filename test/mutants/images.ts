/** Mutants of convolution, of pooling and of pairs of adjoints. */
import {
  add, constant, div, equal, evaluate, foldPatches, keepAxes, max, maxPool, mul, pad, patches, pick, reduceMax, reverse, slice,
  stopGradient, sub, substitute, sum, variable, type Expr, type PoolWindow, type Shape, type Window
} from 'tikhonov/expr'
import {
  adjointLaws, convolutionLaws, evenly, firstLargest, poolingLaws, type AdjointPair, type arbitrary, type Convolution, type Pooling,
  type Share
} from 'tikhonov/laws'
import { layer, spec, type Layer, type Output } from 'tikhonov/layer'
import { averagePooling1d, averagePooling2d, conv1d, conv2d, maxPooling1d, maxPooling2d, type Pair } from 'tikhonov/layers'
import type { Mutant } from './harness.js'

type MovingWindow = arbitrary.MovingWindow

const pair = ([a, b]: readonly number[]): Pair => [a, b]
const edge = ({ padding }: MovingWindow) => (padding === 'same' ? 'same' : 'valid')

const series: Convolution = (filters, { size: [cells], strides: [strides], dilation: [dilationRate], padding }) =>
  conv1d(filters, cells, { strides, dilationRate, padding })
const images: Convolution = (filters, window) =>
  conv2d(filters, pair(window.size), { strides: pair(window.strides), dilationRate: pair(window.dilation), padding: edge(window) })
const inSeries = { axes: 1, paddings: ['valid', 'same', 'causal'] } as const

const maxInSeries: Pooling = (window) => maxPooling1d(window.size[0], { strides: window.strides[0], padding: edge(window) })
const meanInSeries: Pooling = (window) => averagePooling1d(window.size[0], { strides: window.strides[0], padding: edge(window) })
const maxInImages: Pooling = (window) => maxPooling2d(pair(window.size), { strides: pair(window.strides), padding: edge(window) })
const meanInImages: Pooling = (window) => averagePooling2d(pair(window.size), { strides: pair(window.strides), padding: edge(window) })

const cut = (window: Parameters<typeof patches>[1], spatial: Shape): AdjointPair =>
  ({ of: (x) => patches(x, window), adjoint: (p) => foldPatches(p, window, spatial) })

export const suites = [
  adjointLaws(cut({ size: [2, 3], strides: [1, 2], padding: 'same' }, [4, 5]), [2, 4, 5, 2]),
  adjointLaws(cut({ size: [3], dilation: [2], padding: 'causal' }, [6]), [1, 6, 3]),
  adjointLaws(cut({ size: [2, 2], strides: [3, 1], dilation: [1, 3] }, [5, 4]), [1, 5, 4, 1]),
  adjointLaws({ of: (x) => slice(x, [1], [3]), adjoint: (y) => pad(y, [1], [5]) }, [5]),
  convolutionLaws(series, inSeries),
  convolutionLaws(images, { axes: 2 }),
  poolingLaws(maxInSeries, { axes: 1, share: firstLargest }),
  poolingLaws(meanInSeries, { axes: 1, share: evenly }),
  poolingLaws(maxInImages, { axes: 2, share: firstLargest }),
  poolingLaws(meanInImages, { axes: 2, share: evenly })
]

/** A layer whose input is edited. */
const after = (edit: (x: Expr) => Expr, inner: Layer): Layer => ({ ...inner, apply: (scope) => (x) => inner.apply(scope)(edit(x)) })

/** A layer whose output is edited. */
const before = (edit: (output: Output) => Expr, inner: Layer): Layer => ({
  ...inner,
  apply: (scope) => (x) => {
    const output = inner.apply(scope)(x)
    return { ...output, y: edit(output) }
  }
})

/** 'same' with the odd cell in front, as some do it. */
const frontHeavy: Convolution = (filters, window) => {
  const { size: [k], strides: [s], dilation: [d], padding } = window
  const added = (x: Expr): Expr => {
    const missing = Math.max((Math.ceil(x.shape[1] / s) - 1) * s + (k - 1) * d + 1 - x.shape[1], 0)
    return pad(x, [0, Math.ceil(missing / 2), 0], [x.shape[0], x.shape[1] + missing, x.shape[2]])
  }
  return padding === 'same' ? after(added, series(filters, { ...window, padding: 'valid' })) : series(filters, window)
}

/** True convolution, as signal processing has it: the kernel runs backwards. */
const flipped: Convolution = (filters, window) => before(({ y, parameters }) => {
  const kernels = Object.entries(parameters).filter(([, { role }]) => role === 'kernel')
  return substitute([y], Object.fromEntries(kernels.map(([path, { shape }]) => [path, reverse(variable(path, shape), 0)])))[0]
}, series(filters, window))

/** A filter that is stronger further on. */
const uneven: Convolution = (filters, window) => before(({ y }) =>
  mul(y, constant(Array.from({ length: y.shape[1] }, (_, i) => 1 + i / 8), [y.shape[1], 1])), series(filters, window))

const asConvolution = (name: string, law: string, make: Convolution, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => convolutionLaws(make, inSeries) })

/** A pooling of a series by a formula. */
const pooling = (of: (x: Expr, window: PoolWindow) => Expr): Pooling => ({ size, strides, padding }) =>
  layer({ spec: spec('pooling'), rule: { check: () => undefined }, apply: () => (x) => of(x, { size, strides, padding }) })

/** The largest value, to which every equal one contributes its gradient. */
const allWinners = (x: Expr, window: PoolWindow): Expr => {
  const [largest, p] = [maxPool(x, window), patches(x, window)]
  const won = sum(mul(p, stopGradient(equal(p, keepAxes(largest, p.shape, [2])))), [2])
  return add(won, stopGradient(sub(largest, won)))
}

/** The largest value, from the last of equal ones. */
const lastWinner = (x: Expr, window: PoolWindow): Expr =>
  pick(add(x, constant(Array.from({ length: x.shape[1] }, (_, i) => i / 1024), [x.shape[1], 1])), x, window)

const asPooling = (name: string, law: string, of: (x: Expr, window: PoolWindow) => Expr, share: Share, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => poolingLaws(pooling(of), { axes: 1, share }) })

const three: Window = { size: [3], padding: 'same' }
const ofThree = cut(three, [5])
const shape = [1, 5, 2]

/** 1 where a cell is the last to lie over its pixel, so that nothing is written after it. */
const lasts = (p: Expr): Expr => {
  const pixels = evaluate(patches(constant(Array.from({ length: 10 }, (_, i) => i + 1), shape), three))
  return constant(pixels.map((pixel, i) => (pixels.lastIndexOf(pixel) === i ? 1 : 0)), p.shape)
}

const asPair = (name: string, law: string, edits: Partial<AdjointPair>): Mutant =>
  ({ name, origin: 'one edit', law, suite: () => adjointLaws({ ...ofThree, ...edits }, shape) })

export const mutants: readonly Mutant[] = [
  asPair('patches of what is positive', 'is linear', { of: (x) => patches(max(x, 0), three) }),
  asPair('foldPatches that overwrites instead of adding', 'is the transpose', {
    adjoint: (p) => foldPatches(mul(p, lasts(p)), three, [5])
  }),
  asPair('patches without a derivative', 'each is the pullback of the other', { of: (x) => stopGradient(patches(x, three)) }),
  asConvolution('same padding with the odd cell in front', 'is the direct sum', frontHeavy),
  asConvolution('a flipped kernel', 'is the direct sum', flipped, 'signal processing'),
  asConvolution('dilation that is ignored', 'is the direct sum', (filters, window) => series(filters, {
    ...window, dilation: window.padding === 'valid' ? window.dilation : [1]
  })),
  asConvolution('causal padding that looks ahead', 'is the direct sum', (filters, window) =>
    series(filters, { ...window, padding: window.padding === 'causal' ? 'same' : window.padding })),
  asConvolution('a filter that is stronger further on', 'is equivariant under translation', uneven),
  asPooling('an average that divides by the size of its window', 'reduces what its window covers',
    (x, window) => div(sum(patches(x, window), [2]), window.size[0]), evenly, 'count_include_pad, the default of PyTorch'),
  asPooling('a largest value among zeros from beyond the edge', 'reduces what its window covers',
    (x, window) => reduceMax(patches(x, window), [2]), firstLargest),
  asPooling('a gradient for every one of equal winners', 'the gradient goes where the value came from', allWinners, firstLargest),
  asPooling('a gradient for the last of equal winners', 'the gradient goes where the value came from', lastWinner, firstLargest)
]
