import fc from 'fast-check'

/**
 * What a predicate says: `true` when the equation holds, else what differs in words and numbers (`false` when there is nothing to add).
 *
 * A text is worth its line: "2 of 6 differ, first at .data[4]: got 0.25, expected 0.5" is read once, `false` is debugged.
 */
export type Outcome = boolean | string

/**
 * How far two numbers may be apart: |got − expected| ≤ absolute + relative·|expected|. Both are 0 when left out.
 */
export interface Tolerance {
  readonly relative?: number
  readonly absolute?: number
}

interface Difference {
  readonly at: string
  readonly got: unknown
  readonly expected: unknown
  readonly said?: string
}

type Agree = (got: unknown, expected: unknown) => boolean

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const isRecord = (value: unknown): value is Parts => typeof value === 'object' && value !== null

const show = (value: unknown): string =>
  Object.is(value, -0) ? '-0'
  : typeof value === 'string' ? JSON.stringify(value)
  : isList(value) ? `a list of ${value.length}`
  : isRecord(value) ? `a record of ${Object.keys(value).join(', ')}`
  : String(value)

/** What one list has and a shorter one has not, where it says more than a number: an issue, a message. */
const surplus = (what: string, value: unknown): string => {
  const text = typeof value === 'string' || isRecord(value) ? fc.stringify(value) : ''
  return text === '' ? '' : `, the first ${what}: ${text.length <= 300 ? text : `${text.slice(0, 300)}…`}`
}

const lengths = (got: ArrayLike<unknown>, expected: ArrayLike<unknown>): string =>
  got.length > expected.length ? surplus('too many', got[expected.length]) : surplus('missing', expected[got.length])

const lists = (agree: Agree, at: string, got: ArrayLike<unknown>, expected: ArrayLike<unknown>): readonly Difference[] =>
  got.length === expected.length
    ? Array.from(got).flatMap((_, i) => differences(agree, `${at}[${i}]`, got[i], expected[i]))
    : [{ at: `${at}.length`, got: got.length, expected: expected.length, said: lengths(got, expected) }]

type Parts = Readonly<Record<string, unknown>>

const records = (agree: Agree, at: string, got: Parts, expected: Parts): readonly Difference[] =>
  [...new Set([...Object.keys(got), ...Object.keys(expected)])]
    .flatMap((key) => differences(agree, `${at}.${key}`, got[key], expected[key]))

const differences = (agree: Agree, at: string, got: unknown, expected: unknown): readonly Difference[] =>
  agree(got, expected) ? []
  : isList(got) && isList(expected) ? lists(agree, at, got, expected)
  : isRecord(got) && isRecord(expected) && !isList(got) && !isList(expected) ? records(agree, at, got, expected)
  : [{ at, got, expected }]

const apart = ({ got, expected, said = '' }: Difference): string =>
  (typeof got === 'number' && typeof expected === 'number' ? ` (off by ${Math.abs(got - expected)})` : '') + said

const outcome = (found: readonly Difference[]): Outcome =>
  found.length === 0 ||
  `${found.length === 1 ? 'differs' : `${found.length} places differ, the first`} at ${found[0].at || 'the value itself'}: ` +
    `got ${show(found[0].got)}, expected ${show(found[0].expected)}${apart(found[0])}`

/**
 * Whether two values are the same, bit for bit: numbers by `Object.is` (so −0 is not 0, and NaN is NaN), lists and records part by part.
 *
 * A typed array is the same as an array of the same numbers. Functions are compared by identity, instances by their enumerable parts.
 *
 * @example
 * ```ts
 * import { same } from 'tikhonov/laws'
 *
 * same(Float32Array.of(1, 2), [1, 2]) // => true
 * same({ shape: [2], data: [1, 0] }, { shape: [2], data: [1, -0] }) // => 'differs at .data[1]: got 0, expected -0 (off by 0)'
 * same(['no such row'], []) // => 'differs at .length: got 1, expected 0 (off by 1), the first too many: "no such row"'
 * ```
 */
export const same = (got: unknown, expected: unknown): Outcome => outcome(differences(Object.is, '', got, expected))

/**
 * Whether two values of the same form have numbers near each other: |got − expected| ≤ absolute + relative·|expected|.
 *
 * NaN is near nothing, an infinity only itself; everything that is not a number must be the same.
 *
 * @example
 * ```ts
 * import { near } from 'tikhonov/laws'
 *
 * near([0.1 + 0.2], [0.3], { relative: 1e-15 }) // => true
 * near([1, 2.5], [1, 2], { absolute: 0.25 }) // => 'differs at [1]: got 2.5, expected 2 (off by 0.5)'
 * ```
 */
export const near = (got: unknown, expected: unknown, { relative = 0, absolute = 0 }: Tolerance): Outcome =>
  outcome(differences(
    (a, b) => typeof a === 'number' && typeof b === 'number'
      ? a === b || (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= absolute + relative * Math.abs(b))
      : Object.is(a, b),
    '', got, expected
  ))

/**
 * Whether a number is at most a bound: got ≤ bound. NaN is at most nothing.
 *
 * @example
 * ```ts
 * import { atMost } from 'tikhonov/laws'
 *
 * atMost(1, 2) // => true
 * atMost(3, 2) // => 'got 3, expected at most 2 (over by 1)'
 * ```
 */
export const atMost = (got: number, bound: number): Outcome =>
  got <= bound || `got ${show(got)}, expected at most ${show(bound)} (over by ${got - bound})`

/**
 * Whether a number is at least a bound: got ≥ bound. NaN is at least nothing.
 *
 * @example
 * ```ts
 * import { atLeast } from 'tikhonov/laws'
 *
 * atLeast(-1, 0) // => 'got -1, expected at least 0 (short by 1)'
 * ```
 */
export const atLeast = (got: number, bound: number): Outcome =>
  got >= bound || `got ${show(got)}, expected at least ${show(bound)} (short by ${bound - got})`

/**
 * Whether all of several outcomes hold: the first that does not, else true.
 *
 * @example
 * ```ts
 * import { atLeast, atMost, every } from 'tikhonov/laws'
 *
 * every(atLeast(0.5, 0), atMost(0.5, 1)) // => true
 * every(atLeast(2, 0), atMost(2, 1)) // => 'got 2, expected at most 1 (over by 1)'
 * every() // => true
 * ```
 */
export const every = (...outcomes: readonly Outcome[]): Outcome => outcomes.find((each) => each !== true) ?? true

/**
 * An outcome that says what it is about, when it fails.
 *
 * @example
 * ```ts
 * import { about, same } from 'tikhonov/laws'
 *
 * about('the bias', same([1], [2])) // => 'the bias: differs at [0]: got 1, expected 2 (off by 1)'
 * about('the bias', true) // => true
 * ```
 */
export const about = (subject: string, said: Outcome): Outcome =>
  said === true || (said === false ? subject : `${subject}: ${said}`)
