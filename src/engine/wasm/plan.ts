/** How a product is divided: what one unit of work is, and which factors are packed for it. Shapes alone decide. */
import { cut, heights, panels, type Block, type Pieces, type Reading } from './block.js'
import type { Once, Site } from './kernel.js'
import { tallest, vectorsOf } from './tile.js'

/** One number for each of the two factors and the result. */
export interface Three { readonly a: number; readonly b: number; readonly c: number }

/**
 * A product [m, k]·[k, n], `lead` times. A factor may be a slice of something larger: its rows then lie `strides` apart, its matrices
 * `leads` apart. What it writes must be none of what it reads.
 */
export interface Product {
  readonly lead: number
  readonly m: number
  readonly n: number
  readonly k: number
  /** Which factors are stored transposed. */
  readonly a: boolean
  readonly b: boolean
  /** Where they lie, in bytes. */
  readonly at: Three
  /** Numbers from one stored row to the next; else rows lie one behind the other. */
  readonly strides?: Partial<Three>
  /** Numbers from one matrix to the next; else matrices lie one behind the other. */
  readonly leads?: Partial<Three>
  /** Where a row lies that is added to every row of the result: n numbers. */
  readonly bias?: number
  /** Adds to what is there, instead of a bias. Such a kernel must not be done again. */
  readonly accumulate?: boolean
  /** b serves many products: it is packed once for all, however few rows each of them has. */
  readonly once?: Once | undefined
}

/** Numbers from one row, and from one matrix, to the next. */
export const layoutOf = ({ m, n, k, a, b, strides, leads }: Product): { readonly strides: Three; readonly leads: Three } => {
  const s = { a: strides?.a ?? (a ? m : k), b: strides?.b ?? (b ? k : n), c: strides?.c ?? n }
  return { strides: s, leads: { a: leads?.a ?? s.a * (a ? k : m), b: leads?.b ?? s.b * (b ? n : k), c: leads?.c ?? s.c * m } }
}

/**
 * Units of work. By panels of columns: each packs its own part of b, and a is packed before for all. By blocks of rows: the other way
 * round. By the leading index: whole products.
 */
export interface Plan {
  readonly by: 'columns' | 'rows' | 'lead'
  readonly units: readonly Pieces[]
  /** What is done for a unit of a size. */
  readonly block: (size: number) => Block
  readonly reading: Block['reading']
  /** The panels of a and b that are packed before. */
  readonly down: readonly Pieces[]
  readonly across: readonly Pieces[]
}

/** Longest piece of the inner dimension: a panel of b and the rows of a tile for it fit the first cache. */
const depth = 512

/** A factor smaller than this is read as it lies: it stays in the first cache. */
const small = 4096

/** Fewer rows do not pay for packing b, and less so where it has to be transposed, but for short rows inner products cost more. */
const isInner = ({ m, k, a, b }: Product): boolean => b && !a && m <= (k >= 48 ? 16 : k >= 16 ? 6 : 3)

/** Divides a product. */
export const planOf = (site: Pick<Site, 'write'>, p: Product): Plan => {
  const { m, n, k } = p
  const serves = p.once !== undefined
  const inner = !serves && isInner(p)
  const by = p.lead > 1 ? 'lead' : inner || m <= 2 || (n >= 64 && m <= 1024) ? 'columns' : 'rows'
  const packsA = p.a && m > 8 && n > 16 && m * k > small
  const packsB = p.b ? !inner : (serves || m >= 16) && n > 16 && n * k > small
  const read = (packs: boolean, before: boolean): Reading => (!packs ? 'lying' : before ? 'packed' : 'packing')
  const reading = { a: read(packsA, by === 'columns'), b: read(packsB, serves || by === 'rows') }
  const across = inner ? cut(n, m === 1 ? 8 : 4) : panels(m, n, !packsA)
  const start = p.accumulate === true ? 'result' : p.bias === undefined ? 'zero' : 'row'
  const of = (rows: number, columns: readonly Pieces[]): Block =>
    ({ rows, across: columns, k, a: p.a, b: p.b, strides: layoutOf(p).strides, reading, start, inner, depth })
  const height = Math.min(m, tallest(packsA ? 2 : vectorsOf(across[0].size), site))
  // About sixteen units, of one to eight tiles.
  const tiles = Math.max(1, Math.min(8, Math.round(m / (16 * height))))
  const down = heights(m, height)
  return {
    by, reading, down, across,
    ...(by === 'columns' ? { units: across, block: (size) => of(m, [{ size, from: 0, count: 1 }]) }
    : by === 'rows' ? { units: tiles === 1 ? down : cut(m, tiles * height), block: (size) => of(size, across) }
    : { units: [{ size: 1, from: 0, count: p.lead }], block: () => of(m, across) })
  }
}
