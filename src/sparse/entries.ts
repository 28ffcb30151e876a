/** Loops over the entries of sparse rows, and over the rows of a block that they name. */
import type { Values } from '../expr/node.js'

/** Where the first entry is that lies outside, that does not ascend, that is not finite; −1 if none. */
export const misplaced = (columns: number, { offsets, indices, values }: Entries) => {
  let [outside, descending, infinite] = [-1, -1, -1]
  for (let row = 0; row + 1 < offsets.length; row++) {
    let before = -1
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      const index = indices[e]
      if (outside < 0 && (index < 0 || index >= columns)) outside = e
      if (descending < 0 && index <= before && e > offsets[row]) descending = e
      if (infinite < 0 && !Number.isFinite(values[e])) infinite = e
      before = index
    }
  }
  return { outside, descending, infinite }
}

/** Sparse rows, as `Csr` has them. */
interface Entries { readonly offsets: Int32Array; readonly indices: Int32Array; readonly values: Values }

/** The columns that occur, each once, in the order of their first entry; `number` then says the place of a column among them, from 1. */
export const occurring = ({ offsets, indices }: Entries, number: Int32Array): Int32Array => {
  const [from, end] = [offsets[0], offsets[offsets.length - 1]]
  const columns = new Int32Array(end - from)
  let n = 0
  for (let e = from; e < end; e++) {
    const column = indices[e]
    if (number[column] > 0) continue
    columns[n] = column
    n += 1
    number[column] = n
  }
  return columns.subarray(0, n)
}

/** Writes the rows into a block of zeros, `width` columns a row, a column at its number or where it is. */
export const dense = <V extends Values>({ offsets, indices, values }: Entries, block: V, width: number, number?: Int32Array): V => {
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      block[row * width + (number === undefined ? indices[e] : number[indices[e]] - 1)] = values[e]
    }
  }
  return block
}

/** Forgets the places of columns. */
export const forget = (columns: Int32Array, number: Int32Array): void => {
  for (let i = 0; i < columns.length; i++) number[columns[i]] = 0
}

/** How long columns have waited. */
export const waited = (since: Float64Array, columns: Int32Array, now: number, into: Values, at: number): void => {
  for (let i = 0; i < columns.length; i++) into[at + i] = now - since[columns[i]]
}

/** Columns were looked at now. */
export const looked = (since: Float64Array, columns: Int32Array, now: number): void => {
  for (let i = 0; i < columns.length; i++) since[columns[i]] = now
}

/** Copies values from a block to another. */
export const copy = (from: Values, at: number, into: Values, to: number, size: number): void => {
  for (let i = 0; i < size; i++) into[to + i] = from[at + i]
}

/** A place in a block of values: where it begins, and how many values a row has. */
export interface Rows { readonly offset: number; readonly width: number }

/** Copies rows by number into a block, then the first of them again as often as there is room. */
export const gather = (from: Values, { offset, width }: Rows, rows: Int32Array, into: Values, at: number, room: number): void => {
  const first = rows.length > 0 ? rows[0] : 0
  for (let i = 0; i < room; i++) {
    const row = offset + (i < rows.length ? rows[i] : first) * width
    for (let j = 0; j < width; j++) into[at + i * width + j] = from[row + j]
  }
}

/** Copies rows of a block to where they belong. */
export const scatter = (from: Values, at: number, rows: Int32Array, into: Values, { offset, width }: Rows): void => {
  for (let i = 0; i < rows.length; i++) {
    const row = offset + rows[i] * width
    for (let j = 0; j < width; j++) into[row + j] = from[at + i * width + j]
  }
}
