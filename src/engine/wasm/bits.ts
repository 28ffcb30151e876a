/** Threefry-2x32-20 on four blocks at a time; the same bits as the reference (random/threefry.ts), draw for draw. */
import { f4, i32, i4, v, write, type Local, type V } from './assemble.js'
import type { FunctionCode } from './encode.js'

const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]] as const

/**
 * Fills rows of draws. At `table` stands, for each row, its key and its place: three int32. Eight draws at a time: the words of four
 * blocks, interleaved; a row may write past its end, the next one puts that right.
 */
export const bitsFunction = (name: string, table: number, to: number, rows: number, width: number): FunctionCode =>
  write(name, [], (w) => {
    const start = w.keep(i32.of(0))
    w.range(0, rows * 12, 12, (row) => {
      const [k0, k1] = [w.keep(i32.load(row, table)), w.keep(i32.load(row, table + 4))]
      const k2 = w.keep(i32.xor(i32.xor(k0, k1), i32.of(0x1bd11bda)))
      const keys = [k0, k1, k2].map((k) => w.keep(i4.splat(k)))
      const place = w.keep(i4.splat(i32.add(i32.load(row, table + 8), k0)))
      const counter = w.keep(v.constant([0, 1, 2, 3]))
      const [x, y]: readonly Local<'v'>[] = [w.local('v'), w.local('v')]
      const at = w.local('i')
      w.range(0, width * 4, 32, (column) => {
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
        w.store(at, to, v.shuffle(p, q, [0, 4, 1, 5]))
        w.store(at, to + 16, v.shuffle(p, q, [2, 6, 3, 7]))
        counter.set(i4.add(counter, w.allInt(4)))
      })
      start.set(i32.add(start, i32.of(width * 4)))
    })
  })
