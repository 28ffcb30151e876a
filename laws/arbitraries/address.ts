import fc from 'fast-check'

/**
 * Unsigned 32-bit words: seeds of a run, key and counter words. Shrinks towards 0.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.seed(), 100).every((s) => s >>> 0 === s) // => true
 * ```
 */
export const seed = (): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** 32 - 1 })

/**
 * Positions in a stream and step numbers: integers from 0 up to 2⁵³ − 1 − `room` (default 1,000 left for what is added to them), many of
 * them small, many about 2³², where the high word of the address begins to count. Shrinks towards 0.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.position(), 100).every((n) => Number.isSafeInteger(n + 1000)) // => true
 * ```
 */
export const position = ({ room = 1_000 }: { readonly room?: number } = {}): fc.Arbitrary<number> =>
  fc.oneof(
    { withCrossShrink: true },
    fc.nat({ max: 1_000 }),
    fc.integer({ min: 2 ** 32 - 100, max: 2 ** 32 + 100 }),
    fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - room })
  )

/**
 * Names of layers and draws: a letter, then letters, digits or underscores, 1 … 8 characters. Shrinks to one letter.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.name(), 100).every((n) => /^[A-Za-z]\w*$/.test(n)) // => true
 * ```
 */
export const name = (): fc.Arbitrary<string> => fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,7}$/)

/**
 * Paths of layers and parameters: 1 … 4 names or ordinals joined by `/`, the first of them a name. Shrinks to one letter.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { arbitrary } from 'tikhonov/laws'
 *
 * fc.sample(arbitrary.path(), 100).every((p) => /^[A-Za-z]\w*(\/\w+){0,3}$/.test(p)) // => true
 * ```
 */
export const path = (): fc.Arbitrary<string> =>
  fc.tuple(name(), fc.array(fc.oneof({ withCrossShrink: true }, name(), fc.nat({ max: 12 }).map(String)), { maxLength: 3, size: 'max' }))
    .map(([first, others]) => [first, ...others].join('/'))
