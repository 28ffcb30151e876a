/** This library: its default step, a state emitted after every 100 of them. */
import { either as E } from 'fp-ts'
import type { Tensor } from 'tikhonov/tensor'
import { predictions } from 'tikhonov/training'
import type { Examples } from './data.js'
import { running, type Asked } from './engines.js'
import { cadences } from './flags.js'
import { trainerOf } from './network.js'
import { batched, sessionOf } from './session.js'
import type { Workload } from './workloads.js'

export const open = (workload: Workload, given: readonly Examples[], asked: Asked) => {
  const { engine, notes } = running(asked)
  // A variant that would be another one in truth is none.
  if (notes.length > 0) throw new Error(notes.join('; '))
  const batches = batched(workload, given)
  const t = trainerOf(workload, engine)
  const session = sessionOf(t, batches)
  const cadence = cadences[100].batches
  return {
    does: `the ${engine.name} engine, float32, a state out every ${cadence} steps`,
    train: (steps: number): void => {
      for (let done = 0; done < steps; done += cadence) session.advance(Math.min(cadence, steps - done))
    },
    predict: (b: number): Tensor['data'] => {
      const predicted = predictions(t, session.state())(batches[b].x)
      if (E.isLeft(predicted)) throw new Error(JSON.stringify(predicted.left))
      return predicted.right.data
    }
  }
}
