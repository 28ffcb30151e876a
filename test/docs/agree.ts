/** How a value agrees with what an example writes after `// =>`. */

/** A number as it was written, so that it can be compared at that precision. */
export interface Written {
  readonly written: string
}

/** A written number that is still a number in arithmetic and in typed arrays. */
export const written = (text: string): Written => Object.assign(new Number(text), { written: text })

const isWritten = (value: unknown): value is Written & object => value instanceof Number && 'written' in value

/**
 * The precision of a written number: half a unit of its last decimal when three or more decimals are written (0.693 is any number that
 * rounds to it), else 10⁻⁹ of it (0.3 is 0.30000000000000004, and not 0.34).
 */
const precision = (text: string): number => {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e')
  const decimals = mantissa.split('.')[1]?.length ?? 0
  return decimals >= 3 ? 0.5 * 10 ** (Number(exponent) - decimals) * (1 + 1e-9) : 1e-9 * Math.abs(Number(text))
}

const numbersDiffer = (got: unknown, want: number, tolerance: number): boolean =>
  typeof got !== 'number' ||
  (Object.is(want, -0) ? !Object.is(got, -0) : !(got === want || Object.is(got, want) || Math.abs(got - want) <= tolerance))

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const show = (value: unknown): string =>
  isWritten(value) ? value.written
  : Object.is(value, -0) ? '-0'
  : isList(value) ? `[${Array.from(value).slice(0, 20).map(show).join(', ')}${value.length > 20 ? ', …' : ''}]`
  : value instanceof Map || value instanceof Set ? `${value.constructor.name} ${show([...value])}`
  : isRecord(value) ? `{ ${Object.entries(value).map(([key, each]) => `${key}: ${show(each)}`).join(', ')} }`
  : typeof value === 'string' ? JSON.stringify(value)
  : String(value)

const told = (at: string, got: unknown, want: unknown): readonly string[] => [`${at || 'the value'} is ${show(got)}, not ${show(want)}`]

/**
 * Where a value differs from the expected one, in words; empty where it does not.
 *
 * Deeply, by the numbers' written precision; an array expected is also met by a typed array; what is `undefined` may be missing.
 */
export const disagreements = (got: unknown, want: unknown, at = ''): readonly string[] => {
  if (isWritten(want)) return numbersDiffer(got, Number(want.written), precision(want.written)) ? told(at, got, want) : []
  if (typeof want === 'number') return numbersDiffer(got, want, 1e-9 * Math.abs(want)) ? told(at, got, want) : []
  if (isList(want)) {
    if (!isList(got) || got.length !== want.length) return told(at, got, want)
    if (!Array.isArray(want) && got.constructor !== want.constructor) return [`${at || 'the value'} is no ${want.constructor.name}`]
    return Array.from(want).flatMap((each, i) => disagreements(got[i], each, `${at}[${i}]`))
  }
  if (want instanceof Map || want instanceof Set) {
    return got instanceof want.constructor && isRecord(got) && Symbol.iterator in got
      ? disagreements([...(got as Iterable<unknown>)], [...want], `${at} as a list `)
      : told(at, got, want)
  }
  if (isRecord(want)) {
    if (!isRecord(got) || isList(got)) return told(at, got, want)
    return [...new Set([...Object.keys(want), ...Object.keys(got)])].flatMap((key) => disagreements(got[key], want[key], `${at}.${key}`))
  }
  return Object.is(got, want) ? [] : told(at, got, want)
}
