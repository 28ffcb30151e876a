/** Where and how a layer is applied. Only training has randomness: in inference a layer has nothing to draw from. */
import { draws, type Draws } from '../random/draws.js'
import type { Expr } from '../expr/node.js'
import type { Path } from '../part/path.js'

/** Draws of a layer: its own for each example, or one for all examples of a step. */
export interface Random {
  readonly perExample: Draws
  readonly perStep: Draws
}

/**
 * Training or inference. `present` is 1 for the examples of the batch and 0 for padding, shape [batch].
 */
export type Mode =
  | { readonly _tag: 'Train'; readonly present: Expr; readonly random: Random }
  | { readonly _tag: 'Infer' }

/** The path of a layer within its model, and the mode. */
export interface Scope {
  readonly path: Path
  readonly mode: Mode
}

/** The draws that belong to a path. */
export const randomAt = (path: Path): Random => ({ perExample: draws('perExample', path), perStep: draws('perStep', path) })

/** The mode as a layer at a path sees it: its draws are its own. */
export const modeAt = (mode: Mode, path: Path): Mode => (mode._tag === 'Train' ? { ...mode, random: randomAt(path) } : mode)

/** Inference. */
export const infer: Mode = { _tag: 'Infer' }

/** Training, given which rows of the batch are examples. */
export const training = (present: Expr): Mode => ({ _tag: 'Train', present, random: randomAt('') })
