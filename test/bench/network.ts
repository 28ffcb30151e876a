/** A workload as a trainer of this library. */
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import type { Engine } from 'tikhonov/engine'
import type { Layer } from 'tikhonov/layer'
import { conv2d, dense, flatten, linear, lstm, maxPooling2d, relu, sigmoid, softmax } from 'tikhonov/layers'
import { binaryCrossEntropy, categoricalCrossEntropy, mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam, sgd, type Optimizer } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { trainer, type Trainer } from 'tikhonov/training'
import type { Workload, WorkloadLayer, WorkloadOptimizer } from './workloads.js'

const activations = { linear, relu, sigmoid, softmax }
const losses = { binaryCrossEntropy, categoricalCrossEntropy, mse }

const optimizerOf = (o: WorkloadOptimizer): Optimizer =>
  o._tag === 'sgd' ? sgd(o.learningRate, { momentum: o.momentum }) : adam(o.learningRate, o)

const layerOf = (l: WorkloadLayer, lambda: number): Layer => {
  switch (l._tag) {
    case 'dense':
      return dense(l.units, { activation: activations[l.activation], ...(lambda === 0 ? {} : { kernelRegularizer: l2(lambda) }) })
    case 'conv2d': return conv2d(l.filters, l.kernelSize, { activation: activations[l.activation] })
    case 'maxPooling2d': return maxPooling2d(l.poolSize)
    case 'flatten': return flatten
    case 'lstm': return lstm(l.units, l)
    case 'dropout': return dropout(l.rate)
  }
}

const unwrap = <A>(what: string, made: E.Either<unknown, A>): A => {
  if (E.isLeft(made)) throw new Error(`${what}: ${JSON.stringify(made.left)}`)
  return made.right
}

/** The trainer of a workload on an engine, once it has the number of parameters that the table says. */
export const trainerOf = (workload: Workload, engine: Engine): Trainer => {
  const layers: readonly Layer[] = workload.layers.map((l) => layerOf(l, workload.l2))
  const model = unwrap(workload.name, sequential(workload.input, ...layers))
  const made = unwrap(workload.name, trainer({ model, loss: losses[workload.loss](), optimizer: optimizerOf(workload.optimizer), engine }))
  const parameters = made.layout.filter((p) => p.holds !== 'slot' && p.holds !== 'state').reduce((n, p) => n + p.size, 0)
  if (parameters !== workload.parameters) throw new Error(`${workload.name} has ${parameters} parameters, not ${workload.parameters}`)
  return made
}
