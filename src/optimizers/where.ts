/** Which parameters: what decay, masks and freezing are told. */
import { issue, type Issue } from '../part/issue.js'
import type { Path } from '../part/path.js'
import type { Role } from '../part/role.js'
import { spec, type Spec } from '../part/spec.js'
import type { Weight } from './transform.js'

/** A choice of parameters that can say what it is. */
export interface Where {
  readonly _tag: 'Where'
  readonly spec: Spec
  readonly covers: (path: Path, weight: Weight) => boolean
  /** What it names and none of these paths has. */
  readonly missing: (paths: readonly Path[]) => readonly Issue[]
}

/**
 * The parameters that a predicate of your own chooses.
 * @example
 * ```ts
 * import { masked, momentum, where } from 'tikhonov/optimizers'
 * const matrices = where('matrices', (path, { value }) => value.shape.length === 2)
 * masked(matrices, momentum(0.9)).spec.kind // => 'masked'
 * ```
 */
export const where = (name: string, covers: Where['covers']): Where => ({ _tag: 'Where', spec: spec(name), covers, missing: () => [] })

/**
 * All parameters.
 * @example
 * ```ts
 * import { adamw, everything } from 'tikhonov/optimizers'
 * adamw(0.001, { where: everything }).spec.options.where // => { kind: 'everything', options: {} }
 * ```
 */
export const everything: Where = /* #__PURE__ */ where('everything', () => true)

/**
 * The parameters of these roles.
 * @example
 * ```ts
 * import { byRole } from 'tikhonov/optimizers'
 * byRole('kernel', 'recurrent').spec // => { kind: 'byRole', options: { roles: ['kernel', 'recurrent'] } }
 * ```
 */
export const byRole = (...roles: readonly Role[]): Where => ({
  _tag: 'Where', spec: spec('byRole', { roles }), covers: (_, { role }) => roles.includes(role), missing: () => []
})

const isAtOrUnder = (place: Path, path: Path): boolean => path === place || path.startsWith(`${place}/`)

/**
 * The parameters at these paths or under them: `hidden` means `hidden/kernel` and `hidden/bias`, not `hidden2/kernel`.
 * Errors: a path that no parameter is at or under, found with the model.
 * @example
 * ```ts
 * import { byPath } from 'tikhonov/optimizers'
 * const first = byPath('dense/1')
 * first.missing(['dense/10/kernel', 'dense/10/bias']).map((i) => i.found) // => ["'dense/1'"]
 * ```
 */
export const byPath = (...paths: readonly Path[]): Where => ({
  _tag: 'Where',
  spec: spec('byPath', { paths }),
  covers: (path) => paths.some((place) => isAtOrUnder(place, path)),
  missing: (present) =>
    paths.flatMap((place, i) =>
      present.some((path) => isAtOrUnder(place, path))
        ? []
        : [issue(`paths/${i}`, `'${place}'`, `one of ${present.join(', ')}, or what they are under`)])
})

/**
 * The other parameters.
 * @example
 * ```ts
 * import { before, byPath, freeze, not, sgd } from 'tikhonov/optimizers'
 * const headOnly = before(freeze(not(byPath('head'))), sgd(0.01))
 * headOnly.spec.kind // => 'before'
 * ```
 */
export const not = (other: Where): Where => ({
  _tag: 'Where',
  spec: spec('not', { where: other.spec }),
  covers: (path, weight) => !other.covers(path, weight),
  missing: other.missing
})

/** Whether a parameter is chosen, given all of them; what is not among them is not. */
export const chosen = ({ covers }: Where, weights: Readonly<Record<Path, Weight>>) => (path: Path): boolean =>
  weights[path] !== undefined && covers(path, weights[path])
