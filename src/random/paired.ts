/** Draws that all rows share: one subnetwork for every input, so that what differs between inputs is no noise of masks. */
import { broadcast } from '../expr/broadcast.js'
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import { draws, type Draws } from './draws.js'

/**
 * The `perExample` draws of a layer at its path as a Monte-Carlo sample has them: drawn once for the position of the run, which is the
 * number of the sample, and the same for each row of the batch. The purpose begins with `sample:`, which no path in training does: a
 * sample repeats no mask of a training run.
 * @example
 * ```ts
 * import { evaluate } from 'tikhonov/expr'
 * import { pairedDraws } from 'tikhonov/random'
 * const [a, b, c, d] = evaluate(pairedDraws('noise/0').uniform('noise', [2, 2]))
 * const paired = [a === c, b === d, a === b]
 * paired // => [true, true, false]
 * ```
 */
export const pairedDraws = (path: string): Draws => {
  const one = draws('perExample', `sample:${path}`)
  const shared = (draw: (shape: Shape) => Expr, [rows, ...row]: Shape): Expr => broadcast(draw([1, ...row]), [rows, ...row])
  return {
    bits: (name, shape) => shared((s) => one.bits(name, s), shape),
    uniform: (name, shape) => shared((s) => one.uniform(name, s), shape),
    bernoulli: (name, rate, shape) => shared((s) => one.bernoulli(name, rate, s), shape),
    normal: (name, shape) => shared((s) => one.normal(name, s), shape),
    truncatedNormal: (name, shape) => shared((s) => one.truncatedNormal(name, s), shape)
  }
}
