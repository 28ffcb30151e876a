/** A value that a run carries from step to step. Layer state and optimizer slots are cells. */
import type { Expr } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Path } from './path.js'

/** Its shape, its first value and, from the values of this step, its next one. */
export interface Cell {
  readonly shape: Shape
  readonly initial: (path: Path) => Expr
  readonly next: Expr
}
