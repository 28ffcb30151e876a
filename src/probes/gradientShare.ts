/** How much of what moves a parameter is its penalty. */
import { add, div, sub } from '../expr/arithmetic.js'
import { greater, select } from '../expr/compare.js'
import { gradient } from '../expr/gradient.js'
import { constant } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { l2Norm } from '../regularizers/norms.js'
import { probe, type Probe } from './probe.js'

/**
 * ‖∇R‖₂/(‖∇R‖₂ + ‖∇f‖₂), 0 … 1, of each parameter that has penalties R, f the mean loss with all that is not a penalty of this parameter:
 * 0 where the penalty does nothing, 1 where nothing else does, 0 where both rest. An `exact` penalty counts by its subgradient.
 * @example
 * ```ts
 * import { evaluate, mul, variable } from 'tikhonov/expr'
 * import { axesOf } from 'tikhonov/layer'
 * import { gradientShare } from 'tikhonov/probes'
 * import { l2, penaltyOf } from 'tikhonov/regularizers'
 * const value = variable('w', [2])
 * const parts = { path: 'w', role: 'kernel', axes: axesOf([2]), value, next: value, unconstrained: value } as const
 * const penalties = { 'w/l2': penaltyOf(l2(0.5))(value) }
 * const told = gradientShare.of({ ...parts, regularizer: l2(0.5), penalties, gradient: mul(4, value) })
 * told === undefined ? undefined : evaluate(told, { w: [3, 4] }) // => [0.25]
 * ```
 */
export const gradientShare: Probe = /* #__PURE__ */ probe('gradientShare', {}, ({ value, gradient: slope, regularizer, penalties }) => {
  if (regularizer === undefined || regularizer.terms.length === 0) return undefined
  const all = Object.values(penalties)
  const sloped = all.filter((_, i) => regularizer.terms[i].exact !== true)
  const of = (some: readonly Expr[]): Expr => gradient(some.reduce((a, b) => add(a, b), constant(0)), [value])[0]
  const [pull, rest] = [l2Norm(of(all)), l2Norm(sub(slope, of(sloped)))]
  const both = add(pull, rest)
  return select(greater(both, 0), div(pull, select(greater(both, 0), both, 1)), 0)
})
