/** One run of a workload: the compiled step, its batches and the state it has come to. */
import { either as E } from 'fp-ts'
import { tensor } from 'tikhonov/tensor'
import { showTrainError, start, type Batch, type Trainer, type TrainState } from 'tikhonov/training'
import { examplesOf, type Examples } from './data.js'
import { batchesInACycle, type Workload } from './workloads.js'

/** Examples as batches that a trainer takes. */
export const batched = (workload: Workload, examples: readonly Examples[]): readonly Batch[] =>
  examples.map(({ x, y }) => ({
    x: tensor(x, [workload.batch, ...workload.input]),
    y: tensor(y, [workload.batch, workload.outputs])
  }))

/** The cycle of batches of a workload. */
export const batchesOf = (workload: Workload): readonly Batch[] => batched(workload, examplesOf(workload))

/** A run that goes on. */
export interface Session {
  /** Milliseconds from a checked trainer to a step that can run: the program of this batch size built, differentiated and compiled. */
  readonly compileMilliseconds: number
  /** Folds the next batches of the cycle in one call, which emits one state. */
  readonly advance: (batches: number) => void
  readonly state: () => TrainState
  /** The mean of the total loss (with penalties) over the first cycle of steps, and over the last. */
  readonly firstLoss: () => number
  readonly lastLoss: () => number
}

const mean = (xs: Float64Array): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

export const sessionOf = (t: Trainer, cycle: readonly Batch[], seed = 1): Session => {
  const from = performance.now()
  const executable = t.executable(cycle[0].x.shape[0])
  const compileMilliseconds = performance.now() - from
  let state = start(t, seed)
  let at = 0
  let seen = 0
  const first = new Float64Array(batchesInACycle)
  const last = new Float64Array(batchesInACycle)
  // Any run of the cycle, ready to be cut out.
  let ahead: readonly Batch[] = cycle
  return {
    compileMilliseconds,
    advance: (batches) => {
      while (ahead.length < at + batches) ahead = [...ahead, ...cycle]
      const after = executable.fold(state, ahead.slice(at, at + batches))
      if (E.isLeft(after)) throw new Error(showTrainError(after.left))
      state = after.right.state
      at = (at + batches) % cycle.length
      for (const { total } of after.right.reports) {
        if (seen < first.length) first[seen] = total
        last[seen++ % last.length] = total
      }
    },
    state: () => state,
    firstLoss: () => mean(first.subarray(0, Math.min(seen, first.length))),
    lastLoss: () => mean(last.subarray(0, Math.min(seen, last.length)))
  }
}
