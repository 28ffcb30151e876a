/** A job for threads: a lasso fitted for some steps under dropout of its inputs; the bits of its weights. */
import { either as E, function as F } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { exact, l1 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer } from 'tikhonov/training'

export interface Setting { readonly lambda: number; readonly rate: number; readonly seed: number }

const batch = { x: tensor([[1, 0.5, -1], [0.25, -2, 1], [1, 1, 1]]), y: tensor([[1], [-1], [0.5]]) }

const lasso = ({ lambda, rate, seed }: Setting): readonly number[] => F.pipe(
  sequential([3], dropout(rate), dense(1, { kernelRegularizer: exact(l1(lambda)) })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.5 }) })),
  E.chainW((t) => fold(t)(start(t, seed), Array.from({ length: 20 }, () => batch))),
  E.match(() => [], ({ state }) => [...state.values])
)
export default lasso
