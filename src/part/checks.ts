/** The one home of checks on options. A number is checked now; a hyper-parameter by its range now and by its value at each batch. */
import { hyperOf, type Range } from '../expr/leaf.js'
import type { Scalar } from '../expr/node.js'
import { issue, under, type Issue } from './issue.js'

const inside = (x: number, { min, max, open }: Range): boolean =>
  (open === 'min' || open === 'both' ? x > min : x >= min) && (open === 'max' || open === 'both' ? x < max : x <= max)

/** Whether each number of the inner range lies in the outer one. */
const contains = (outer: Range, inner: Range): boolean =>
  (inside(inner.min, outer) || (inner.min === outer.min && (inner.open === 'min' || inner.open === 'both'))) &&
  (inside(inner.max, outer) || (inner.max === outer.max && (inner.open === 'max' || inner.open === 'both')))

/** A range as people write it: `0 ≤ rate < 1`. */
const showRange = (name: string, { min, max, open }: Range): string => {
  const low = min === -Infinity ? '' : `${min} ${open === 'min' || open === 'both' ? '<' : '≤'} `
  const high = max === Infinity ? '' : ` ${open === 'max' || open === 'both' ? '<' : '≤'} ${max}`
  return low === '' && high === '' ? 'a finite number' : `a number, ${low}${name}${high}`
}

/** What a path calls the option itself: its last name, with the indices below it. */
const labelOf = (name: string): string => /[^/]*(?:\/\d+)*$/.exec(name)?.[0] ?? name

/** A check of one option. */
export type Check = (name: string, value: Scalar) => readonly Issue[]

/**
 * The check that a scalar option lies in a range.
 * @example
 * ```ts
 * import { showIssue, within } from 'tikhonov/layer'
 * const momentum = within({ min: 0, max: 1, open: 'max' })
 * momentum('momentum', 0.9) // => []
 * momentum('momentum', 1).map(showIssue) // => ['momentum: found 1, allowed: a number, 0 ≤ momentum < 1']
 * momentum('rates/2', 1).map(showIssue) // => ['rates/2: found 1, allowed: a number, 0 ≤ rates/2 < 1']
 * ```
 */
export const within = (range: Range): Check => (name, value) => {
  const label = labelOf(name)
  if (typeof value === 'number') return inside(value, range) ? [] : [issue(name, String(value), showRange(label, range))]
  if (value.shape.length > 0) return [issue(name, `an expression of shape [${value.shape.join(', ')}]`, 'a scalar')]
  const hyper = hyperOf(value)
  if (hyper === undefined) return []
  if (!contains(range, hyper.range)) {
    return [issue(name, `a hyper-parameter that may be ${showRange(hyper.path, hyper.range)}`, showRange(label, range))]
  }
  const first = hyper.at(0)
  return inside(first, hyper.range) ? [] : [issue(name, `a hyper-parameter that begins at ${first}`, showRange(hyper.path, hyper.range))]
}

/** 0 ≤ rate < 1: the probability of dropping. */
const rateRange: Range = { min: 0, max: 1, open: 'max' }
/** λ ≥ 0. */
export const nonNegativeRange: Range = { min: 0, max: Infinity, open: 'max' }
/** x > 0. */
const positiveRange: Range = { min: 0, max: Infinity, open: 'both' }

/**
 * A probability of dropping, 0 ≤ rate < 1.
 * @example
 * ```ts
 * import { rate, showIssue } from 'tikhonov/layer'
 * rate('rate', 1).map(showIssue) // => ['rate: found 1, allowed: a number, 0 ≤ rate < 1']
 * ```
 */
export const rate: Check = within(rateRange)
/**
 * A finite number ≥ 0.
 * @example
 * ```ts
 * import { nonNegative, showIssue } from 'tikhonov/layer'
 * nonNegative('lambda', -1).map(showIssue) // => ['lambda: found -1, allowed: a number, 0 ≤ lambda']
 * ```
 */
export const nonNegative: Check = within(nonNegativeRange)
/**
 * A finite number > 0.
 * @example
 * ```ts
 * import { positive, showIssue } from 'tikhonov/layer'
 * positive('epsilon', 0).map(showIssue) // => ['epsilon: found 0, allowed: a number, 0 < epsilon']
 * ```
 */
export const positive: Check = within(positiveRange)
/**
 * A finite number.
 * @example
 * ```ts
 * import { finite, showIssue } from 'tikhonov/layer'
 * finite('alpha', NaN).map(showIssue) // => ['alpha: found NaN, allowed: a finite number']
 * ```
 */
export const finite: Check = within({ min: -Infinity, max: Infinity, open: 'both' })
/**
 * 0 ≤ x ≤ 1.
 * @example
 * ```ts
 * import { fraction, showIssue } from 'tikhonov/layer'
 * fraction('smoothing', 1.5).map(showIssue) // => ['smoothing: found 1.5, allowed: a number, 0 ≤ smoothing ≤ 1']
 * ```
 */
export const fraction: Check = within({ min: 0, max: 1, open: 'none' })

/**
 * A whole number ≥ 1.
 * @example
 * ```ts
 * import { count, showIssue } from 'tikhonov/layer'
 * count('units', 2.5).map(showIssue) // => ['units: found 2.5, allowed: a whole number ≥ 1']
 * ```
 */
export const count = (name: string, value: number): readonly Issue[] =>
  Number.isSafeInteger(value) && value >= 1 ? [] : [issue(name, String(value), 'a whole number ≥ 1')]

/**
 * An unsigned 32-bit number, as seeds are.
 * @example
 * ```ts
 * import { seed, showIssue } from 'tikhonov/layer'
 * seed('seed', -1).map(showIssue) // => ['seed: found -1, allowed: a whole number, 0 ≤ seed < 2³²']
 * ```
 */
export const seed = (name: string, value: number): readonly Issue[] =>
  Number.isInteger(value) && value >= 0 && value < 2 ** 32 ? [] : [issue(name, String(value), 'a whole number, 0 ≤ seed < 2³²')]

/** The kind of a part that somebody wrote: a name, as it becomes part of paths. */
export const kindIssues = (name: string, kind: string): readonly Issue[] =>
  /^[A-Za-z]\w*$/.test(kind) ? [] : [issue(name, `'${kind}'`, 'a name that matches /^[A-Za-z]\\w*$/')]

/**
 * The findings of the parts that a part is made of, each under the name of its option.
 * @example
 * ```ts
 * import { issuesOf } from 'tikhonov/layer'
 * import { elu } from 'tikhonov/layers'
 * issuesOf({ activation: elu(NaN), recurrentActivation: undefined }).map((i) => i.path) // => ['activation/alpha']
 * ```
 */
export const issuesOf = (parts: Readonly<Record<string, { readonly issues: readonly Issue[] } | undefined>>): readonly Issue[] =>
  Object.entries(parts).flatMap(([name, part]) => (part === undefined ? [] : under(name, part.issues)))
