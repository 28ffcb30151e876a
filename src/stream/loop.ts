/** The loop behind the operators that train: it folds what is here, for a few milliseconds at a time. */
import type { Subscriber } from 'rxjs'
import type { Folded, Report, TrainState } from '../engine/engine.js'
import type { End, Feed } from './feed.js'
import type { Learner } from './learner.js'
import type { Settings } from './options.js'

/** A loop that is asleep until it is woken. */
export interface Loop {
  /** Something arrived, or ended. */
  readonly wake: () => void
  /** Something arrived, and too much waits already: the oldest is folded whatever the time. */
  readonly press: () => void
}

/** Most batches that are folded in one call, between two looks at the clock. */
const mostAtOnce = 64

/**
 * 1. What is here is folded, oldest first, in groups that end where a state is due and that grow while time is left.
 * 2. When the slice of this turn is used up, the rest waits for the next turn.
 * 3. Of a group that fails every state and report before the failure is had.
 * 4. At the end, and before an error, the last good state is emitted unless it was.
 */
export const loop = <B>(
  learner: Learner<B>, { from, emit, slice, eventLoop }: Settings, keep: boolean, { take, end }: Feed<B>, to: Subscriber<Folded>
): Loop => {
  let emitted: TrainState | undefined
  let reports: Report[] = []
  let busy = false
  let until: number | undefined
  let turning = false
  let most = 1

  const send = (): void => {
    const state = learner.state()
    if (state === emitted) return
    const folded = { state, reports }
    emitted = state
    reports = []
    to.next(folded)
  }

  const learn = (batches: readonly B[]): void => {
    const before = learner.step()
    const { reports: made, error } = learner.learn(batches)
    if (to.closed) return
    if (keep) reports.push(...made)
    if (error !== undefined || (emit !== 'turn' && Math.floor(learner.step() / emit) > Math.floor(before / emit))) send()
    if (error !== undefined) to.error(error.why)
  }

  const run = (pressed: boolean): void => {
    if (busy || to.closed) return
    busy = true
    let now = eventLoop.now()
    const limit = until ?? now + slice
    for (let force = pressed; !to.closed && (force || now < limit); force = false) {
      const batches = take(emit === 'turn' ? most : Math.min(most, emit - (learner.step() % emit)))
      if (batches.length === 0) break
      until = limit
      learn(batches)
      const then = eventLoop.now()
      most = Math.max(1, Math.min(2 * most, mostAtOnce, Math.floor(((limit - then) * batches.length) / Math.max(then - now, 1e-3))))
      now = then
    }
    busy = false
    if (to.closed) return
    const ended = end()
    if (ended !== undefined) finish(ended)
    else if (until !== undefined && !turning) {
      turning = true
      eventLoop.later(turn)
    }
  }

  const finish = (ended: End): void => {
    send()
    if (ended.kind === 'E') to.error(ended.error)
    else to.complete()
  }

  const turn = (): void => {
    until = undefined
    turning = false
    if (to.closed) return
    if (emit === 'turn' && learner.state() !== (emitted ?? from)) send()
    run(false)
  }

  return { wake: () => { run(false) }, press: () => { run(true) } }
}
