/** The loop behind the operators that train: it folds what is here, for a few milliseconds at a time. */
import { either as E, function as F } from 'fp-ts'
import type { Subscriber } from 'rxjs'
import type { Batch, Folded, Report, TrainState } from '../engine/engine.js'
import { fold } from '../training/fold.js'
import type { Trainer } from '../training/trainer.js'
import type { End, Feed } from './feed.js'
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
 * 3. A group that fails is folded again one batch at a time: folding is pure, so every state and report before the failure is had.
 * 4. At the end, and before an error, the last good state is emitted unless it was.
 */
export const loop = (
  t: Trainer, { from, emit, slice, eventLoop }: Settings, keep: boolean, { take, end }: Feed, to: Subscriber<Folded>
): Loop => {
  let state = from
  let emitted: TrainState | undefined
  let reports: Report[] = []
  let busy = false
  let until: number | undefined
  let turning = false
  let most = 1

  const send = (): void => {
    if (state === emitted) return
    const folded = { state, reports }
    emitted = state
    reports = []
    to.next(folded)
  }

  const learn = (batches: readonly Batch[]): void => {
    const before = state.step
    const after = F.pipe(E.tryCatch(() => fold(t)(state, batches), F.identity), E.flattenW)
    if (to.closed) return
    if (E.isRight(after)) {
      state = after.right.state
      if (keep) reports.push(...after.right.reports)
      if (emit !== 'turn' && Math.floor(state.step / emit) > Math.floor(before / emit)) send()
    } else if (batches.length > 1) {
      for (const batch of batches) if (!to.closed) learn([batch])
    } else {
      send()
      to.error(after.left)
    }
  }

  const run = (pressed: boolean): void => {
    if (busy || to.closed) return
    busy = true
    let now = eventLoop.now()
    const limit = until ?? now + slice
    for (let force = pressed; !to.closed && (force || now < limit); force = false) {
      const batches = take(emit === 'turn' ? most : Math.min(most, emit - (state.step % emit)))
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
    if (emit === 'turn' && state !== (emitted ?? from)) send()
    run(false)
  }

  return { wake: () => { run(false) }, press: () => { run(true) } }
}
