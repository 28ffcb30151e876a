/**
 * Threefry-2x32-20 (Salmon, Moraes, Dror & Shaw 2011): a keyed bijection of 64 bits that passes BigCrush. A draw is a function
 * of its address; there is no generator state.
 */

const rotations = [13, 15, 26, 6, 17, 29, 16, 24]

/** The two words of T(k0, k1; c0, c1) into `out` at `at`; all words are taken modulo 2³². */
export const threefryInto = (out: Uint32Array, at: number, k0: number, k1: number, c0: number, c1: number): void => {
  const k2 = 0x1bd11bda ^ k0 ^ k1
  let x = (c0 + k0) | 0
  let y = (c1 + k1) | 0
  for (let group = 0; group < 5; group++) {
    const first = (group & 1) << 2
    for (let r = first; r < first + 4; r++) {
      const turn = rotations[r]
      x = (x + y) | 0
      y = ((y << turn) | (y >>> (32 - turn))) ^ x
    }
    const a = group % 3 === 0 ? k1 : group % 3 === 1 ? k2 : k0
    const b = group % 3 === 0 ? k2 : group % 3 === 1 ? k0 : k1
    x = (x + a) | 0
    y = (y + b + group + 1) | 0
  }
  out[at] = x
  out[at + 1] = y
}

/**
 * The block of two 32-bit words at a counter, under a key.
 * @example
 * ```ts
 * import { threefry2x32 } from 'tikhonov/random'
 * threefry2x32([0, 0], [0, 0]) // => [0x6b200159, 0x99ba4efe]
 * ```
 */
export const threefry2x32 = (key: readonly [number, number], counter: readonly [number, number]): readonly [number, number] => {
  const out = new Uint32Array(2)
  threefryInto(out, 0, key[0], key[1], counter[0], counter[1])
  return [out[0], out[1]]
}
