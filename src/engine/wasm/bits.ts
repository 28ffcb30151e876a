/** Threefry-2x32-20 on four blocks at a time; the same bits as the reference (random/threefry.ts), draw for draw. */
import type { Write } from './assemble.js'
import { f4, i32, i4, v, type I, type Local, type V } from './instructions.js'
import { range, type Kernel } from './kernel.js'

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]] as const

/**
 * Fills rows of draws. At `table` stands, for each row, its key and its place: three int32. Four blocks make eight draws, their words
 * interleaved; twice as many at a time, where there are so many, for each round waits for the one before.
 */
export const bitsKernel = (write: Write, table: number, to: number, rows: number, width: number): Kernel => ({
  entry: write(range, (w, [first, last]) => {
    const start = w.keep(i32.mul(first, width * 4))
    w.range(w.keep(i32.mul(first, 12)), w.keep(i32.mul(last, 12)), 12, (row) => {
      const [k0, k1] = [w.keep(i32.load(row, table)), w.keep(i32.load(row, table + 4))]
      const k2 = w.keep(i32.xor(i32.xor(k0, k1), 0x1bd11bda))
      const keys = [k0, k1, k2].map((k) => w.keep(i4.splat(k)))
      const place = w.keep(i4.splat(i32.add(i32.load(row, table + 8), k0)))
      const counter = w.keep(v.constant([0, 1, 2, 3]))
      const words = [0, 1].map((): readonly Local<'v'>[] => [w.local('v'), w.local('v')])
      const at = w.local('i')
      /** So many draws, sixteen at most, and the counter past them. */
      const drawn = (column: I, draws: number) => {
        const blocks = words.slice(0, Math.ceil(draws / 8))
        blocks.forEach(([x, y], i) => {
          x.set(place)
          y.set(i4.add(i === 0 ? counter : i4.add(counter, w.allInt(4 * i)), keys[1]))
        })
        for (let group = 0; group < 5; group++) {
          for (const turn of rotations[group % 2]) {
            for (const [x, y] of blocks) x.set(i4.add(x, y))
            for (const [x, y] of blocks) y.set(v.xor(i4.rotl(y, turn), x))
          }
          for (const [x, y] of blocks) {
            x.set(i4.add(x, keys[(group + 1) % 3]))
            y.set(i4.add(i4.add(y, keys[(group + 2) % 3]), w.allInt(group + 1)))
          }
        }
        at.set(i32.add(start, column))
        const draw = (word: V) => w.keep(f4.ofInt(i4.shiftRight(word, 8)))
        blocks.forEach(([x, y], i) => {
          const [p, q, lanes] = [draw(x), draw(y), draws - 8 * i]
          w.storePart(at, to + 32 * i, v.shuffle(p, q, [0, 4, 1, 5]), Math.min(lanes, 4))
          if (lanes > 4) w.storePart(at, to + 32 * i + 16, v.shuffle(p, q, [2, 6, 3, 7]), Math.min(lanes, 8) - 4)
        })
        counter.set(i4.add(counter, w.allInt(8)))
      }
      const whole = width - (width % 16)
      if (whole > 0) w.range(0, whole * 4, 64, (column) => { drawn(column, 16) })
      if (width > whole) drawn(i32.of(whole * 4), width - whole)
      start.set(i32.add(start, width * 4))
    })
  }),
  extent: rows,
  cost: rows * width * 1.6
})
