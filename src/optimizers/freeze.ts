/** Parameters that do not move. */
import type { Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { onlyAt } from './masked.js'
import { gradientTransform, unchanged, type GradientTransform } from './transform.js'
import { byPath, chosen, type Where } from './where.js'

/**
 * Takes their direction from parameters, so that nothing moves them: no momentum, no decay, no constraint. They stay bit for bit what
 * they are. Put it before the rest (`before(freeze('dense/0'), adam())`): then no slots are kept for them and no norm counts them.
 * Their penalties still count in the loss. Errors: a path that no parameter is at or under. Laws: `freezeLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { adam, before, freeze } from 'tikhonov/optimizers'
 * import { trainer } from 'tikhonov/training'
 * const tuned = (path: string) => F.pipe(
 *   sequential([2], dense(3), dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: before(freeze(path), adam()) }))
 * )
 * F.pipe(tuned('dense/0'), E.map((t) => t.layout.filter((p) => p.path.endsWith('m/dense/0/kernel')).length)) // => E.right(0)
 * F.pipe(tuned('dens/0'), E.mapLeft((issues) => issues[0].path)) // => E.left('optimizer/freeze/0/paths/0')
 * ```
 */
export const freeze = (what: Path | Where, ...more: readonly Path[]): GradientTransform => {
  const where = typeof what === 'string' ? byPath(what, ...more) : what
  return gradientTransform(spec('freeze', { where: where.spec }), () => (delta, weights) => {
    const frozen = chosen(where, weights)
    return {
      delta: onlyAt(delta, (path) => !frozen(path)), slots: {}, pace: unchanged(delta), idle: {},
      issues: where.missing(Object.keys(weights))
    }
  })
}
