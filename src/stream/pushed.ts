/** Training on what a source pushes: the operator behind those that train. */
import { either as E } from 'fp-ts'
import { Observable, Subject, takeUntil, type OperatorFunction } from 'rxjs'
import type { Folded, TrainState } from '../engine/engine.js'
import { issue } from '../part/issue.js'
import type { Trainer } from '../training/trainer.js'
import { queue } from './feed.js'
import type { Learner } from './learner.js'
import { loop } from './loop.js'
import { settings, type StreamOptions } from './options.js'

/** Options of `train`. */
export interface TrainOptions extends StreamOptions {
  /** How many batches may wait while the event loop has its turn; 10,000 unless told. Never more than 2²⁴ numbers. */
  readonly buffer?: number
}

/**
 * The states of runs that a learner makes, each subscription one of its own; with their reports where they are kept. `numbersOf` is asked
 * of whatever a source pushes: that it is no batch is the learner's to say.
 */
export const pushed = <B>(
  learner: (from: TrainState) => Learner<B>, numbersOf: (batch: B) => number
) =>
  (t: Trainer, { buffer = 10_000, ...options }: TrainOptions, keep: boolean): OperatorFunction<B, Folded> => (source) =>
    new Observable<Folded>((to) => {
      const wrong = Number.isSafeInteger(buffer) && buffer >= 0 ? [] : [issue('buffer', String(buffer), 'a whole number ≥ 0')]
      const found = settings(t, options, wrong)
      if (E.isLeft(found)) {
        to.error(found.left)
        return
      }
      const waiting = queue(buffer, numbersOf)
      const { wake, press } = loop(learner(found.right.from), found.right, keep, waiting, to)
      const stop = new Subject<void>()
      to.add(() => { stop.next() })
      source.pipe(takeUntil(stop)).subscribe({
        next: (batch) => {
          waiting.push(batch)
          if (waiting.full()) press()
          else wake()
        },
        error: (error: unknown) => {
          waiting.close({ kind: 'E', error })
          wake()
        },
        complete: () => {
          waiting.close({ kind: 'C' })
          wake()
        }
      })
    })
