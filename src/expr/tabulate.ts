/**
 * The loops of the reference engine. A primitive says its value at an index (`tabulate`) or over an index map; what runs
 * through memory stands here, once.
 */
import type { Run, Values } from './node.js'
import { sizeOf, stridesOf, type Shape } from './shape.js'

/** Fills a buffer with the value at each index. */
export type Fill = (out: Values, run: Run) => void

/** `out[i] = at(i)`. */
export const tabulate = (at: (i: number) => number): Fill => (out) => {
  for (let i = 0; i < out.length; i++) out[i] = at(i)
}

/** Σₖ at(k), k = 0 … n − 1. */
export const sumOf = (n: number, at: (k: number) => number): number => {
  let sum = 0
  for (let k = 0; k < n; k++) sum += at(k)
  return sum
}

/** Σₖ x[base + offsets[k]]. */
export const sumAt = (x: Values, base: number, offsets: Int32Array): number => {
  let sum = 0
  for (let k = 0; k < offsets.length; k++) sum += x[base + offsets[k]]
  return sum
}

/** maxₖ x[base + offsets[k]]; −∞ over nothing; NaN if one is. */
export const maxAt = (x: Values, base: number, offsets: Int32Array): number => {
  let max = -Infinity
  for (let k = 0; k < offsets.length; k++) max = Math.max(max, x[base + offsets[k]])
  return max
}

/** Σₖ x[i + k·si]·y[j + k·sj], k = 0 … n − 1: a strided inner product. */
export const dot = (n: number, x: Values, i: number, si: number, y: Values, j: number, sj: number): number => {
  let sum = 0
  for (let k = 0, p = i, q = j; k < n; k++, p += si, q += sj) sum += x[p] * y[q]
  return sum
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

/** Bases of the kept axes and offsets of the reduced ones, for a reduction of `shape` over `axes`. */
export const reductionMaps = (shape: Shape, axes: readonly number[]): { readonly bases: Int32Array; readonly offsets: Int32Array } => {
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
