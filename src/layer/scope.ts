/** Where and how a layer is applied. Inference has no randomness: a layer has nothing to draw from. */
import { draws, type Draws } from '../random/draws.js'
import { pairedDraws } from '../random/paired.js'
import type { Expr } from '../expr/node.js'
import type { Path } from '../part/path.js'

/** Draws of a layer: its own for each example, or one for all examples of a step. */
export interface Random {
  readonly perExample: Draws
  readonly perStep: Draws
}

/**
 * Training, a Monte-Carlo sample, or inference. `present` is 1 for the examples of the batch and 0 for padding, shape [batch].
 *
 * A sample is inference in which dropout and noise are awake and nothing else: what draws asks whether the mode is `Infer`, what learns
 * from the batch (running statistics, regularizers that count examples) asks whether it is `Train`. In a sample all rows share each draw,
 * and the position and the step of the run are the number of the sample.
 */
export type Mode =
  | { readonly _tag: 'Train'; readonly present: Expr; readonly random: Random }
  | { readonly _tag: 'Sample'; readonly random: Random }
  | { readonly _tag: 'Infer' }

/** The path of a layer within its model, and the mode. */
export interface Scope {
  readonly path: Path
  readonly mode: Mode
}

/** The draws that belong to a path. */
const randomAt = (path: Path): Random => ({ perExample: draws('perExample', path), perStep: draws('perStep', path) })

/** The draws of a sample that belong to a path. */
const sampledAt = (path: Path): Random => ({ perExample: pairedDraws(path), perStep: draws('perStep', `sample:${path}`) })

/**
 * The mode as a layer at a path sees it: its draws are its own.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { modeAt, training } from 'tikhonov/layer'
 * const mask = (path: string) => {
 *   const mode = modeAt(training(constant([1])), path)
 *   return mode._tag === 'Infer' ? [] : evaluate(mode.random.perExample.bernoulli('mask', 0.5, [1, 32]))
 * }
 * const differ = mask('dropout/0').join() !== mask('dropout/1').join()
 * differ // => true
 * ```
 */
export const modeAt = (mode: Mode, path: Path): Mode =>
  mode._tag === 'Train' ? { ...mode, random: randomAt(path) } : mode._tag === 'Sample' ? { ...mode, random: sampledAt(path) } : mode

/**
 * Inference.
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * evaluate(run([dropout(0.5)])({ path: '', mode: infer })(constant([1, 2, 3], [1, 3])).y) // => [1, 2, 3]
 * ```
 */
export const infer: Mode = { _tag: 'Infer' }

/**
 * Training, given which rows of the batch are examples.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { run, training } from 'tikhonov/layer'
 * import { dense } from 'tikhonov/layers'
 * import { l2 } from 'tikhonov/regularizers'
 * const padded = training(constant([1, 0]))
 * const { penalties } = run([dense(1, { activityRegularizer: l2(1) })])({ path: '', mode: padded })(constant([3, 5], [2, 1]))
 * evaluate(penalties['dense/0/activity/l2'], { 'dense/0/kernel': [1], 'dense/0/bias': [0] }) // => [9]
 * ```
 */
export const training = (present: Expr): Mode => ({ _tag: 'Train', present, random: randomAt('') })

/**
 * A Monte-Carlo sample (Gal & Ghahramani 2016): dropout and noise are awake, all else is in inference.
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { run, sampling } from 'tikhonov/layer'
 * const { y } = run([dropout(0.5)])({ path: '', mode: sampling })(constant(Array(64).fill(1), [2, 32]))
 * const rows = evaluate(y, {}, { seed: 7, position: 0 })
 * const alike = rows.slice(0, 32).join() === rows.slice(32).join()
 * alike // => true
 * ```
 */
export const sampling: Mode = { _tag: 'Sample', random: /*#__PURE__*/ sampledAt('') }
