/** What a page needs to train a dense network with dropout and L2 from a stream: its size is held to a limit (`npm run check:package`). */
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { dense, relu, sigmoid } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { train } from 'tikhonov/stream'
import { trainer } from 'tikhonov/training'

const hidden = dense(60, { activation: relu, kernelRegularizer: l2(0.001) })
const model = sequential([60], hidden, dropout(0.4), dense(1, { activation: sigmoid }))

/** An operator from batches to states, or what is wrong. */
export const learn = E.map((t: Parameters<typeof train>[0]) => train(t, { emit: 100 }))(
  E.chain((m: Parameters<typeof trainer>[0]['model']) => trainer({ model: m, loss: binaryCrossEntropy(), optimizer: adam() }))(model)
)
