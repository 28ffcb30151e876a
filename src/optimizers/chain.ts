/** One transformation after the other. */
import { mul } from '../expr/arithmetic.js'
import { under, type Issue } from '../part/issue.js'
import { joinPath, mapByPath, type Path } from '../part/path.js'
import { spec } from '../part/spec.js'
import { unchanged, type GradientTransform, type Updated } from './transform.js'

/** A transformation that is a row of others. */
export interface Chain extends GradientTransform {
  readonly parts: readonly GradientTransform[]
}

const partsOf = (t: GradientTransform): readonly GradientTransform[] => ('parts' in t ? (t as Chain).parts : [t])

/** Where each part lives: its kind, and its number among those of its kind, as layers are named. */
const placesOf = (parts: readonly GradientTransform[]): readonly Path[] =>
  parts.map(({ spec: { kind } }, i) => joinPath(kind, parts.slice(0, i).filter((p) => p.spec.kind === kind).length))

/** What is left of a parameter without a gradient: only the last transformation may make something of it. */
const idled = (first: Updated['idle'], second: Updated['idle']): Updated['idle'] =>
  first === undefined || Object.keys(first).length > 0 ? undefined : second

/** What one transformation after the other multiplies a constant direction by, if both tell. */
const paced = (first: Updated['pace'], second: Updated['pace']): Updated['pace'] =>
  first === undefined || second === undefined ? undefined : mapByPath(second, (by, path) => mul(first[path] ?? 1, by))

/**
 * Transformations one after the other; the first sees the gradient, what the last gives is added to the parameters.
 *
 * A monoid: chains within a chain are taken apart, and `chain()` is the unit. Slots and issues of a part live under its kind and its
 * number among those of its kind (`scaleByAdam/0/m/…`), so that putting a clip before an optimizer leaves its slots where they were.
 * Laws: `chainLaws`, `transformLaws`.
 * @example
 * ```ts
 * import { addDecay, chain, clipByGlobalNorm, descend, scaleByAdam } from 'tikhonov/optimizers'
 * const mine = chain(clipByGlobalNorm(1), chain(scaleByAdam(), addDecay(0.01)), descend)
 * mine.parts.map((part) => part.spec.kind) // => ['clipByGlobalNorm', 'scaleByAdam', 'addDecay', 'descend']
 * ```
 */
export const chain = (...transforms: readonly GradientTransform[]): Chain => {
  const parts = transforms.flatMap(partsOf)
  const places = placesOf(parts)
  return {
    _tag: 'GradientTransform',
    parts,
    spec: spec('chain', { parts: parts.map((p) => p.spec) }),
    issues: parts.flatMap((p, i) => under(places[i], p.issues)),
    update: (place) => (delta, weights, learningRate, gradientAt) =>
      parts.reduce<Updated & { readonly issues: readonly Issue[] }>((before, part, i) => {
        const after = part.update(joinPath(place, places[i]))(before.delta, weights, learningRate, gradientAt)
        const pace = paced(before.pace, after.pace)
        const idle = idled(before.idle, after.idle)
        return {
          delta: after.delta,
          slots: { ...before.slots, ...after.slots },
          issues: [...before.issues, ...under(places[i], after.issues ?? [])],
          ...(pace === undefined ? {} : { pace }),
          ...(idle === undefined ? {} : { idle })
        }
      }, { delta, slots: {}, issues: [], pace: unchanged(delta), idle: {} })
  }
}
