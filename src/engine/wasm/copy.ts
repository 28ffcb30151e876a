/** Copies from one place with strides to another: runs of numbers, repeated numbers, backward runs, and transposed blocks. */
import type { Writer } from './assemble.js'
import { f32, f4, i32, v, type I, type V } from './instructions.js'
import { range, type Kernel, type Site } from './kernel.js'
import { countOf, joined, placesOf, type Axis } from './strides.js'

/** What is copied: from where to where, in bytes; the axes have a step in the source and one in the target. A number stands for itself. */
export interface Copy { readonly from: number | { readonly number: number }; readonly to: number; readonly axes: readonly Axis[] }

const shifted = ({ from, to, axes }: Copy, [source, target]: readonly number[], size: readonly Axis[] = axes): Copy =>
  ({ from: typeof from === 'number' ? from + source : from, to: to + target, axes: size })

/** One axis in blocks of a size: the whole blocks, with the axis of blocks in front of the others, and what is left. */
const inBlocks = (copy: Copy, axis: number, block: number): readonly Copy[] => {
  const { size, steps } = copy.axes[axis]
  const [full, rest] = [Math.floor(size / block), size % block]
  const resized = (n: number) => copy.axes.map((a, i) => (i === axis ? { ...a, size: n } : a))
  const blocks = { size: full, steps: steps.map((s) => s * block) }
  const outer = copy.axes.length - 2
  return [
    ...(full > 0 ? [shifted(copy, [0, 0], [...resized(block).slice(0, outer), blocks, ...resized(block).slice(outer)])] : []),
    ...(rest > 0 ? [shifted(copy, steps.map((s) => s * full * block), resized(rest))] : [])
  ]
}

/** How the numbers of a run are had: four from `offset` bytes behind `i`. */
type Vector = (i: I, offset: number) => V

/** Stores a run of numbers, four or more: whole vectors, the last one over some of those before it. */
export const stored = (w: Writer, numbers: number, target: I, to: number, vector: Vector): void => {
  const rounds = Math.floor(numbers / 16)
  const done = rounds > 1 ? rounds * 16 : 0
  if (rounds > 1) {
    w.range(0, done * 4, 64, (i) => {
      const at = w.keep(i32.add(target, i))
      for (const offset of [0, 16, 32, 48]) w.store(at, to + offset, vector(i, offset))
    })
  }
  for (let n = done; n < numbers; n += 4) {
    const first = Math.min(n, numbers - 4)
    w.store(target, to + first * 4, vector(i32.of(0), first * 4))
  }
}

/** Runs of one axis, a unit each. */
const runs = (site: Site, { from, to, axes }: Copy): Kernel => {
  const [outer, { size, steps: [source, target] }] = [axes.slice(0, -1), axes[axes.length - 1]]
  const [reading, writing] = [placesOf(site, outer, 0), placesOf(site, outer, 1)]
  const entry = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      // Steps may go backwards: the whole address is computed, nothing is left to an unsigned offset.
      const [there, here] = [w.keep(typeof from === 'number' ? i32.add(reading(w, u), from) : i32.of(0)), w.keep(writing(w, u))]
      if (typeof from !== 'number' || source === 0) {
        const all = typeof from === 'number' ? w.keep(f4.loadSplat(there)) : w.all(from.number)
        if (target === 4 && size >= 4) stored(w, size, here, to, () => all)
        else {
          w.range(0, size, 1, () => {
            w.storeFloat(here, to, f4.lane(all, 0))
            here.set(i32.add(here, target))
          })
        }
      } else if (target === 4 && source === 4 && size >= 4) stored(w, size, here, to, (i, offset) => f4.load(i32.add(there, i), offset))
      else if (target === 4 && source === 4) w.storePart(here, to, f4.load(there), size)
      else if (target === 4 && source === -4 && size >= 4) {
        stored(w, size, here, to, (i, offset) => {
          const four = w.keep(f4.load(i32.sub(i32.sub(there, i), offset + 12)))
          return v.shuffle(four, four, [3, 2, 1, 0])
        })
      } else {
        w.range(0, size, 1, () => {
          w.storeFloat(here, to, f32.load(there))
          here.set(i32.add(here, target))
          there.set(i32.add(there, source))
        })
      }
    })
  })
  const even = target === 4 && [0, 4, -4].includes(source)
  return { entry, extent: countOf(outer), cost: countOf(outer) * (1.5 + size * (even ? 0.08 : 0.5)) }
}

/** Four by four: vectors of columns from vectors of rows. */
const transposed4 = (w: Writer, [p, q, r, s]: readonly V[]): readonly V[] => {
  const [a, b] = [v.shuffle(p, q, [0, 4, 1, 5]), v.shuffle(r, s, [0, 4, 1, 5])].map((x) => w.keep(x))
  const [c, d] = [v.shuffle(p, q, [2, 6, 3, 7]), v.shuffle(r, s, [2, 6, 3, 7])].map((x) => w.keep(x))
  return [v.shuffle(a, b, [0, 1, 4, 5]), v.shuffle(a, b, [2, 3, 6, 7]), v.shuffle(c, d, [0, 1, 4, 5]), v.shuffle(c, d, [2, 3, 6, 7])]
}

/** A block whose last axis but one is contiguous in the source, and the last in the target. */
const blocks = (site: Site, { from, to, axes }: Copy): Kernel => {
  const [high, wide] = axes.slice(-2)
  const outer = axes.slice(0, -2)
  const [reading, writing] = [placesOf(site, outer, 0), placesOf(site, outer, 1)]
  const x = typeof from === 'number' ? from : 0
  const even = wide.size - (wide.size % 4)
  const entry = site.write(range, (w, [begin, end]) => {
    w.range(begin, end, 1, (u) => {
      const [there, here] = [w.keep(i32.add(reading(w, u), x)), w.keep(writing(w, u))]
      const four = (lanes: number) => {
        const rows = Array.from({ length: 4 }, (_, j) => w.keep(i32.add(there, wide.steps[0] * Math.min(j, lanes - 1))))
        for (let h = 0; h < high.size; h += 4) {
          const columns = transposed4(w, rows.map((row) => w.keep(f4.load(row, h * 4))))
          columns.slice(0, high.size - h).forEach((column, i) => { w.storePart(here, to + (h + i) * high.steps[1], column, lanes) })
        }
      }
      if (even > 0) {
        w.range(0, even, 4, () => {
          four(4)
          there.set(i32.add(there, wide.steps[0] * 4))
          here.set(i32.add(here, 16))
        })
      }
      if (even < wide.size) four(wide.size - even)
    })
  })
  return { entry, extent: countOf(outer), cost: countOf(outer) * (2 + high.size * wide.size * 0.18) }
}

/** Numbers of a run that are copied as one unit, rows and columns of a block that are. */
const [longest, height, breadth] = [1024, 16, 256]

/** Kernels that copy; they need not wait for each other. */
export const copying = (site: Site, copy: Copy): readonly Kernel[] => {
  const axes = joined(copy.axes)
  if (countOf(axes) === 0) return []
  const last = axes.at(-1) ?? { size: 1, steps: [4, 4] }
  const before = axes.slice(0, -1)
  const contiguous = before.findIndex((a) => a.steps[0] === 4)
  // A number that is repeated is better stored in a row than transposed.
  const turns = last.steps[1] === 4 && last.steps[0] !== 4 && !(last.steps[0] === 0 && last.size >= 8)
  if (typeof copy.from === 'number' && turns && contiguous >= 0) {
    const turned = shifted(copy, [0, 0], [...before.filter((_, i) => i !== contiguous), before[contiguous], last])
    return inBlocks(turned, before.length, breadth).flatMap((c) => inBlocks(c, c.axes.length - 2, height)).map((c) => blocks(site, c))
  }
  const straight = shifted(copy, [0, 0], [...before, last])
  const nobody = { size: 1, steps: [0, 0] }
  const all = last.size < 2 * longest ? [straight]
    : inBlocks({ ...straight, axes: [nobody, ...straight.axes] }, straight.axes.length, longest)
  return all.map((c) => runs(site, c))
}
