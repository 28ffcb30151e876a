/** Optimizers that say where a parameter lands rather than how far it goes: the penalty acts where it lands. */
import { sub } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import { mapByPath, type ByPath, type Path } from '../part/path.js'
import type { Separable } from '../regularizers/readings.js'
import type { Weight } from './transform.js'
import { chosen, type Where } from './where.js'

/** The steps that take parameters to these places: added to the parameter, 0 is exactly 0. */
export const to = (places: ByPath<Expr>, weights: ByPath<Weight>): ByPath<Expr> =>
  mapByPath(places, (place, path) => sub(place, weights[path].value))

/** The proximal operator of a penalty for the parameters that it covers; for the others, and without a penalty, the identity. */
export const shrinking = (penalty: Separable | undefined, where: Where, weights: ByPath<Weight>) => {
  const covered = chosen(where, weights)
  return (path: Path, step: Scalar) => (w: Expr): Expr => (penalty === undefined || !covered(path) ? w : penalty.proximal(step)(w))
}
