/** Checks of the options that constraints between two bounds share. */
import { hyperOf } from '../expr/leaf.js'
import type { Scalar } from '../expr/node.js'
import { finite, fraction, nonNegative, positive, within } from '../part/checks.js'
import type { Issue } from '../part/issue.js'

/** The least that a scalar may be, as far as is known. */
const leastOf = (x: Scalar): number => (typeof x === 'number' ? x : hyperOf(x)?.range.min ?? Infinity)

/** low ≤ high, both finite, whatever values hyper-parameters among them take. */
export const intervalIssues = (low: Scalar, high: Scalar): readonly Issue[] => {
  const own = [...finite('low', low), ...finite('high', high)]
  return own.length > 0 || leastOf(high) === Infinity ? own : within({ min: -Infinity, max: leastOf(high), open: 'min' })('low', low)
}

/** 0 ≤ min ≤ max, max > 0, 0 ≤ rate ≤ 1, whatever values hyper-parameters among them take. */
export const boundsIssues = (min: Scalar, max: Scalar, rate: Scalar): readonly Issue[] => {
  const own = [...nonNegative('min', min), ...positive('max', max), ...fraction('rate', rate)]
  return own.length > 0 || leastOf(max) === Infinity ? own : within({ min: 0, max: leastOf(max), open: 'none' })('min', min)
}
