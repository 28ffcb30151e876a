/**
 * What is too near to 0 becomes 0. Arithmetic that meets or makes subnormal numbers is many times slower, WebAssembly has no switch for
 * it, and what decays without a gradient ends there and stays: a moment within some hundred steps, a weight under L2 within some hundred
 * thousand (online learning then took twice as long).
 */
import type { Write, Writer } from './assemble.js'
import { f4, i32, i4, v, type V } from './instructions.js'
import { range, type Kernel } from './kernel.js'

/** The bits of an exponent: all 0 in what is subnormal, where slots and layer state are flushed in every step. */
const exponent = 0x7f800000

/** The smallest number whose square, as penalties make it, is not subnormal: parameters are flushed there. */
const negligible = 2 ** -63

/** After every so many steps: weights decay slowly, and once in a while costs nothing. Steps are counted from the beginning of a run. */
export const sweptEvery = 64

/** x without subnormal numbers. NaN stays, so that it is told of. */
export const flushed = (w: Writer, x: V): V => v.andNot(x, i4.equal(v.and(x, w.allInt(exponent)), v.zero))

/** x, or 0 where it is negligible. NaN stays here, too. */
const swept = (w: Writer, x: V): V => v.andNot(x, f4.less(f4.abs(x), w.all(negligible)))

/** Flushes a parameter where it lies: what is negligible is 0. */
export const sweepKernel = (write: Write, at: number, size: number): Kernel => ({
  entry: write(range, (w, [begin, end]) => {
    w.range(w.keep(i32.mul(begin, 16)), w.keep(i32.mul(end, 16)), 16, (i) => {
      w.store(i, at, swept(w, w.keep(f4.load(i, at))))
    })
  }),
  extent: Math.ceil(size / 4),
  cost: size * 0.2
})
