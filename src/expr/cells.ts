/**
 * The loops over windows. `cells` says for each place and each cell of the window there which pixel lies below it, −1 beyond the edge; the
 * channels of a pixel lie side by side, and image follows image.
 */
import type { Fill, Values } from './node.js'

/** Where the pixels of a batch of images lie: how many numbers an image has, and how many a pixel. */
export interface Layout { readonly image: number; readonly channels: number }

/** `out[image, cell, channel] = x[image, cells[cell], channel]`, 0 beyond the edge. One channel, as most first layers have, by itself. */
export const gatherCells = (x: Values, cells: Int32Array, { image, channels }: Layout): Fill => (out) => {
  for (let to = 0, base = 0; to < out.length; base += image) {
    if (channels === 1) for (let k = 0; k < cells.length; k++, to++) out[to] = cells[k] < 0 ? 0 : x[base + cells[k]]
    else {
      for (let k = 0; k < cells.length; k++) {
        const end = to + channels
        if (cells[k] < 0) for (; to < end; to++) out[to] = 0
        else for (let from = base + cells[k] * channels; to < end; to++, from++) out[to] = x[from]
      }
    }
  }
}

/** `out[image, cells[cell], channel] += p[image, cell, channel]`, from zero; what lies beyond the edge is dropped. */
export const addCells = (p: Values, cells: Int32Array, { image, channels }: Layout): Fill => (out) => {
  out.fill(0)
  for (let from = 0, base = 0; from < p.length; base += image) {
    for (let k = 0; k < cells.length; k++, from += channels) {
      const to = base + cells[k] * channels
      if (cells[k] >= 0) for (let c = 0; c < channels; c++) out[to + c] += p[from + c]
    }
  }
}

/** The first of the largest numbers below the cells `from` … `to` − 1, NaN counting as larger than any; −1 where there is no number. */
const winner = (x: Values, cells: Int32Array, from: number, to: number, base: number, channels: number): number => {
  let best = -1
  for (let k = from; k < to; k++) {
    if (cells[k] < 0) continue
    const at = base + cells[k] * channels
    if (best < 0 || x[at] > x[best] || (Number.isNaN(x[at]) && !Number.isNaN(x[best]))) best = at
  }
  return best
}

/** `out[image, place, channel] = v[image, winner of x there, channel]`; `size` cells a window. */
export const pickWinners = (x: Values, v: Values, cells: Int32Array, size: number, { image, channels }: Layout): Fill => (out) => {
  for (let to = 0, base = 0; to < out.length; base += image) {
    for (let k = 0; k < cells.length; k += size) {
      for (let c = 0; c < channels; c++, to++) out[to] = v[winner(x, cells, k, k + size, base + c, channels)]
    }
  }
}

/** `out[image, winner of x there, channel] += dy[image, place, channel]`, from zero. */
export const addToWinners = (x: Values, dy: Values, cells: Int32Array, size: number, { image, channels }: Layout): Fill => (out) => {
  out.fill(0)
  for (let from = 0, base = 0; from < dy.length; base += image) {
    for (let k = 0; k < cells.length; k += size) {
      for (let c = 0; c < channels; c++, from++) out[winner(x, cells, k, k + size, base + c, channels)] += dy[from]
    }
  }
}
