/** Places in memory as functions of a running number: nested loops over axes with strides, flattened. */
import type { Writer } from './assemble.js'
import { i32, type I } from './instructions.js'
import type { Site } from './kernel.js'

/** An axis: how many steps, and how many bytes each goes on in one or several tensors. */
export interface Axis { readonly size: number; readonly steps: readonly number[] }

/** Axes without those of one step, neighbours joined where they make one regular axis in every tensor. */
export const joined = (axes: readonly Axis[]): readonly Axis[] =>
  axes.filter((a) => a.size !== 1).reduce<readonly Axis[]>((done, next) => {
    const last = done.at(-1)
    return last !== undefined && last.steps.every((step, k) => step === next.steps[k] * next.size)
      ? [...done.slice(0, -1), { size: last.size * next.size, steps: next.steps }]
      : [...done, next]
  }, [])

/** How many places there are. */
export const countOf = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * a.size, 1)

/** The offset of each place, the last axis running fastest. */
const offsets = (axes: readonly Axis[], tensor: number): Int32Array => {
  const made = new Int32Array(countOf(axes))
  let filled = Math.min(1, made.length)
  for (const { size, steps } of [...axes].reverse()) {
    for (let i = 1; i < size; i++) for (let j = 0; j < filled; j++) made[i * filled + j] = made[j] + i * steps[tensor]
    filled *= size
  }
  return made
}

/** Where place number u lies in one of the tensors: a product where the axes are regular, else looked up. */
export const placesOf = (site: Site, axes: readonly Axis[], tensor: number): ((w: Writer, u: I) => I) => {
  const own = joined(axes.map(({ size, steps }) => ({ size, steps: [steps[tensor]] })))
  if (own.length === 0) return () => i32.of(0)
  if (own.length === 1) return (_, u) => i32.mul(u, own[0].steps[0])
  const table = site.table(offsets(own, 0))
  return (_, u) => i32.load(i32.mul(u, 4), table)
}
