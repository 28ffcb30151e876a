/**
 * Threefry-2x32-20 (Salmon, Moraes, Dror & Shaw 2011): a keyed bijection of 64 bits that passes BigCrush. A draw is a function
 * of its address; there is no generator state.
 */
import type { Values } from '../expr/node.js'

/**
 * `count` words of the blocks T(k0, k1; c0, c1), T(k0, k1; c0, c1 + 1), …, each without its `dropped` lowest bits, into `out` from `at`
 * on. All words are taken modulo 2³². The 20 rounds are written out, five groups of four with a key between: it is the dearest loop of a
 * step with dropout, and a loop over the groups takes more than twice as long.
 */
export const threefryInto = (
  out: Values, at: number, count: number, dropped: number, k0: number, k1: number, c0: number, c1: number
): void => {
  const a = k0 | 0
  const b = k1 | 0
  const c = 0x1bd11bda ^ a ^ b
  const first = (a + c0) | 0
  let second = (b + c1) | 0
  for (let i = 0; i < count; i += 2) {
    let x = first
    let y = second
    x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x
    x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x
    x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x
    x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x
    x = (x + b) | 0; y = (y + c + 1) | 0
    x = (x + y) | 0; y = ((y << 17) | (y >>> 15)) ^ x
    x = (x + y) | 0; y = ((y << 29) | (y >>> 3)) ^ x
    x = (x + y) | 0; y = ((y << 16) | (y >>> 16)) ^ x
    x = (x + y) | 0; y = ((y << 24) | (y >>> 8)) ^ x
    x = (x + c) | 0; y = (y + a + 2) | 0
    x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x
    x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x
    x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x
    x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x
    x = (x + a) | 0; y = (y + b + 3) | 0
    x = (x + y) | 0; y = ((y << 17) | (y >>> 15)) ^ x
    x = (x + y) | 0; y = ((y << 29) | (y >>> 3)) ^ x
    x = (x + y) | 0; y = ((y << 16) | (y >>> 16)) ^ x
    x = (x + y) | 0; y = ((y << 24) | (y >>> 8)) ^ x
    x = (x + b) | 0; y = (y + c + 4) | 0
    x = (x + y) | 0; y = ((y << 13) | (y >>> 19)) ^ x
    x = (x + y) | 0; y = ((y << 15) | (y >>> 17)) ^ x
    x = (x + y) | 0; y = ((y << 26) | (y >>> 6)) ^ x
    x = (x + y) | 0; y = ((y << 6) | (y >>> 26)) ^ x
    x = (x + c) | 0; y = (y + a + 5) | 0
    out[at + i] = x >>> dropped
    if (i + 1 < count) out[at + i + 1] = y >>> dropped
    second = (second + 1) | 0
  }
}

/**
 * The block of two 32-bit words at a counter, under a key. Published vectors: Random123's kat_vectors. Laws: `blockLaws`.
 * @example
 * ```ts
 * import { threefry2x32 } from 'tikhonov/random'
 * threefry2x32([0, 0], [0, 0]) // => [0x6b200159, 0x99ba4efe]
 * ```
 */
export const threefry2x32 = (key: readonly [number, number], counter: readonly [number, number]): readonly [number, number] => {
  const out = new Float64Array(2)
  threefryInto(out, 0, 2, 0, key[0], key[1], counter[0], counter[1])
  return [out[0], out[1]]
}
