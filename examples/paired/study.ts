/** A comparison in pairs: one network and its regularised variants, trained on the same batches from the same first weights. */
import type { either as E, nonEmptyArray as N } from 'fp-ts'
import type { Model, ModelError, Trainer, TrainState } from 'tikhonov'
import type { Loss } from 'tikhonov/losses'
import type { MeanMetric } from 'tikhonov/metrics'
import type { Optimizer } from 'tikhonov/optimizers'
import type { Examples } from 'tikhonov/training'

/** A network under the name of its row. */
export interface Variant {
  readonly name: string
  readonly model: E.Either<N.NonEmptyArray<ModelError>, Model>
  /** The study's unless told. */
  readonly optimizer?: Optimizer
}

/** What trains, and what is held out. */
export interface Parts {
  readonly train: Examples
  readonly held: Examples
}

/** A variant after its training under a seed: losses in inference mode and without penalty. */
export interface Result {
  readonly trainLoss: number
  readonly heldLoss: number
  /** Accuracies, where the study measures them. */
  readonly trainAcc?: number
  readonly heldAcc?: number
  /** How many numbers are left of the network without its dead units. */
  readonly parameters?: number
}

/** A trained variant. */
export interface Learned {
  readonly t: Trainer
  readonly state: TrainState
}

export interface Study {
  /** As it is started: `npm run …`. */
  readonly command: string
  /** A line on what is trained on what. */
  readonly about: string
  /** What the part that is held out is called. */
  readonly held: 'test' | 'validation'
  readonly load: () => E.Either<N.NonEmptyArray<string>, Parts>
  /** The first is the one that the others are compared with. */
  readonly variants: readonly [Variant, ...Variant[]]
  readonly loss: Loss
  readonly metrics: readonly MeanMetric[]
  readonly optimizer: Optimizer
  readonly batch: number
  readonly epochs: number
  readonly shortEpochs: number
  readonly seeds: number
  /** What else there is to say, of the data and of the variants as they were learned under seed 1. */
  readonly after: (parts: Parts, learned: Readonly<Record<string, Learned>>, short: boolean) => E.Either<string, string>
}
