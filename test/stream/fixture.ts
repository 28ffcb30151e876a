/** Small trainers, batches that say which they are, and an event loop in virtual time. */
import { either as E, function as F } from 'fp-ts'
import { type SchedulerLike } from 'rxjs'
import { dropout } from 'tikhonov/dropout'
import { defaultEngine, type Engine } from 'tikhonov/engine'
import { hyper } from 'tikhonov/expr'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import type { EventLoop } from 'tikhonov/stream'
import { tensor } from 'tikhonov/tensor'
import { trainer, type Batch, type Trainer } from 'tikhonov/training'

export const right = <L, R>(found: E.Either<L, R>): R => {
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  return found.right
}

export const left = <L, R>(found: E.Either<L, R>): L => {
  if (E.isRight(found)) throw new Error('a Right')
  return found.left
}

const lambda = hyper('lambda', 0.01, { min: 0, max: 1, open: 'none' })
const rate = hyper('rate', 0.05, { min: 0, max: 1e9, open: 'none' })

/** 2-4-1 with dropout, a penalty whose λ may vary, and momentum: everything that a state has to carry. */
export const noisyOn = (engine: Engine): Trainer => right(F.pipe(
  sequential([2], dense(4, { activation: tanh, kernelRegularizer: l2(lambda) }), dropout(0.25), dense(1)),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(rate, { momentum: 0.9 }), engine }))
))

/** The same on the engine that is used where none is asked for. */
export const noisy: Trainer = noisyOn(defaultEngine())

/** A batch of `n` examples that depends on a number. */
export const batch = (k: number, n = 2): Batch => ({
  x: tensor(Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(17 * k + i)), [n, 2]),
  y: tensor(Float64Array.from({ length: n }, (_, i) => Math.cos(5 * k + i)), [n, 1])
})

export const batchesUpTo = (n: number): readonly Batch[] => Array.from({ length: n }, (_, k) => batch(k))

/** The same trainer with something done before each of its steps. */
export const watched = (t: Trainer, onStep: () => void): Trainer => ({
  ...t,
  executable: (rows) => ({
    fold: (state, batches) => t.executable(rows).fold(state, Array.from(batches, (b) => { onStep(); return b }))
  })
})

/** Waits in real time. */
export const busy = (milliseconds: number): void => {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

/** An event loop in the time of a scheduler, where learning takes as long as `work` says it does. */
export const virtual = (scheduler: SchedulerLike): EventLoop & { readonly work: (milliseconds: number) => void } => {
  let busyUntil = 0
  const now = () => Math.max(scheduler.now(), busyUntil)
  const later = (turn: () => void): void => {
    scheduler.schedule(() => {
      if (scheduler.now() < busyUntil) later(turn)
      else turn()
    }, busyUntil - scheduler.now())
  }
  return { now, later, work: (milliseconds) => { busyUntil = now() + milliseconds } }
}
