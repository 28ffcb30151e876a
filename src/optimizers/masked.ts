/** A transformation of some parameters only. */
import type { ByPath, Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { gradientTransform, unchanged, type GradientTransform, type Update } from './transform.js'
import { chosen, type Where } from './where.js'

/** The values at the paths of which a predicate holds. */
export const onlyAt = <A>(by: ByPath<A>, holds: (path: Path) => boolean): ByPath<A> =>
  Object.fromEntries(Object.entries(by).filter(([path]) => holds(path)))

/**
 * The transformation for exactly the parameters that `where` covers; the rest passes. It sees nothing of the rest, not even in a global
 * norm, and has no slots for it.
 * Errors: those of the transformation, and a path in `where` that no parameter is at or under. Laws: `maskLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { adam, before, byRole, clipByGlobalNorm, masked } from 'tikhonov/optimizers'
 * before(masked(byRole('recurrent'), clipByGlobalNorm(1)), adam()).spec.kind // => 'before'
 * ```
 */
export const masked = (where: Where, transform: GradientTransform): GradientTransform => {
  const update: Update = (place) => (delta, weights, learningRate, gradientAt) => {
    const covered = chosen(where, weights)
    const within = transform.update(place)(onlyAt(delta, covered), onlyAt(weights, covered), learningRate, gradientAt)
    const { delta: changed, slots, issues = [], pace, idle } = within
    return {
      delta: onlyAt({ ...delta, ...onlyAt(changed, covered) }, (path) => !covered(path) || changed[path] !== undefined),
      slots,
      issues: [...where.missing(Object.keys(weights)), ...issues],
      ...(pace === undefined ? {} : { pace: { ...unchanged(delta), ...pace } }),
      ...(idle === undefined ? {} : { idle })
    }
  }
  return gradientTransform(spec('masked', { where: where.spec, transform: transform.spec }), update, transform.issues)
}
