/** A shuffle as a function of its address: the order in which the draws of the numbers below n would sort. */
import { interpreter } from '../expr/evaluate.js'
import { bits } from './bits.js'

/** The address of a permutation. */
export interface PermutationAddress {
  /** The seed of the run, a whole number below 2³². */
  readonly seed: number
  /** Which of several, such as the epoch; 0 unless told. */
  readonly round?: number
  /** What it is for; 'shuffle' unless told. */
  readonly purpose?: string
}

/**
 * A permutation of 0 … n − 1 at an address. Two draws a number (48 bits) make ties rare, and ties keep their order.
 * @example
 * ```ts
 * import { permutation } from 'tikhonov/random'
 * [...permutation(5, { seed: 1, round: 0 })].sort() // => [0, 1, 2, 3, 4]
 * ```
 */
export const permutation = (n: number, { seed, round = 0, purpose = 'shuffle' }: PermutationAddress): readonly number[] => {
  const drawn = bits('perStep', purpose, [n, 2])
  const bound = interpreter([drawn])
  bound.run({ values: () => [], seed, step: round, position: 0 })
  const keys = bound.values(drawn)
  const rank = (i: number) => keys[2 * i] * 2 ** 24 + keys[2 * i + 1]
  return Array.from({ length: n }, (_, i) => i).sort((i, j) => rank(i) - rank(j) || i - j)
}
