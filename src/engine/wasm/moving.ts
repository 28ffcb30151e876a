/** Places that move from step to step of a loop, and copies between places. */
import type { Write, Writer } from './assemble.js'
import { f4, i32, type I } from './instructions.js'
import { range, type Kernel } from './kernel.js'

/** Values of one step of a loop, `bytes` from one step to the next; at `clock` stands which it is. */
export interface Moving { readonly at: number; readonly bytes: number; readonly clock: number }

/** How far something that moves has moved. */
export const shiftOf = (w: Writer, { bytes, clock }: Moving): I => w.keep(i32.mul(i32.load(0, clock), bytes))

/** A place that stays, or one that moves from step to step of a loop. */
export type Place = number | Moving

/** Copies `size` numbers, and writes no others. */
export const copyKernel = (write: Write, from: Place, to: Place, size: number): Kernel => ({
  entry: write(range, (w, [begin, end]) => {
    const [source, target] = [from, to].map((place) => {
      if (typeof place === 'number') return { at: place, of: (i: I) => i }
      const shift = shiftOf(w, place)
      return { at: place.at, of: (i: I): I => w.keep(i32.add(i, shift)) }
    })
    const whole = Math.floor(size / 4)
    const copy = (i: I, lanes: number) => { w.storePart(target.of(i), target.at, f4.load(source.of(i), source.at), lanes) }
    const stop = w.keep(i32.min(end, whole))
    w.range(w.keep(i32.mul(begin, 16)), w.keep(i32.mul(stop, 16)), 16, (i) => { copy(i, 4) })
    if (size % 4 > 0) w.when(i32.equal(end, whole + 1), () => { copy(w.keep(i32.of(whole * 16)), size % 4) })
  }),
  extent: Math.ceil(size / 4),
  cost: size * 0.2
})
