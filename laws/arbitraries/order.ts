import fc from 'fast-check'

const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i)

/**
 * Permutations of 0 … n − 1, each as likely as another.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.permutation(4), 50).every((p) => new Set(p).size === 4 && Math.max(...p) === 3) // => true
 * ```
 */
export const permutation = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.shuffledSubarray([...upTo(n)], { minLength: n, maxLength: n })

/**
 * Ways to cut n things into consecutive parts of at least one: batches of a stream, shards of a batch. The parts add up to n. Shrinks to
 * one part.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.split(6), 50).every((parts) => parts.every((k) => k > 0) && parts.reduce((a, b) => a + b, 0) === 6) // => true
 * ```
 */
export const split = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.subarray(upTo(n).slice(1)).map((cuts) => [...cuts, ...(n > 0 ? [n] : [])].map((cut, i) => cut - (i === 0 ? 0 : cuts[i - 1])))
