/** What a difference to another library is. */
import type { Path } from '../part/path.js'
import { showValue, type Spec } from '../part/spec.js'

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

/** Rules by the kind of the part that they are about. A kind without a rule is one that the other library does not know. */
export type Rules = Readonly<Record<string, Rule>>

/** One rule for many kinds. */
export const each = (kinds: readonly string[], rule: (kind: string) => Rule): Rules =>
  Object.fromEntries(kinds.map((kind) => [kind, rule(kind)]))

/** Kinds that are the same there, whatever the options. */
export const same = (...kinds: readonly string[]): Rules => each(kinds, () => () => [])

/** The same thing to say whatever the options. */
export const always = (ours: string, theirs: string, remedy: string): Rule => () => [{ ours, theirs, remedy }]

/** What several rules say. */
export const both = (...rules: readonly Rule[]): Rule => (options) => rules.flatMap((rule) => rule(options))

/** A part that the other library does not have. */
export const absent = (library: string) => (kind: string): Rule =>
  always(kind, `nothing of the kind in ${library}`, 'none: leave it out, or write it there')

/** Whether an option is a part. */
export const isPart = (value: Spec['options'][string] | undefined): value is Spec =>
  typeof value === 'object' && value !== null && 'kind' in value

/** Whether an option that is a part is of this kind. */
export const isKind = (value: Spec['options'][string] | undefined, kind: string): value is Spec => isPart(value) && value.kind === kind

/** The kind of a transformation, or of each in a chain. */
const kindsOf = (value: Spec['options'][string] | undefined): readonly string[] =>
  Array.isArray(value) ? value.flatMap(kindsOf)
  : !isPart(value) ? [] : value.kind === 'chain' ? kindsOf(value.options.parts) : [value.kind]

/** Transformations that stand where the other library cannot put them. */
export const misplaced = (where: 'before' | 'after', kinds: readonly string[], theirs: string): Rule => ({ transform }) =>
  kindsOf(transform).filter((kind) => kinds.includes(kind)).map((kind) =>
    ({ ours: `${kind} ${where} the optimizer`, theirs, remedy: `${kind} ${where === 'before' ? 'after' : 'before'} it` }))

/** Masks are the same in distribution in every library, never the same masks. */
export const masks = (kind: string): Words =>
  ({ ours: `${kind}: masks by address`, theirs: 'masks of a generator with state', remedy: 'none: the same distribution, other masks' })

/** Layers that draw, in both libraries. */
export const drawing = [
  'dropout', 'spatialDropout1d', 'spatialDropout2d', 'spatialDropout3d', 'alphaDropout'
] as const

/** Functions of one number or of the last axis, and what puts layers together: formulas that leave no choice. */
export const plain: Rules = same(
  'activation', 'elu', 'gelu', 'hardSigmoid', 'leakyRelu', 'linear', 'relu', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'swish',
  'tanh', 'flatten', 'reshape', 'named', 'parallel', 'residual', 'add', 'average', 'concatenate', 'maximum', 'multiply', 'plus', 'scale',
  'none', 'chain', 'clipByValue', 'mse', 'mae', 'huber', 'constant', 'exponential'
)

/** Numbers that are none until a run. */
export const varying: Rules = {
  hyper: always('a number that follows the step, or comes with a batch', 'a number', 'assign it there at each step'),
  expression: always('a number that is computed', 'a number', 'compute it there')
}

/** The average of weights that both libraries keep begins with what the first update left. */
export const averageOfWeights = (where: string): Rule => ({ decay }) => [{
  ours: `an average of the weights that steps begin with, free of bias, of decay ${showValue(decay)}`,
  theirs: `${where}: the weights after the first update, then a ← β·a + (1 − β)·w after each`,
  remedy: 'none: read it a step later; the two come together as βᵗ → 0'
}]
