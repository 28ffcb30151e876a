/** What advice says, and what it says it from. */
import type { Declaration, Layer } from '../layer/layer.js'
import type { ByPath, Path } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Parts } from '../training/program.js'

/** One finding: where, what is so, why it matters, who showed it, what to do instead. */
export interface Finding {
  readonly _tag: 'Finding'
  readonly path: Path
  readonly finding: string
  readonly reason: string
  readonly paper: string
  readonly remedy: string
}

/** What a model is trained with, as far as it is known: a rule that needs what is not told is silent. */
export type Described = Pick<Parts, 'model'> & Partial<Pick<Parts, 'optimizer' | 'probes'>>

/** What has been seen: inputs [examples, …input], and values after some training, by path. */
export interface Seen {
  readonly x?: Tensor
  readonly values?: ByPath<Tensor>
}

/** A layer where it stands. */
export interface Place {
  readonly path: Path
  readonly layer: Layer
  /** How many values of an example come in. */
  readonly size: number
  readonly parameters: ByPath<Declaration>
  /** The places after it. */
  readonly rest: readonly Place[]
}

/** All that rules look at. */
export interface Subject extends Described, Seen {
  readonly places: readonly Place[]
  readonly parameters: ByPath<Declaration>
}

/** A rule: where it fires and on what, and what there is to say of it. */
export interface Rule extends Pick<Finding, 'reason' | 'paper' | 'remedy'> {
  readonly hits: (subject: Subject) => readonly Pick<Finding, 'path' | 'finding'>[]
}
