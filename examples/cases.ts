/**
 * Every number of the main job in one table: what is trained, on what, how long, and with which regularization.
 *
 * The same in all three experiments:
 * - hidden layers are dense + relu, the last layer is one dense unit + sigmoid; Glorot uniform kernels, zero biases;
 * - the loss is the mean binary cross-entropy, plus the penalty during training;
 * - penalties (Keras' convention: l1·Σ|w| + l2·Σw²) and constraints act on the kernels of the HIDDEN layers, not on
 *   the last kernel and not on biases; a constraint bounds the norm of the incoming weights of each unit;
 * - dropout(rate) follows every hidden layer; rate is the probability of dropping;
 * - losses and accuracies are measured without dropout and without penalty; an accuracy counts p > ½ as class 1;
 * - ‖W‖₁, ‖W‖₂, exact zeros are taken over all kernels, the penalty is the one that was added to the loss.
 */
export type DataName = 'moons' | 'circles' | 'sonar'

/** `maxNorm`: norm ≤ cap. `unitNorm`: norm = 1. */
export type CaseConstraint = { readonly _tag: 'maxNorm'; readonly cap: number } | { readonly _tag: 'unitNorm' }

/** One row of the table. What is absent is not used. */
export interface Case {
  readonly name: string
  readonly l1?: number
  readonly l2?: number
  readonly constraint?: CaseConstraint
  readonly dropout?: number
}

export type CaseOptimizer =
  | { readonly _tag: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
  | { readonly _tag: 'momentum'; readonly learningRate: number; readonly momentum: number }

/** `order`: the first rows of the file train. `permutation`: shuffled by the seed, the same for every case of a seed. */
export interface CaseSplit {
  readonly by: 'order' | 'permutation'
  readonly train: number
  readonly test: number
}

/** A data set with its network, its training and its rows. `seeds` and `epochs` are defaults of the command line. */
export interface Experiment {
  readonly data: DataName
  readonly features: number
  readonly hidden: readonly number[]
  readonly optimizer: CaseOptimizer
  readonly epochs: number
  readonly shortEpochs: number
  readonly batch: number
  readonly split: CaseSplit
  readonly standardised: boolean
  readonly seeds: number
  readonly cases: readonly Case[]
}

const cases: readonly Case[] = [
  { name: 'none' },
  { name: 'l1', l1: 0.001 },
  { name: 'l2', l2: 0.001 },
  { name: 'l1l2', l1: 0.001, l2: 0.001 },
  { name: 'maxNorm', constraint: { _tag: 'maxNorm', cap: 0.5 } },
  { name: 'unitNorm', constraint: { _tag: 'unitNorm' } },
  { name: 'dropout', dropout: 0.4 },
  { name: 'dropout+maxNorm', dropout: 0.4, constraint: { _tag: 'maxNorm', cap: 0.5 } }
]

const tutorial = {
  features: 2,
  hidden: [500],
  optimizer: { _tag: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
  epochs: 4000,
  shortEpochs: 40,
  batch: 30,
  split: { by: 'order', train: 30, test: 70 },
  standardised: false,
  seeds: 3,
  cases
} as const

export const experiments: readonly Experiment[] = [
  { data: 'moons', ...tutorial },
  { data: 'circles', ...tutorial },
  {
    data: 'sonar',
    features: 60,
    hidden: [60, 30],
    optimizer: { _tag: 'momentum', learningRate: 0.05, momentum: 0.9 },
    epochs: 200,
    shortEpochs: 4,
    batch: 16,
    split: { by: 'permutation', train: 140, test: 68 },
    standardised: true,
    seeds: 3,
    cases
  }
]
