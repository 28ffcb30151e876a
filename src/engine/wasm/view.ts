/** The same values at other places: what a view costs is one copy. */
import type { Expr } from '../../expr/node.js'
import { stridesOf, type Shape } from '../../expr/shape.js'
import { copying, type Copy } from './copy.js'
import type { Emit, Site } from './kernel.js'
import { together } from './together.js'

/** What views say about themselves, each its part. */
interface View { readonly order: readonly number[]; readonly start: readonly number[]; readonly axis: number }

const attributesOf = (e: Expr): View => (e as Expr<View>).attributes

const bytes = (shape: Shape): readonly number[] => stridesOf(shape).map((s) => s * 4)

/** Axes of a shape with their steps in source and target. */
const stepped = (shape: Shape, source: readonly number[], target: readonly number[]) =>
  shape.map((size, a) => ({ size, steps: [source[a], target[a]] }))

const offset = (start: readonly number[], steps: readonly number[]): number => start.reduce((sum, s, a) => sum + s * steps[a], 0)

const emit = (site: Site, copies: readonly Copy[]) => together(site, copies.flatMap((c) => copying(site, c)))

/** A view of its one argument: each axis goes on by `steps` bytes in it, from `base` on. */
const viewed = (of: (e: Expr) => { readonly steps: readonly number[]; readonly base?: number }): Emit => (site, e) => {
  const { steps, base = 0 } = of(e)
  return emit(site, [{ from: site.at(e.args[0]) + base, to: site.at(e), axes: stepped(e.shape, steps, bytes(e.shape)) }])
}

/** Axes in another order. */
export const transpose: Emit = viewed((e) => {
  const steps = bytes(e.args[0].shape)
  return { steps: attributesOf(e).order.map((a) => steps[a]) }
})

/** A window. */
export const slice: Emit = viewed((e) => {
  const steps = bytes(e.args[0].shape)
  return { steps, base: offset(attributesOf(e).start, steps) }
})

/** One axis backwards. */
export const reverse: Emit = viewed((e) => {
  const { axis } = attributesOf(e)
  const steps = bytes(e.shape)
  return { steps: steps.map((s, a) => (a === axis ? -s : s)), base: Math.max(0, e.shape[axis] - 1) * steps[axis] }
})

/** Repeated along axes, written out. */
export const broadcast: Emit = viewed((e) => {
  const { shape } = e.args[0]
  const [steps, missing] = [bytes(shape), e.shape.length - shape.length]
  return { steps: e.shape.map((_, a) => (a < missing || shape[a - missing] === 1 ? 0 : steps[a - missing])) }
})

/** Laid into zeros: the window is copied, and what is before and behind it on each axis cleared. */
export const pad: Emit = (site, e) => {
  const { start } = attributesOf(e)
  const [x] = e.args
  const [inner, steps] = [bytes(x.shape), bytes(e.shape)]
  const zero = { number: 0 }
  // Axes in front of this one are within the window, those behind it are whole.
  const border = e.shape.flatMap((size, axis): readonly Copy[] => {
    const box = (from: number, length: number): Copy => ({
      from: zero,
      to: site.at(e) + offset(start.slice(0, axis), steps) + from * steps[axis],
      axes: e.shape.map((whole, a) => ({ size: a < axis ? x.shape[a] : a === axis ? length : whole, steps: [0, steps[a]] }))
    })
    return [box(0, start[axis]), box(start[axis] + x.shape[axis], size - start[axis] - x.shape[axis])]
  })
  return emit(site, [{ from: site.at(x), to: site.at(e) + offset(start, steps), axes: stepped(x.shape, inner, steps) }, ...border])
}

/** One after the other along an axis. */
export const concat: Emit = (site, e) => {
  const { axis } = attributesOf(e)
  const steps = bytes(e.shape)
  return emit(site, e.args.map((x, k) => ({
    from: site.at(x),
    to: site.at(e) + e.args.slice(0, k).reduce((n, y) => n + y.shape[axis], 0) * steps[axis],
    axes: stepped(x.shape, bytes(x.shape), steps)
  })))
}
