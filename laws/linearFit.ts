/** A linear fit, the mean of (x·w − y)² over rows x, as laws of exact penalties train it. */
import { either as E, function as F } from 'fp-ts'
import { reference } from 'tikhonov/engine'
import { hyper, type Range, type Scalar } from 'tikhonov/expr'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import type { Optimizer } from 'tikhonov/optimizers'
import { l1, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer, withValues, type Report } from 'tikhonov/training'

type Numbers = readonly number[]

/** The gradient of the mean of (x·w − y)². */
export const slopeOf = (rows: readonly Numbers[]) => (w: Numbers, y: Numbers): Numbers => {
  const off = rows.map((x, i) => x.reduce((sum, each, j) => sum + each * w[j], -y[i]))
  return w.map((_, j) => (2 / rows.length) * rows.reduce((sum, x, i) => sum + x[j] * off[i], 0))
}

/** Where steps lead to, and what each reported. */
export interface Fitted {
  readonly w: Numbers
  readonly reports: readonly Report[]
}

const nonNegative: Range = { min: 0, max: Infinity, open: 'max' }
const kernel = 'dense/0/kernel'

/** Training with a penalty on w made of l1(λ), in float64; made once, for λ and the learning rate η come with each batch. */
export const fitting = (rows: readonly Numbers[], make: (eta: Scalar) => Optimizer, penalty?: (lasso: Proximal) => Regularizer) => {
  const made = F.pipe(
    sequential([rows[0].length], dense(1, {
      useBias: false, ...(penalty === undefined ? {} : { kernelRegularizer: penalty(l1(hyper('lambda', 0, nonNegative))) })
    })),
    E.chain((model) => trainer({ model, loss: mse(), optimizer: make(hyper('eta', 0, nonNegative)), engine: reference() }))
  )
  return (lambda: number, eta: number, from: Numbers, y: Numbers, steps: number): Fitted => F.pipe(
    made,
    E.bindTo('t'),
    E.bind('first', ({ t }) => withValues(t, start(t), { [kernel]: tensor(from.map((each) => [each])) })),
    E.chainW(({ t, first }) => {
      const batch = {
        x: tensor(rows), y: tensor(y.map((each) => [each])), hyper: t.hypers.has('lambda') ? { lambda, eta } : { eta }
      }
      return F.pipe(fold(t)(first, Array.from({ length: steps }, () => batch)), E.map(({ state, reports }) =>
        ({ w: Array.from(parametersOf(t, state)[kernel].data), reports })))
    }),
    E.getOrElse((): Fitted => ({ w: from.map(() => Number.NaN), reports: [] }))
  )
}
