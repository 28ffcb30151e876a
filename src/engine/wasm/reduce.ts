/** Sums over axes, accumulated in float64 as the reference does, and copies through index tables. */
import type { Shape } from '../../expr/shape.js'
import { sizeOf } from '../../expr/shape.js'
import { f32, f4, f64, f8, i32, v, write } from './assemble.js'
import type { FunctionCode } from './encode.js'

/** How the axes of a sum lie: the last ones (rows are summed), the first ones (columns are), or mixed. */
interface LayoutOfSum { readonly _tag: 'Rows' | 'Columns' | 'Mixed'; readonly rows: number; readonly width: number }

/** The layout of a sum of `shape` over `axes`. */
export const layoutOfSum = (shape: Shape, axes: readonly number[]): LayoutOfSum => {
  const real = shape.map((size, a) => ({ size, summed: axes.includes(a) })).filter(({ size }) => size !== 1)
  const turns = real.filter((x, i) => i > 0 && x.summed !== real[i - 1].summed).length
  const lastSummed = real.at(-1)?.summed ?? true
  const trailing = real.slice(real.findLastIndex((x) => x.summed !== lastSummed) + 1)
  const width = sizeOf(trailing.map((x) => x.size))
  return { _tag: turns > 1 ? 'Mixed' : lastSummed ? 'Rows' : 'Columns', rows: width === 0 ? 0 : sizeOf(shape) / width, width }
}

/** out[r] = Σ x[r, ·]: two float64 sums, then their sum. */
export const sumRows = (name: string, from: number, to: number, rows: number, width: number): FunctionCode =>
  write(name, [], (w) => {
    const whole = width - (width % 4)
    const start = w.keep(i32.of(0))
    w.range(0, rows * 4, 4, (row) => {
      const [low, high] = [w.keep(v.constant([0, 0, 0, 0])), w.keep(v.constant([0, 0, 0, 0]))]
      const at = w.local('i')
      const take = (x: ReturnType<typeof f4.load>) => {
        const four = w.keep(x)
        low.set(f8.add(low, f4.promoteLow(four)))
        high.set(f8.add(high, f4.promoteLow(v.shuffle(four, four, [2, 3, 2, 3]))))
      }
      if (whole > 0) {
        w.range(0, whole * 4, 16, (column) => {
          at.set(i32.add(start, column))
          take(f4.load(at, from))
        })
      }
      if (width > whole) {
        at.set(i32.add(start, i32.of(whole * 4)))
        const live = v.constant([0, 1, 2, 3].map((lane) => (lane < width - whole ? -1 : 0)) as [number, number, number, number])
        take(v.and(f4.load(at, from), live))
      }
      const both = w.keep(f8.add(low, high))
      w.storeFloat(row, to, f32.demote(f64.add(f8.lane(both, 0), f8.lane(both, 1))))
      start.set(i32.add(start, i32.of(width * 4)))
    })
  })

/** out[c] = Σ x[·, c], four columns at a time, in float64. */
export const sumColumns = (name: string, from: number, to: number, rows: number, width: number): FunctionCode =>
  write(name, [], (w) => {
    w.range(0, width * 4, 16, (column) => {
      const [low, high] = [w.keep(v.constant([0, 0, 0, 0])), w.keep(v.constant([0, 0, 0, 0]))]
      const at = w.keep(column)
      w.range(0, rows, 1, () => {
        const four = w.keep(f4.load(at, from))
        low.set(f8.add(low, f4.promoteLow(four)))
        high.set(f8.add(high, f4.promoteLow(v.shuffle(four, four, [2, 3, 2, 3]))))
        at.set(i32.add(at, i32.of(width * 4)))
      })
      w.store(column, to, v.shuffle(f4.demote(low), f4.demote(high), [0, 1, 4, 5]))
    })
  })

/** out[i] = the float32 at table[i], a byte address. */
export const copyByTable = (name: string, table: number, to: number, size: number): FunctionCode =>
  write(name, [], (w) => {
    w.range(0, size * 4, 4, (at) => { w.storeFloat(at, to, f32.load(i32.load(at, table))) })
  })
