/**
 * The loops of the reference engine: what runs through memory stands here, once. A primitive says its value at an index
 * (`tabulate`), is one of the `loops`, or reads through an index map.
 */
import type { Fill, Values } from './node.js'
import { sizeOf, stridesOf, type Shape } from './shape.js'

/** `out[i] = at(i)`. */
export const tabulate = (at: (i: number) => number): Fill => (out) => {
  for (let i = 0; i < out.length; i++) out[i] = at(i)
}

/** What a binary operation does to two buffers of one size. */
export type Loop = (a: Values, b: Values) => Fill

/** `out[i] = value(a[i], b[i])`, for operations that are not worth a loop of their own. */
export const pairwise = (value: (a: number, b: number) => number): Loop => (a, b) => (out) => {
  for (let i = 0; i < out.length; i++) out[i] = value(a[i], b[i])
}

/** The operations that everything is made of, each a loop of its own: a call for every element costs ten times as much. */
export const loops = {
  add: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i] }) as Loop,
  sub: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i] }) as Loop,
  mul: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i] }) as Loop,
  div: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = a[i] / b[i] }) as Loop,
  max: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i], b[i]) }) as Loop,
  greater: ((a, b) => (out) => { for (let i = 0; i < out.length; i++) out[i] = a[i] > b[i] ? 1 : 0 }) as Loop
}

/** `out[i] = condition[i] ≠ 0 ? a[i] : b[i]`. */
export const choose = (condition: Values, a: Values, b: Values): Fill => (out) => {
  for (let i = 0; i < out.length; i++) out[i] = condition[i] !== 0 ? a[i] : b[i]
}

/** `out[i] = x[map[i]]`: every view. */
export const view = (x: Values, map: Int32Array): Fill => (out) => {
  for (let i = 0; i < out.length; i++) out[i] = x[map[i]]
}

/** `out[maps[k][i]] = xs[k][i]` for each k: tensors laid side by side. */
export const scattered = (xs: readonly Values[], maps: readonly Int32Array[]): Fill => (out) => {
  for (let k = 0; k < maps.length; k++) {
    const [x, map] = [xs[k], maps[k]]
    for (let i = 0; i < map.length; i++) out[map[i]] = x[i]
  }
}

/** `out[i] = Σₖ x[bases[i] + offsets[k]]`. */
export const sumOver = (x: Values, { bases, offsets }: Reduction): Fill => (out) => {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let k = 0; k < offsets.length; k++) sum += x[bases[i] + offsets[k]]
    out[i] = sum
  }
}

/** `out[i] = maxₖ x[bases[i] + offsets[k]]`; −∞ over nothing; NaN if one is. */
export const maxOver = (x: Values, { bases, offsets }: Reduction): Fill => (out) => {
  for (let i = 0; i < out.length; i++) {
    let max = -Infinity
    for (let k = 0; k < offsets.length; k++) max = Math.max(max, x[bases[i] + offsets[k]])
    out[i] = max
  }
}

/** How to walk a matrix: steps from row to row and from column to column. */
export interface Steps { readonly row: number; readonly column: number }

/** `out[b, i, j] = Σₖ x[b, i, k]·y[b, k, j]` for [m, k] · [k, n]. */
export const products = (x: Values, y: Values, [m, n, k]: readonly [number, number, number], p: Steps, q: Steps): Fill => (out) => {
  for (let e = 0, lead = 0; e < out.length; lead++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++, e++) {
        let at = lead * m * k + i * p.row
        let to = lead * k * n + j * q.column
        let sum = 0
        for (let c = 0; c < k; c++, at += p.column, to += q.row) sum += x[at] * y[to]
        out[e] = sum
      }
    }
  }
}

/** `out[map[i]] += x[i]`, from zero. */
export const accumulate = (x: Values, target: (i: number) => number): Fill => (out) => {
  out.fill(0)
  for (let i = 0; i < x.length; i++) out[target(i)] += x[i]
}

/**
 * For every element of `shape` in row-major order, Σ index[a]·strides[a] + base: where a view finds it in its source.
 * Every view (broadcast, transpose, slice, reverse) is such a map.
 */
export const indexMap = (shape: Shape, strides: readonly number[], base = 0): Int32Array => {
  const map = new Int32Array(sizeOf(shape))
  const index = shape.map(() => 0)
  let at = base
  for (let i = 0; i < map.length; i++) {
    map[i] = at
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++
      at += strides[axis]
      if (index[axis] < shape[axis]) break
      at -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return map
}

/** The inverse of an index map into `size` cells; −1 where nothing maps. */
export const inverseMap = (map: Int32Array, size: number): Int32Array => {
  const inverse = new Int32Array(size).fill(-1)
  for (let i = 0; i < map.length; i++) inverse[map[i]] = i
  return inverse
}

/** Where a reduction finds its summands: a base for each result, an offset for each summand. */
export interface Reduction { readonly bases: Int32Array; readonly offsets: Int32Array }

/** Bases of the kept axes and offsets of the reduced ones, for a reduction of `shape` over `axes`. */
export const reductionOf = (shape: Shape, axes: readonly number[]): Reduction => {
  const strides = stridesOf(shape)
  const kept = shape.map((_, a) => a).filter((a) => !axes.includes(a))
  const pick = (of: readonly number[]) => indexMap(of.map((a) => shape[a]), of.map((a) => strides[a]))
  return { bases: pick(kept), offsets: pick(axes) }
}

/** step(… step(step(from, 0), 1) …, n − 1): a fold over the numbers below n. */
export const foldTo = (n: number, from: number, step: (value: number, k: number) => number): number => {
  let value = from
  for (let k = 0; k < n; k++) value = step(value, k)
  return value
}
