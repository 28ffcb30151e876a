/** What the training of one case under one seed hands to the table and to the charts. */
import type { Engine } from 'tikhonov/engine'
import type { Case, Experiment } from '../cases.js'
import type { Split } from './split.js'

/** Losses in inference mode and without penalty, after `epoch` epochs (0: before the first step). */
export interface CurvePoint {
  readonly epoch: number
  readonly train: number
  readonly test: number
}

export interface CaseResult {
  readonly trainAcc: number
  readonly testAcc: number
  readonly trainLoss: number
  readonly testLoss: number
  readonly l1: number
  readonly l2: number
  readonly zeros: number
  readonly penalty: number
  readonly curve: readonly CurvePoint[]
  /** The probability of class 1 at each point of `plane.ts`'s grid, when the data lie in the plane. */
  readonly grid?: readonly number[]
}

/** An experiment with the examples of one seed's split, the number of epochs to train, and the engine to train on. */
export interface CaseData {
  readonly experiment: Experiment
  readonly split: Split
  readonly epochs: number
  readonly engine: Engine
}

/** Trains one case; `onProgress` hears of epochs done, at least twice a second; an aborted signal ends it by a rejection. */
export type RunCase = (
  data: CaseData, row: Case, seed: number, onProgress: (epoch: number) => void, signal: AbortSignal
) => Promise<CaseResult>
