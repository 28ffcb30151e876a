/** Weights of examples: how much each counts. */
import { nonNegativeRange } from './checks.js'
import { issue, type Issue } from './issue.js'
import { firstOutside } from './outside.js'

const sumOf = (weight: ArrayLike<number>): number => Array.from(weight).reduce((sum, w) => sum + w, 0)

/** How numbers are held where a mean is taken. */
type Precision = 'float32' | 'float64'

/** A sum that is infinite where it is computed would make a mean of 0. */
const sumIssues = (path: string, sum: number, precision: Precision): readonly Issue[] =>
  Number.isFinite(precision === 'float32' ? Math.fround(sum) : sum) ? []
  : [issue(path, `weights that add up to ${sum}`, `a finite sum${Number.isFinite(sum) ? ` in ${precision}` : ''}`)]

/** What is wrong with weights of so many examples: another number of them, one that is negative or not finite, a sum that is not finite. */
export const weightIssues = (
  path: string, weight: ArrayLike<number>, rows: number, precision: Precision = 'float64'
): readonly Issue[] => {
  const at = firstOutside(weight, nonNegativeRange)
  return [
    ...(weight.length === rows ? [] : [issue(path, `${weight.length} weights`, `${rows}, one an example`)]),
    ...(at >= 0 ? [issue(`${path}[${at}]`, String(weight[at]), 'a finite number ≥ 0')] : sumIssues(path, sumOf(weight), precision))
  ]
}

/** What is wrong with weights where a mean is taken: nothing counts. */
export const countingIssues = (path: string, weight: ArrayLike<number>): readonly Issue[] =>
  (Array.from(weight).some((w) => w > 0) ? [] : [issue(path, 'no example that counts', 'a weight above 0')])
