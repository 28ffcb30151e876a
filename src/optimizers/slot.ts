/** What transformations remember: slots, cells that a run carries for the optimizer. */
import { broadcast } from '../expr/broadcast.js'
import { variable } from '../expr/leaf.js'
import type { Expr, Scalar } from '../expr/node.js'
import type { Shape } from '../expr/shape.js'
import type { Cell } from '../part/cell.js'
import { joinPath, type ByPath, type Path } from '../part/path.js'

/** A slot: its value after this step, and the cell that carries it. */
export interface Slot {
  readonly now: Expr
  readonly slots: ByPath<Cell>
}

/**
 * One slot at a path: before the first step it is `initial` everywhere (0 unless told), then what `next` makes of its value before the
 * step.
 * @example
 * ```ts
 * import { add, evaluate } from 'tikhonov/expr'
 * import { slot } from 'tikhonov/optimizers'
 * const steps = slot('optimizer/steps', [], (before) => add(before, 1))
 * evaluate(steps.now, { 'optimizer/steps': [6] }) // => [7]
 * ```
 */
export const slot = (path: Path, shape: Shape, next: (before: Expr) => Expr, initial: Scalar = 0): Slot => {
  const now = next(variable(path, shape))
  return { now, slots: { [path]: { shape, initial: () => broadcast(initial, shape), next: now } } }
}

/** A slot for each direction: their values after this step, and the cells that carry them. */
export interface Memory {
  readonly now: ByPath<Expr>
  readonly slots: ByPath<Cell>
}

/**
 * A slot for each direction, at `place/name/path of the parameter`, of the direction's shape: before the first step it is `initial`
 * everywhere (0 unless told; a function tells it by the parameter's path), then what `next` makes of its value before the step and of the
 * direction.
 * @example
 * ```ts
 * import { add, variable } from 'tikhonov/expr'
 * import { remember } from 'tikhonov/optimizers'
 * const sums = remember('optimizer', 'sum', { 'dense/0/bias': variable('g', [3]) }, (before, d) => add(before, d))
 * Object.keys(sums.slots) // => ['optimizer/sum/dense/0/bias']
 * ```
 */
export const remember = (
  place: Path,
  name: string,
  delta: ByPath<Expr>,
  next: (before: Expr, d: Expr, path: Path) => Expr,
  initial: number | ((path: Path) => Scalar) = 0
): Memory => {
  const each = Object.entries(delta).map(([path, d]) =>
    [path, slot(
      joinPath(place, name, path), d.shape, (before) => next(before, d, path), typeof initial === 'number' ? initial : initial(path)
    )] as const)
  return {
    now: Object.fromEntries(each.map(([path, { now }]) => [path, now])),
    slots: Object.fromEntries(each.flatMap(([, { slots }]) => Object.entries(slots)))
  }
}
