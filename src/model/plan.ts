/** Which units of each layer of a row stay, so that what comes out is as it was. */
import type { Path } from '../part/path.js'
import { below, refusal, type Stage } from './stages.js'

/** Units by their numbers, in order. */
export type Units = readonly number[]

/** Units that were kept although no weight asks for them, and why. Without units: all that the layer reads and makes. */
export interface Kept {
  readonly path: Path
  readonly units: Units
  readonly reason: string
}

/** The units of its input that a layer needs where these units of its output stay; at least one. */
const needed = (stage: Stage, stay: Units): Units => {
  const { narrowing, before, sources } = stage
  if (narrowing === undefined || narrowing._tag === 'Rows') return below(before.length)
  const read = new Set(narrowing._tag === 'Each'
    ? stay.map((unit) => narrowing.source(unit, before.length)) : stay.flatMap((unit) => sources[unit]))
  const folds = (i: number): boolean => {
    const value = before[i]
    return narrowing._tag === 'Mixed' && (value === 0 || (value !== undefined && refusal(stage, narrowing) === undefined))
  }
  const found = below(before.length).filter((i) => read.has(i) && !folds(i))
  return found.length === 0 ? [0] : found
}

/** Whether a layer can be made with fewer of its units. */
const yields = ({ narrowing }: Stage): boolean =>
  narrowing?._tag === 'Each' || (narrowing?._tag === 'Mixed' && narrowing.units !== undefined)

/** Before the first layer and after each: the units that are needed behind it, and those that stay. */
export interface Plan { readonly needed: readonly Units[]; readonly stay: readonly Units[] }

/**
 * From the last layer to the first: a unit is needed where one that stays reads it and it cannot be folded into the bias behind it. Then
 * from the first to the last: what stays passes through layers that treat each unit by itself.
 */
export const planned = (stages: readonly Stage[], outputs: Units, inputs: 'keep' | 'remove'): Plan => {
  const asked = stages.reduceRight<Plan>((rest, stage, k) => {
    const own = needed(stage, rest.stay[0])
    const free = k === 0 ? inputs === 'remove' : yields(stages[k - 1])
    return { needed: [own, ...rest.needed], stay: [free ? own : below(stage.before.length), ...rest.stay] }
  }, { needed: [outputs], stay: [outputs] })
  return {
    needed: asked.needed,
    stay: stages.reduce<readonly Units[]>((stay, { narrowing, after, before }, k) => {
      const passed = new Set(stay[k])
      return [...stay, narrowing?._tag === 'Each'
        ? below(after.length).filter((unit) => passed.has(narrowing.source(unit, before.length))) : asked.stay[k + 1]]
    }, [asked.stay[0]])
  }
}

/** What a layer kept of its input and its output for another reason than a weight. */
export const reasons = (stage: Stage, inputs: Units, outputs: Units, wanted: Units): readonly Kept[] => {
  const { path, narrowing, before, sources } = stage
  if (narrowing === undefined) return [{ path, units: [], reason: 'says nothing of its units' }]
  if (narrowing._tag !== 'Mixed') return []
  const read = new Set(outputs.flatMap((unit) => sources[unit]))
  const why = refusal(stage, narrowing)
  const fixed = inputs.filter((i) => read.has(i) && before[i] !== undefined && before[i] !== 0)
  const together = narrowing.units === undefined ? outputs.filter((unit) => !wanted.includes(unit)) : []
  return [
    ...(why === undefined || fixed.length === 0 ? [] : [{ path, units: fixed, reason: why }]),
    ...(together.length === 0 ? [] : [{ path, units: together, reason: 'are not read, but the activation sees all units together' }])
  ]
}
