/**
 * Whether what was timed trains. The engine takes its steps, and from each of the states that it emits the reference takes the same step:
 * so an error is seen where it is made. Compared at the end of a run instead, two right engines may differ by as much as one step is long:
 * a rounding decides which of two nearly equal pixels a pool takes, or on which side of 0 a unit is, and training goes on from there.
 */
import { either as E } from 'fp-ts'
import { reference, type Engine, type Executable } from 'tikhonov/engine'
import { showTrainError, start, type Batch, type TrainState } from 'tikhonov/training'
import { trainerOf } from './network.js'
import type { Workload } from './workloads.js'

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
  /** Steps left out above, for they lie at a jump: the reference itself moves as far when its values are changed by a few ulp. */
  readonly jumps: number
  /** Whether all steps in one call end in the same bytes as one call for each. */
  readonly atOnce: boolean
  readonly holds: boolean
}

const verifiedSteps = 20
/** The part of the steps that may lie at a jump. */
const mostJumps = 0.2
const changes = 6

/** The total loss of each step, and the state after them. */
interface Taken {
  readonly losses: readonly number[]
  readonly state: TrainState
}

const take = (executable: Executable, from: TrainState, batches: readonly Batch[]): Taken => {
  const after = executable.fold(from, batches)
  if (E.isLeft(after)) throw new Error(showTrainError(after.left))
  return { losses: after.right.reports.map((r) => r.total), state: after.right.state }
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

interface Difference {
  readonly loss: number
  readonly state: number
}

const apart = (a: Taken, b: Taken): Difference => ({ loss: between(a.losses, b.losses), state: between(a.state.values, b.state.values) })

/** 4 ulp in float32 of the largest value. */
const ulps = (values: ArrayLike<number>): number => 4 * 2 ** -23 * largest(values.length, (i) => values[i])

/** The state with every value changed by at most 8 ulp, another way for each number. */
const changed = (state: TrainState, n: number): TrainState =>
  ({ ...state, values: Float64Array.from(state.values, (x, i) => x * (1 + 2 ** -20 * Math.sin(12.9898 * i + n))) })

/** How far the engine and the rounded reference were off in a step, and 4 ulp of what it gave. */
interface Step {
  readonly losses: readonly number[]
  readonly off: Difference
  readonly rounding: Difference
  readonly ulp: Difference
  /** Whether the reference moves as far when it starts from the same state but for a few ulp; looked for where rounding is no reason. */
  readonly jump: boolean
}

const bound = (rounding: number, ulp: number): number => 8 * rounding + ulp

export const verify = (workload: Workload, engine: Engine, batches: readonly Batch[], steps = verifiedSteps): Verified => {
  const on = (e: Engine) => trainerOf(workload, e).executable(workload.batch)
  const [exact, rounded, found] = [reference(), reference('float32'), engine].map(on)
  const first = start(trainerOf(workload, engine), 1)
  const list = Array.from({ length: steps }, (_, i) => batches[i % batches.length])
  let from = first
  const seen = list.map((batch): Step => {
    const [own, right] = [take(found, from, [batch]), take(exact, from, [batch])]
    const [off, rounding] = [apart(own, right), apart(take(rounded, from, [batch]), right)]
    const ulp = { loss: ulps(right.losses), state: ulps(right.state.values) }
    const suspect = !(off.loss <= bound(rounding.loss, ulp.loss) && off.state <= bound(rounding.state, ulp.state))
    const jump = suspect && Array.from({ length: changes }).some((_, n) => {
      const moved = apart(take(exact, changed(from, n), [batch]), right)
      return off.loss <= bound(moved.loss, ulp.loss) && off.state <= bound(moved.state, ulp.state)
    })
    from = own.state
    return { losses: own.losses, off, rounding, ulp, jump }
  })
  const most = (of: (step: Step) => number, among = seen): number => largest(among.length, (i) => of(among[i]))
  const [roundedLoss, roundedState] = [most((s) => s.rounding.loss), most((s) => s.rounding.state)]
  const lossBound = bound(roundedLoss, most((s) => s.ulp.loss))
  const stateBound = bound(roundedState, most((s) => s.ulp.state))
  const judged = seen.filter((s) => !s.jump)
  const [loss, state, jumps] = [most((s) => s.off.loss, judged), most((s) => s.off.state, judged), steps - judged.length]
  const together = apart(take(found, first, list), { losses: seen.flatMap((s) => s.losses), state: from })
  const atOnce = together.loss === 0 && together.state === 0
  const holds = atOnce && jumps <= mostJumps * steps && loss <= lossBound && state <= stateBound
  return { steps, loss, state, roundedLoss, roundedState, lossBound, stateBound, jumps, atOnce, holds }
}
