/** Whether memory grows while a network learns online. */
import type { Engine } from 'tikhonov/engine'
import { collector, residentMiB } from './memory.js'
import { trainerOf } from './network.js'
import { batchesOf, sessionOf } from './session.js'
import { workloadNamed } from './workloads.js'

export interface Growth {
  readonly steps: number
  /** MiB resident: the least that was seen during 100,000 steps, and during the next. */
  readonly before: number
  readonly after: number
  readonly growth: number
  /** What passes for none: the noise of an allocator. A report of 40 bytes kept a step, or a state every 2,000, is as much. */
  readonly bound: number
  readonly holds: boolean
}

const bound = 4
const looks = 5

/**
 * Resident memory over `steps` steps of `online`. Three times as many are run: in the first third buffers and code settle; of the second
 * and the last the floors are compared, each the least of 5 looks after all garbage was collected: what the allocator has not given back
 * yet comes and goes, what is held stays.
 */
export const grow = (engine: Engine, cadence: number, steps = 100_000): Growth => {
  const workload = workloadNamed('online')
  const session = sessionOf(trainerOf(workload, engine), batchesOf(workload))
  const collect = collector()
  const look = (): number => {
    for (let done = 0; done < steps / looks; done += cadence) session.advance(cadence)
    collect()
    return residentMiB()
  }
  const floor = (): number => Math.min(...Array.from({ length: looks }, look))
  floor()
  const before = floor()
  const after = floor()
  return { steps, before, after, growth: after - before, bound, holds: after - before <= bound }
}
