/**
 * The penalties |w| and w² of one weight, and their derivatives, which the library derives: `tsx -C tikhonov-source examples/norms.ts`.
 * Prints a table and writes the chart that stands in every text on the subject.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { evaluate, type Expr, gradient, variable } from 'tikhonov/expr'
import { l1, l2, penaltyOf, type Regularizer } from 'tikhonov/regularizers'
import { type NormSample, normsChart } from './norms/chart.js'
import { say } from './output.js'

const weight = variable('w', [])

/** A regularizer of one weight and its derivative, as functions of the weight. */
const curves = (regularizer: Regularizer) => {
  const penalty = penaltyOf(regularizer)(weight)
  const [slope] = gradient(penalty, [weight])
  const at = (value: Expr) => (w: number): number => evaluate(value, { w: [w] })[0] ?? NaN
  return { value: at(penalty), slope: at(slope) }
}

const lasso = curves(l1(1))
const square = curves(l2(1))

const samples: readonly NormSample[] = Array.from({ length: 161 }, (_, i) => (i - 80) / 40).map((w) => ({
  w,
  l1: lasso.value(w),
  l2: square.value(w),
  slopeL1: lasso.slope(w),
  slopeL2: square.slope(w)
}))

const line = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(10)).join('')

say([
  line(['w', '|w|', 'w²', '|w|′', '(w²)′']),
  ...samples.filter(({ w }) => Number.isInteger(4 * w)).map(({ w, l1, l2, slopeL1, slopeL2 }) => line([w, l1, l2, slopeL1, slopeL2]))
].join('\n'))

mkdirSync('out', { recursive: true })
writeFileSync('out/norms.svg', normsChart(samples))
say('\nChart: out/norms.svg')
