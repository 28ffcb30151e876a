/** Whether what was timed trains: the same steps on the reference engine too, state against state. */
import { either as E } from 'fp-ts'
import { reference, type Engine } from 'tikhonov/engine'
import { showTrainError, start, type Batch } from 'tikhonov/training'
import { trainerOf } from './network.js'
import type { Workload } from './workloads.js'

/** A run of some steps: the total loss of each, and the values (parameters and slots) at the end. */
interface Trained {
  readonly losses: readonly number[]
  readonly values: ArrayLike<number>
}

/** The largest differences from the reference in float64, of the engine and of the reference rounded to float32 after every operation. */
export interface Verified {
  readonly steps: number
  readonly loss: number
  readonly state: number
  readonly roundedLoss: number
  readonly roundedState: number
  /** What the engine is allowed: 8 times what rounding alone does, plus 4 ulp of the largest value. */
  readonly lossBound: number
  readonly stateBound: number
  readonly holds: boolean
}

const verifiedSteps = 20

const trained = (workload: Workload, engine: Engine, batches: readonly Batch[], steps: number): Trained => {
  const t = trainerOf(workload, engine)
  const after = t.executable(workload.batch).fold(start(t, 1), Array.from({ length: steps }, (_, i) => batches[i % batches.length]))
  if (E.isLeft(after)) throw new Error(`${engine.name}: ${showTrainError(after.left)}`)
  return { losses: after.right.reports.map((r) => r.total), values: after.right.state.values }
}

const largest = (count: number, at: (i: number) => number): number => {
  let most = 0
  for (let i = 0; i < count; i++) {
    const size = Math.abs(at(i))
    if (!(size <= most)) most = size
  }
  return most
}

const between = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? largest(a.length, (i) => a[i] - b[i]) : Number.NaN

/** 4 ulp in float32 of the largest value. */
const ulps = (values: ArrayLike<number>): number => 4 * 2 ** -23 * largest(values.length, (i) => values[i])

export const verify = (workload: Workload, engine: Engine, batches: readonly Batch[], steps = verifiedSteps): Verified => {
  const exact = trained(workload, reference(), batches, steps)
  const rounded = trained(workload, reference('float32'), batches, steps)
  const found = trained(workload, engine, batches, steps)
  const [loss, state] = [between(found.losses, exact.losses), between(found.values, exact.values)]
  const [roundedLoss, roundedState] = [between(rounded.losses, exact.losses), between(rounded.values, exact.values)]
  const lossBound = 8 * roundedLoss + ulps(exact.losses)
  const stateBound = 8 * roundedState + ulps(exact.values)
  return { steps, loss, state, roundedLoss, roundedState, lossBound, stateBound, holds: loss <= lossBound && state <= stateBound }
}
