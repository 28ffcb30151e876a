import fc from 'fast-check'
import {
  abs, add, broadcast, concat, constant, cos, div, equal, erf, erfinv, exp, floor, foldPatches, gather, greater, keepAxes, log, log1p,
  matmul, max, maxPool, mean, min, mul, neg, pad, patches, pick, pow, print, reciprocal, reduceMax, reshape, reverse, scan, scatterAdd,
  select, sigmoid, sign, sin, slice, softplus, sqrt, stopGradient, sub, sum, tanh, transpose, unpool, variable, type Expr, type Shape,
  type Window
} from 'tikhonov/expr'
import { dyadic } from './number.js'

/**
 * What a random graph is made of. `smooth`: differentiable everywhere, arguments kept inside their domains. `safe`: kinks too (|·|, max,
 * comparisons), still inside the domains. `raw`: every operation on whatever comes.
 */
export type GraphKind = 'smooth' | 'safe' | 'raw'

/** A random graph with values for its variables. */
export interface Graph {
  readonly root: Expr
  readonly leaves: readonly Expr[]
  readonly values: Readonly<Record<string, readonly number[]>>
}

type Step = (a: Expr, b: Expr, k: number) => Expr

const size = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** Any tensor as a matrix. */
const matrix = (x: Expr): Expr => (x.shape.length === 2 ? x : reshape(x, [x.shape[0] ?? 1, size(x.shape.slice(1))]))

const axis = (x: Expr, k: number): readonly number[] => (x.shape.length === 0 ? [] : [k % x.shape.length])

/** Any tensor as images: rows as series, all of it as one image, or its last axis as channels. */
const images = (x: Expr, k: number): Expr => {
  const [n, row] = [x.shape[0] ?? 1, size(x.shape.slice(1))]
  const channels = x.shape[x.shape.length - 1] ?? 1
  return reshape(x, [[n, row, 1], [1, n, row, 1], [1, size(x.shape.slice(0, -1)), channels]][k % 3])
}

/** A window for images, its cells side by side: one that stays inside where there is room for any. */
const windowOf = (x: Expr, k: number): Window => {
  const spatial = x.shape.slice(1, -1)
  const padding = k > 2 && spatial.every((d) => d > 2) ? 'valid' : k % 2 === 0 ? 'same' : 'causal'
  return { size: spatial.map((_, a) => 1 + ((k + a + 1) % 3)), strides: spatial.map((_, a) => 1 + ((k + a) % 2)), padding }
}

/** What lies below a window with gaps, and how it is put back. */
const cut = (x: Expr, k: number, edit: (p: Expr) => Expr): Expr => {
  const window = { ...windowOf(x, k % 3), dilation: x.shape.slice(1, -1).map(() => 2) }
  return foldPatches(edit(patches(x, window)), window, x.shape.slice(1, -1))
}

/** `b` made to broadcast against `a`, whatever it is: itself where it fits, else its mean. */
const fitted = (a: Expr, b: Expr): Expr => {
  const fits = b.shape.length <= a.shape.length && b.shape.every((d, i) => d === 1 || d === a.shape[i + a.shape.length - b.shape.length])
  return fits ? b : size(b.shape) === 0 ? constant(0.5) : mean(b)
}

/** Between −1 and 1, so that what comes after stays in bounds. */
const tame = (x: Expr): Expr => tanh(mul(0.5, x))

/** A loop over the first axis of `a`, element by element, that sees `b` from inside: its last state, or its outputs. */
const accumulated = (a: Expr, b: Expr, k: number): Expr => {
  const x = a.shape.length === 0 ? reshape(a, [1]) : a
  const { final, outputs } = scan({ sequences: [x], initial: [tame(sum(x, [0]))], reverse: k % 2 === 1 }, ([s], [item]) => {
    const next = tanh(add(mul(0.5, s), mul(item, fitted(item, tame(b)))))
    return { states: [next], outputs: [mul(next, sub(item, s))] }
  })
  return k % 3 === 0 ? final[0] : outputs[0]
}

/** A loop over the rows of `a` with products: by a matrix seen from inside, of the item and of the state. */
const recurrent = (a: Expr, k: number): Expr => {
  const x = matrix(a)
  const [rows, columns] = x.shape
  const w = tame(matmul(x, x, { a: true }))
  const options = { sequences: [reshape(x, [rows, 1, columns])], initial: [broadcast(0.5, [1, columns])], reverse: k % 2 === 1 }
  return scan(options, ([h], [item]) => {
    const next = tanh(add(matmul(item, w), matmul(h, w)))
    return { states: [next], outputs: [next] }
  }).outputs[0]
}

/** A loop over the rows of `a` whose items are read by the rows of a matrix, by its columns, and as one number. */
const stretched = (a: Expr, b: Expr, k: number): Expr => {
  const x = tame(matrix(a))
  const [rows, columns] = x.shape
  const one = tame(sum(mul(x, fitted(x, tame(b))), [1]))
  const options = {
    sequences: [x, reshape(x, [rows, columns, 1]), one], initial: [broadcast(0.5, [columns, columns])], reverse: k % 2 === 1
  }
  return scan(options, ([h], [row, column, number]) => {
    const next = tanh(add(mul(h, row), column, number))
    return { states: [next], outputs: [mul(next, row)] }
  }).outputs[0]
}

const smooth: readonly Step[] = [
  (a, b) => add(a, fitted(a, b)),
  (a, b) => sub(fitted(a, b), a),
  (a, b) => mul(tame(a), fitted(a, b)),
  (a, b) => div(a, add(1.5, mul(fitted(a, b), fitted(a, b)))),
  (a) => neg(a),
  (a) => reciprocal(add(1.5, mul(a, a))),
  (a) => exp(tame(a)),
  (a) => log(add(1.25, mul(a, a))),
  (a) => log1p(mul(a, a)),
  (a) => sqrt(add(0.75, mul(a, a))),
  (a) => tanh(a),
  (a) => sigmoid(a),
  (a) => softplus(a),
  (a) => erf(a),
  (a) => erfinv(mul(0.75, tame(a))),
  (a) => sin(a),
  (a) => cos(a),
  (a, b) => pow(add(1.5, tame(a)), tame(fitted(a, b))),
  (a, _, k) => sum(a, axis(a, k)),
  (a, _, k) => keepAxes(mean(a, axis(a, k)), a.shape, axis(a, k)),
  (a) => broadcast(a, [2, ...a.shape]),
  (a) => transpose(a),
  (a, _, k) => (a.shape.length === 0 ? a : reverse(a, k % a.shape.length)),
  (a) => reshape(a, [size(a.shape)]),
  (a, b) => (fitted(a, b).shape.length === a.shape.length && a.shape.length > 0 ? concat([a, broadcast(fitted(a, b), a.shape)]) : a),
  (a) => slice(a, a.shape.map((d) => (d > 1 ? 1 : 0)), a.shape.map((d) => (d > 1 ? d - 1 : d))),
  (a) => pad(a, a.shape.map(() => 1), a.shape.map((d) => d + 2)),
  (a) => matmul(tame(matrix(a)), matrix(a), { b: true }),
  (a) => matmul(matrix(a), tame(matrix(a)), { a: true }),
  (a, b) => (matrix(a).shape[1] === matrix(b).shape[0]
    ? matmul(matrix(a), tame(matrix(b)))
    : matmul(tame(matrix(a)), transpose(matrix(a)))),
  (a, _, k) => (a.shape.length === 0 || a.shape[0] === 0 ? a : gather(a, constant([k % a.shape[0], 0, k % a.shape[0]]))),
  (a, _, k) => (a.shape.length === 0 ? a : scatterAdd(a, constant(Array.from({ length: a.shape[0] }, (__, i) => (i + k) % 3)), 3)),
  (a, _, k) => patches(images(a, k), windowOf(images(a, k), k)),
  (a, _, k) => cut(images(a, k), k, (p) => mul(p, tame(p))),
  (a, b, k) => accumulated(a, b, k),
  (a, _, k) => recurrent(a, k),
  (a, b, k) => stretched(a, b, k)
]

const kinked: readonly Step[] = [
  (a) => abs(a),
  (a, b) => max(a, fitted(a, b)),
  (a, b) => min(a, fitted(a, b)),
  (a, b) => select(greater(a, fitted(a, b)), a, mul(2, fitted(a, b))),
  (a, b) => mul(a, greater(a, fitted(a, b))),
  (a, _, k) => reduceMax(a, axis(a, k)),
  (a, _, k) => maxPool(images(a, k), windowOf(images(a, k), k)),
  (a) => max(a, 0)
]

const raw: readonly Step[] = [
  (a, b) => mul(a, fitted(a, b)), (a, b) => div(a, fitted(a, b)), (a) => reciprocal(a), (a) => exp(a), (a) => log(a), (a) => log1p(a),
  (a) => sqrt(a), (a) => erfinv(a), (a, b) => pow(a, fitted(a, b)), (a) => sign(a), (a) => floor(a), (a, b) => equal(a, fitted(a, b)),
  (a) => mul(1, a), (a) => mul(a, 0), (a) => add(a, 0), (a) => add(0, a), (a) => add(a, -0), (a) => sub(a, 0), (a) => sub(a, a),
  (a) => neg(neg(a)), (a) => transpose(transpose(a)), (a) => div(a, 1), (a) => pow(a, 0), (a) => pow(a, 1)
]

const chosen = (a: Expr, k: number): readonly number[] => a.shape.map((_, i) => i).filter((i) => ((k + 1) >> (i % 3)) % 2 === 1)

/** Layouts that the others do not ask for: several axes at once, batches of matrices, numbers that are no rows, pooling by another. */
const layouts: readonly Step[] = [
  (a, _, k) => sum(a, chosen(a, k)),
  (a, _, k) => reduceMax(a, chosen(a, k)),
  (a, _, k) => transpose(a, a.shape.map((__, i) => (i + k) % a.shape.length)),
  (a, _, k) => pad(a, a.shape.map((__, i) => (i + k) % 3), a.shape.map((d, i) => d + ((i + k) % 3) + (k % 2))),
  (a, _, k) => slice(a, a.shape.map((d, i) => Math.floor((d * ((i + k) % 4)) / 8)), a.shape.map((d) => Math.floor(d / 2))),
  (a, _, k) => (a.shape.length < 2 ? a : concat([a, tame(a), a], k % a.shape.length)),
  (a) => (a.shape.length < 3 ? a : matmul(tame(a), a, { a: true })),
  (a) => (a.shape.length < 3 ? a : matmul(a, tame(a), { b: true })),
  (a) => matmul(matrix(a), tame(transpose(matrix(a)))),
  (a) => matmul(tame(transpose(matrix(a))), matrix(a), { a: true, b: true }),
  (a) => (a.shape.length === 0 ? a : gather(a, constant([0, -1, 0.5, a.shape[0] - 1, 1e10]))),
  (a) => (a.shape.length === 0 ? a : scatterAdd(a, constant(Array.from({ length: a.shape[0] }, (_, i) => (i % 5) - 1)), 3)),
  (a) => broadcast(reshape(a, a.shape.flatMap((d) => [d, 1])), a.shape.flatMap((d) => [d, 2])),
  (a) => stopGradient(a),
  (a, _, k) => pick(images(a, k), mul(2, images(a, k)), windowOf(images(a, k), k)),
  (a, _, k) => unpool(images(a, k), tame(maxPool(images(a, k), windowOf(images(a, k), k))), windowOf(images(a, k), k))
]

/** Images by a kernel of numbers of one's own, scaled by what there is: filters enough for four at a time, and one that is left over. */
const convolved = (x: Expr, scale: Expr, k: number): Expr => {
  const window = windowOf(x, k)
  const inner = size(window.size) * (x.shape[x.shape.length - 1] ?? 1)
  const filters = k % 3 === 0 ? 5 : 4
  const kernel = mul(constant(Array.from({ length: inner * filters }, (_, i) => ((i * 7 + k) % 9) / 8 - 0.5), [inner, filters]), scale)
  const p = patches(x, window)
  const places = p.shape.slice(0, x.shape.length - 1)
  return reshape(matmul(reshape(p, [size(places), inner]), kernel), [...places, filters])
}

/** A convolution, and one that is rectified and pooled: what engines compile as one. */
const networks: readonly Step[] = [
  (a, b, k) => convolved(images(a, k), tame(size(b.shape) === 0 ? constant(0.5) : mean(b)), k),
  (a, b, k) => {
    const y = max(convolved(images(a, k), tame(size(b.shape) === 0 ? constant(0.5) : mean(b)), k), (k % 2) / 8)
    return maxPool(y, { size: y.shape.slice(1, -1).map(() => 2), strides: y.shape.slice(1, -1).map(() => 2), padding: 'same' })
  }
]

/** How far a random graph goes: sizes of axes up to `largest` (default 3), elements of a node up to `elements` (200), unusual layouts. */
export interface GraphOptions { readonly largest?: number; readonly elements?: number; readonly layouts?: boolean }

const steps: Readonly<Record<GraphKind, readonly Step[]>> = { smooth, safe: [...smooth, ...kinked], raw: [...smooth, ...kinked, ...raw] }

interface Choice { readonly step: number; readonly a: number; readonly b: number; readonly k: number }

/** Folds choices over a pool of nodes; a step that would grow too large is passed over. */
const build = (leaves: readonly Expr[], kind: GraphKind, choices: readonly Choice[], options: GraphOptions): Expr => {
  const open = options.layouts === true ? [...steps[kind], ...layouts, ...networks] : steps[kind]
  const pool = choices.reduce<readonly Expr[]>((nodes, { step, a, b, k }) => {
    const made = open[step % open.length](nodes[nodes.length - 1 - (a % nodes.length)], nodes[b % nodes.length], k)
    return size(made.shape) > (options.elements ?? 200) ? nodes : [...nodes, made]
  }, leaves)
  return pool[pool.length - 1]
}

/** A graph that a counterexample shows as its printed form. */
const legible = (g: Graph): Graph =>
  Object.assign({ ...g }, { [fc.toStringMethod]: () => `${print([g.root])}\n  with ${JSON.stringify(g.values)}` })

/**
 * Random graphs over one to three variables, with values for them (dyadic unless told; sizes 0 … 3 where `raw`, else 1 … 3). Shrinks to
 * fewer steps, smaller variables, rounder numbers. Where `largest` is above 3, one axis in three is longer than that.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { problems } from 'tikhonov/expr'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.graph('raw'), 50).every(({ root }) => problems([root]).length === 0) // => true
 * ```
 */
export const graph = (
  kind: GraphKind = 'safe',
  element: fc.Arbitrary<number> = dyadic({ min: -2, max: 2 }),
  options: GraphOptions = {}
): fc.Arbitrary<Graph> => {
  const { largest = 3, elements = 200 } = options
  const short = fc.integer({ min: kind === 'raw' ? 0 : 1, max: 3 })
  const long = fc.integer({ min: 4, max: Math.max(4, largest) })
  const sizes = largest <= 3 ? short : fc.oneof({ arbitrary: short, weight: 2 }, { arbitrary: long, weight: 1 })
  return fc
    .record({
      shapes: fc.array(fc.array(sizes, { maxLength: 3 }).filter((shape) => size(shape) <= elements), { minLength: 1, maxLength: 3 }),
      choices: fc.array(fc.record({ step: fc.nat(10_000), a: fc.nat(3), b: fc.nat(20), k: fc.nat(5) }), { minLength: 1, maxLength: 8 })
    })
    .chain(({ shapes, choices }) => {
      const leaves = shapes.map((shape, i) => variable(`v${i}`, shape))
      return fc
        .tuple(...shapes.map((shape) => fc.array(element, { minLength: size(shape), maxLength: size(shape), size: 'max' })))
        .map((values): Graph => legible({
          root: build(leaves, kind, choices, options), leaves, values: Object.fromEntries(values.map((v, i) => [`v${i}`, v]))
        }))
    })
}
