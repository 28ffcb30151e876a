/** Whether numbers are finite: each times 0 is added up, which is 0, or NaN. */
import type { Write, Writer } from './assemble.js'
import { f32, f4, i32, v, type Local, type V } from './instructions.js'
import { range, type Kernel } from './kernel.js'

/** What looks at numbers, and remembers whether all were finite. */
export interface Watch {
  readonly look: (...xs: readonly V[]) => void
  /** 0 in each lane, or NaN. */
  readonly seen: Local<'v'>
  /** Ones in the lanes where something was not finite. */
  readonly found: V
}

/** A watch that has seen nothing yet. */
export const watch = (w: Writer): Watch => {
  const seen = w.keep(v.zero)
  const nothing = (x: V): V => f4.mul(x, w.all(0))
  return {
    // Added up among themselves first: an addition waits for the one before.
    look: (...xs) => { if (xs.length > 0) seen.set(f4.add(seen, xs.map(nothing).reduce((a, b) => f4.add(a, b)))) },
    seen, found: f4.differ(seen, seen)
  }
}

/** Tells the flag where anything seen was not finite. */
export const raise = (w: Writer, flag: number, { found }: Watch): void => {
  w.when(v.any(found), () => { w.storeFloat(0, flag, f32.of(Number.NaN)) })
}

/** Tells the flag where one of `size` numbers from `at` on is not finite. */
export const checkKernel = (write: Write, at: number, size: number, flag: number): Kernel => ({
  entry: write(range, (w, [from, to]) => {
    const watched = watch(w)
    const whole = Math.floor(size / 4)
    const end = w.keep(i32.min(to, whole))
    w.range(w.keep(i32.mul(from, 16)), w.keep(i32.mul(end, 16)), 16, (i) => { watched.look(f4.load(i, at)) })
    if (size % 4 > 0) {
      w.when(i32.equal(to, whole + 1), () => { watched.look(v.and(f4.load(whole * 16, at), v.first(size % 4))) })
    }
    raise(w, flag, watched)
  }),
  extent: Math.ceil(size / 4),
  cost: size * 0.15
})
