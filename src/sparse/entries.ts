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

/**
 * Numbers columns as they are met first: writes the number of each entry's column to `numbers`, and answers how many are numbered now.
 * `numberOf` has the number of a column from 1, 0 where it has none; `columns` has the columns by number.
 */
export const meet = (
  { offsets, indices }: Entries, numberOf: Int32Array, columns: Int32Array, known: number, numbers: Int32Array
): number => {
  const [from, end] = [offsets[0], offsets[offsets.length - 1]]
  let n = known
  for (let e = from; e < end; e++) {
    const column = indices[e]
    if (numberOf[column] === 0) {
      columns[n] = column
      n += 1
      numberOf[column] = n
    }
    numbers[e - from] = numberOf[column] - 1
  }
  return n
}

/**
 * How many of so many numbers differ; they are written to the beginning of `different`, in the order of their first entry, and to `places`
 * where among them each entry's is. `placeOf` is all 0, before and after. A row alone has each once.
 */
export const occurring = (
  { offsets: { length } }: Entries, size: number, numbers: Int32Array, placeOf: Int32Array, different: Int32Array, places: Int32Array
): number => {
  if (length === 2) {
    for (let e = 0; e < size; e++) {
      different[e] = numbers[e]
      places[e] = e
    }
    return size
  }
  let n = 0
  for (let e = 0; e < size; e++) {
    const number = numbers[e]
    if (placeOf[number] === 0) {
      different[n] = number
      n += 1
      placeOf[number] = n
    }
    places[e] = placeOf[number] - 1
  }
  for (let i = 0; i < n; i++) placeOf[different[i]] = 0
  return n
}

/** Writes the rows into a block of zeros, `width` columns a row, an entry at its place or where its column is. */
export const dense = <V extends Values>({ offsets, indices, values }: Entries, block: V, width: number, places?: Int32Array): V => {
  const from = offsets[0]
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let e = offsets[row]; e < offsets[row + 1]; e++) {
      block[row * width + (places === undefined ? indices[e] : places[e - from])] = values[e]
    }
  }
  return block
}

/** Writes zeros where the rows were written. */
export const forget = ({ offsets }: Entries, block: Values, width: number, places: Int32Array): void => {
  const from = offsets[0]
  for (let row = 0; row + 1 < offsets.length; row++) {
    for (let e = offsets[row]; e < offsets[row + 1]; e++) block[row * width + places[e - from]] = 0
  }
}

/** How long columns have waited; what fills the room up has not. */
export const waited = (since: Float64Array, columns: Int32Array, now: number, into: Values, at: number, room: number): void => {
  for (let i = 0; i < columns.length; i++) into[at + i] = now - since[columns[i]]
  into.fill(0, at + columns.length, at + room)
}

/** How long each column has waited whose rows have numbers; the others have waited for all of `into`. */
export const waitedByColumn = (since: Float64Array, columns: Int32Array, now: number, into: Float64Array): void => {
  for (let i = 0; i < columns.length; i++) into[columns[i]] = now - since[i]
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
export const gather = (
  from: ArrayLike<number>, { offset, width }: Rows, rows: Int32Array, into: Values, at: number, room: number
): void => {
  const end = rows.length
  const first = offset + (end > 0 ? rows[0] : 0) * width
  if (width === 1) {
    for (let i = 0; i < end; i++) into[at + i] = from[offset + rows[i]]
    into.fill(from[first], at + end, at + room)
    return
  }
  for (let i = 0; i < room; i++) {
    const row = i < end ? offset + rows[i] * width : first
    for (let j = 0; j < width; j++) into[at + i * width + j] = from[row + j]
  }
}

/** Copies rows, from the number `first` on, from where their columns are in a block to where their numbers are in another. */
export const adopt = (from: Values, { offset, width }: Rows, columns: Int32Array, first: number, into: Values): void => {
  for (let i = first; i < columns.length; i++) {
    for (let j = 0; j < width; j++) into[offset + i * width + j] = from[offset + columns[i] * width + j]
  }
}

/** Copies rows of a block to where they belong. */
export const scatter = (from: Values, at: number, rows: Int32Array, into: Values, { offset, width }: Rows): void => {
  for (let i = 0; i < rows.length; i++) {
    const row = offset + rows[i] * width
    for (let j = 0; j < width; j++) into[row + j] = from[at + i * width + j]
  }
}
