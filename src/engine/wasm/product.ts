/**
 * Matrix products. A tile of the result lives in registers while the inner dimension runs: rows × vectors of four columns. The tile is
 * a function of its own, with strides as literals; a driver calls it over the result.
 */
import { f32, f4, i32, v, write, type Local } from './assemble.js'
import type { FunctionCode } from './encode.js'

/** A product [m, k] · [k, n], `lead` times; which factors are stored transposed; where they lie, in bytes. */
export interface Product {
  readonly lead: number
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: boolean
  readonly b: boolean
  readonly at: { readonly a: number; readonly b: number; readonly c: number }
}

/** Sizes of a tile: few rows leave registers for more columns. */
const tileOf = (m: number): { readonly rows: number; readonly vectors: number } =>
  m === 1 ? { rows: 1, vectors: 8 }
  : m === 2 ? { rows: 2, vectors: 4 }
  : m === 3 ? { rows: 3, vectors: 4 }
  : { rows: Math.min(m, 6), vectors: 2 }

/** Begins of blocks of a size in a range, and how long each is. */
const blocks = (total: number, size: number): readonly { readonly length: number; readonly from: number; readonly count: number }[] => {
  const whole = Math.floor(total / size)
  const rest = total - whole * size
  return [
    ...(whole > 0 ? [{ length: size, from: 0, count: whole }] : []),
    ...(rest > 0 ? [{ length: rest, from: whole * size, count: 1 }] : [])
  ]
}

/** c[rows, columns] = Σₖ a[·, k]·b[k, ·]; parameters are the three pointers. b lies by rows, `step` bytes from one to the next. */
const tile = (name: string, { m, n, k, a }: Product, rows: number, columns: number, step: number): FunctionCode =>
  write(name, ['i', 'i', 'i'], (w, [from, by, to]) => {
    const vectors = Math.ceil(columns / 4)
    const [rowStep, depthStep] = a ? [4, m * 4] : [k * 4, 4]
    const sums = Array.from({ length: rows }, () => Array.from({ length: vectors }, () => w.keep(v.constant([0, 0, 0, 0]))))
    w.range(0, k, 1, () => {
      const right = Array.from({ length: vectors }, (_, c) => w.keep(f4.load(by, c * 16)))
      sums.forEach((row, r) => {
        const left = w.keep(f4.loadSplat(from, r * rowStep))
        row.forEach((sum, c) => { sum.set(f4.add(sum, f4.mul(left, right[c]))) })
      })
      from.set(i32.add(from, i32.of(depthStep)))
      by.set(i32.add(by, i32.of(step)))
    })
    sums.forEach((row, r) => {
      row.forEach((sum, c) => { w.storePart(to, r * n * 4 + c * 16, sum, Math.min(4, columns - c * 4)) })
    })
  })

/** c[rows, columns] = Σₖ a[·, k]·b[·, k], both stored by rows: inner products, four terms at a time. */
const inner = (name: string, { n, k }: Product, rows: number, columns: number): FunctionCode =>
  write(name, ['i', 'i', 'i'], (w, [from, by, to]) => {
    const sums = Array.from({ length: rows }, () => Array.from({ length: columns }, () => w.keep(v.constant([0, 0, 0, 0]))))
    const whole = k - (k % 4)
    const terms = (live: (x: ReturnType<typeof f4.load>) => ReturnType<typeof f4.load>) => {
      const right = Array.from({ length: columns }, (_, c) => w.keep(live(f4.load(by, c * k * 4))))
      sums.forEach((row, r) => {
        const left = w.keep(live(f4.load(from, r * k * 4)))
        row.forEach((sum, c) => { sum.set(f4.add(sum, f4.mul(left, right[c]))) })
      })
    }
    if (whole > 0) {
      w.range(0, whole, 4, () => {
        terms((x) => x)
        from.set(i32.add(from, i32.of(16)))
        by.set(i32.add(by, i32.of(16)))
      })
    }
    // What is read past the end of a row may be NaN: the terms that are none become 0.
    const mask = v.constant([0, 1, 2, 3].map((lane) => (lane < k - whole ? -1 : 0)) as [number, number, number, number])
    if (k > whole) terms((x) => v.and(x, mask))
    sums.forEach((row, r) => {
      row.forEach((sum, c) => {
        const [p, q] = [f32.add(f4.lane(sum, 0), f4.lane(sum, 1)), f32.add(f4.lane(sum, 2), f4.lane(sum, 3))]
        w.storeFloat(to, r * n * 4 + c * 4, f32.add(p, q))
      })
    })
  })

/** Rows from which packing a panel of b pays. */
const packedFrom = 12

/** A panel of b, k rows of eight columns, laid one row behind the other; parameters are from and to. Columns past the end are garbage. */
const pack = (name: string, { n, k, b }: Product, columns: number): FunctionCode =>
  write(name, ['i', 'i'], (w, [from, to]) => {
    if (!b) {
      w.range(0, k, 1, () => {
        w.store(to, 0, f4.load(from))
        if (columns > 4) w.store(to, 16, f4.load(from, 16))
        from.set(i32.add(from, i32.of(n * 4)))
        to.set(i32.add(to, i32.of(32)))
      })
      return
    }
    // Four by four: rows of b become columns of the panel.
    const whole = k - (k % 4)
    const halves = columns > 4 ? [0, 4] : [0]
    const four = (store: (to: Local<'i'>, offset: number, x: ReturnType<typeof f4.load>, row: number) => void) => {
      for (const half of halves) {
        const [p, q, r, s] = [0, 1, 2, 3].map((j) => w.keep(f4.load(from, Math.min(half + j, columns - 1) * k * 4)))
        const [pq, PQ] = [v.shuffle(p, q, [0, 4, 1, 5]), v.shuffle(p, q, [2, 6, 3, 7])].map((x) => w.keep(x))
        const [rs, RS] = [v.shuffle(r, s, [0, 4, 1, 5]), v.shuffle(r, s, [2, 6, 3, 7])].map((x) => w.keep(x))
        store(to, half * 4, v.shuffle(pq, rs, [0, 1, 4, 5]), 0)
        store(to, 32 + half * 4, v.shuffle(pq, rs, [2, 3, 6, 7]), 1)
        store(to, 64 + half * 4, v.shuffle(PQ, RS, [0, 1, 4, 5]), 2)
        store(to, 96 + half * 4, v.shuffle(PQ, RS, [2, 3, 6, 7]), 3)
      }
    }
    w.range(0, whole, 4, () => {
      four((at, offset, x) => { w.store(at, offset, x) })
      from.set(i32.add(from, i32.of(16)))
      to.set(i32.add(to, i32.of(128)))
    })
    if (k > whole) four((at, offset, x, row) => { if (row < k - whole) w.store(at, offset, x) })
  })

/** How many numbers of scratch a product wants for its panel. */
export const scratchOf = ({ m, k }: { readonly m: number; readonly k: number }): number => (m >= packedFrom ? k * 8 + 16 : 0)

/** The functions of a product; the last is its driver. `index` is the number of the first in the module, `panel` where it may pack. */
export const productFunctions = (name: string, p: Product, index: number, panel: number): readonly FunctionCode[] => {
  const packed = scratchOf(p) > 0
  const byInner = p.b && !packed
  const { rows, vectors } = byInner ? { rows: Math.min(p.m, 2), vectors: 1 } : tileOf(p.m)
  const width = byInner ? Math.min(p.n, p.m === 1 ? 8 : 4) : vectors * 4
  const [down, across] = [blocks(p.m, rows), blocks(p.n, width)]
  const kinds = across.flatMap((c) => down.map((r) => ({ r, c })))
  const tiles = kinds.map(({ r, c }, i) => {
    const of = `${name}_${i}`
    return byInner ? inner(of, p, r.length, c.length) : tile(of, p, r.length, c.length, packed ? 32 : p.n * 4)
  })
  const packs = packed ? across.map((c, i) => pack(`${name}_pack${i}`, p, c.length)) : []
  const driver = write(name, [], (w) => {
    const [from, by, to]: readonly Local<'i'>[] = [w.local('i'), w.local('i'), w.local('i')]
    w.range(0, p.lead, 1, (lead) => {
      across.forEach((c, ci) => {
        w.range(c.from, c.from + c.count * c.length, c.length, (column) => {
          const begin = i32.add(i32.of(p.at.b), i32.add(i32.mul(lead, i32.of(p.n * p.k * 4)), i32.mul(column, i32.of(p.b ? p.k * 4 : 4))))
          if (packed) w.call(index + tiles.length + ci, [begin, i32.of(panel)])
          down.forEach((r, ri) => {
            w.range(r.from, r.from + r.count * r.length, r.length, (row) => {
              from.set(i32.add(i32.of(p.at.a), i32.add(i32.mul(lead, i32.of(p.m * p.k * 4)), i32.mul(row, i32.of(p.a ? 4 : p.k * 4)))))
              by.set(packed ? i32.of(panel) : begin)
              const cell = i32.add(i32.mul(row, i32.of(p.n)), column)
              to.set(i32.add(i32.of(p.at.c), i32.add(i32.mul(lead, i32.of(p.m * p.n * 4)), i32.mul(cell, i32.of(4)))))
              w.call(index + ci * down.length + ri, [from, by, to])
            })
          })
        })
      })
    })
  })
  return [...tiles, ...packs, driver]
}
