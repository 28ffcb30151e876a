/** What a difference to another library is. */
import type { Path } from '../part/path.js'
import type { Spec } from '../part/spec.js'

/** Something that is not there as it is here. */
export interface Difference {
  readonly _tag: 'Difference'
  /** The layer or optimizer, and the option of it. */
  readonly path: Path
  readonly ours: string
  readonly theirs: string
  /** What to write to have it as it is there; or that nothing does. */
  readonly remedy: string
}

/** What a rule says. */
export type Words = Pick<Difference, 'ours' | 'theirs' | 'remedy'>

/** Of a part by its options, what is different of it; nothing where nothing is. */
export type Rule = (options: Spec['options']) => readonly Words[]

/** Rules by the kind of the part that they are about. */
export type Rules = Readonly<Record<string, Rule>>

/** One rule for many kinds. */
export const each = (kinds: readonly string[], rule: (kind: string) => Rule): Rules =>
  Object.fromEntries(kinds.map((kind) => [kind, rule(kind)]))

/** The same thing to say whatever the options. */
export const always = (ours: string, theirs: string, remedy: string): Rule => () => [{ ours, theirs, remedy }]

/** A part that the other library does not have. */
export const absent = (library: string) => (kind: string): Rule =>
  always(kind, `nothing of the kind in ${library}`, 'none: leave it out, or write it there')

/** Whether an option that is a part is of this kind. */
export const isKind = (value: Spec['options'][string] | undefined, kind: string): value is Spec =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind

/** Parts that draw masks: the same in distribution in every library, never the same masks. */
export const drawing = [
  'dropout', 'spatialDropout1d', 'spatialDropout2d', 'spatialDropout3d', 'gaussianDropout', 'gaussianNoise', 'alphaDropout',
  'featureAlphaDropout'
] as const

/** Parts that neither Keras nor PyTorch has. */
export const ours = [
  'exact', 'groupLasso', 'sparseGroupLasso', 'totalVariation', 'fusedLasso', 'nuclear', 'lInf', 'towards', 'elasticWeightConsolidation',
  'srip', 'spectralNorm', 'logDet', 'confidence', 'box', 'hypercube', 'simplex', 'l1Ball', 'l2Ball', 'lInfBall', 'halfSpace',
  'hyperplane', 'affine', 'spectralNormBall', 'orthonormalColumns', 'monotone', 'topK', 'intersection', 'concreteDropout',
  'maxPoolingDropout1d', 'maxPoolingDropout2d', 'dropBlock1d', 'dropBlock2d', 'dropConnect', 'wordDropout', 'tokenDropout',
  'stochasticDepth', 'hardConcrete', 'withoutMemoryLoss', 'zoneout', 'weightDrop', 'fista', 'ftrl', 'rda', 'truncatedGradient',
  'cumulativePenalty'
] as const
