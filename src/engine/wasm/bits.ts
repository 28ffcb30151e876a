/** Threefry-2x32-20 on four blocks at a time; the same bits as the reference (random/threefry.ts), draw for draw. */
import type { Write } from './assemble.js'
import { f4, i32, i4, v, type I, type Local, type V } from './instructions.js'
import { range, type Kernel } from './kernel.js'

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]] as const

/**
 * Fills rows of draws. At `table` stands, for each row, its key and its place: three int32. Eight draws at a time: the words of four
 * blocks, interleaved.
 */
export const bitsKernel = (write: Write, table: number, to: number, rows: number, width: number): Kernel => ({
  entry: write(range, (w, [first, last]) => {
    const start = w.keep(i32.mul(first, i32.of(width * 4)))
    const whole = width - (width % 8)
    w.range(w.keep(i32.mul(first, i32.of(12))), w.keep(i32.mul(last, i32.of(12))), 12, (row) => {
      const [k0, k1] = [w.keep(i32.load(row, table)), w.keep(i32.load(row, table + 4))]
      const k2 = w.keep(i32.xor(i32.xor(k0, k1), i32.of(0x1bd11bda)))
      const keys = [k0, k1, k2].map((k) => w.keep(i4.splat(k)))
      const place = w.keep(i4.splat(i32.add(i32.load(row, table + 8), k0)))
      const counter = w.keep(v.constant([0, 1, 2, 3]))
      const [x, y]: readonly Local<'v'>[] = [w.local('v'), w.local('v')]
      const at = w.local('i')
      const eight = (column: I, lanes: number) => {
        x.set(place)
        y.set(i4.add(counter, keys[1]))
        for (let group = 0; group < 5; group++) {
          for (const turn of rotations[group % 2]) {
            x.set(i4.add(x, y))
            y.set(v.xor(i4.rotl(y, turn), x))
          }
          x.set(i4.add(x, keys[(group + 1) % 3]))
          y.set(i4.add(i4.add(y, keys[(group + 2) % 3]), w.allInt(group + 1)))
        }
        const draw = (words: V) => w.keep(f4.ofInt(i4.shiftRight(words, 8)))
        const [p, q] = [draw(x), draw(y)]
        at.set(i32.add(start, column))
        w.storePart(at, to, v.shuffle(p, q, [0, 4, 1, 5]), Math.min(lanes, 4))
        if (lanes > 4) w.storePart(at, to + 16, v.shuffle(p, q, [2, 6, 3, 7]), lanes - 4)
      }
      if (whole > 0) {
        w.range(0, whole * 4, 32, (column) => {
          eight(column, 8)
          counter.set(i4.add(counter, w.allInt(4)))
        })
      }
      if (width > whole) eight(i32.of(whole * 4), width - whole)
      start.set(i32.add(start, i32.of(width * 4)))
    })
  }),
  extent: rows,
  cost: rows * width * 2.2
})
