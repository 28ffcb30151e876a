/** A workload as a trainer of this library. */
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import type { Engine } from 'tikhonov/engine'
import type { Layer } from 'tikhonov/layer'
import { dense, relu, sigmoid, softmax } from 'tikhonov/layers'
import { binaryCrossEntropy, categoricalCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam, sgd, type Optimizer } from 'tikhonov/optimizers'
import { l2 } from 'tikhonov/regularizers'
import { trainer, type Trainer } from 'tikhonov/training'
import type { Workload, WorkloadOptimizer } from './workloads.js'

const activations = { relu, sigmoid, softmax }

const optimizerOf = (o: WorkloadOptimizer): Optimizer =>
  o._tag === 'sgd' ? sgd(o.learningRate, { momentum: o.momentum }) : adam(o.learningRate, o)

const dropping = (rate: number): readonly Layer[] => (rate === 0 ? [] : [dropout(rate)])

const unwrap = <A>(what: string, made: E.Either<unknown, A>): A => {
  if (E.isLeft(made)) throw new Error(`${what}: ${JSON.stringify(made.left)}`)
  return made.right
}

/** The trainer of a workload on an engine, once it has the number of parameters that the table says. */
export const trainerOf = (workload: Workload, engine: Engine): Trainer => {
  const layers: readonly Layer[] = [
    ...dropping(workload.inputDropout),
    ...workload.layers.flatMap(({ units, activation, dropout: rate }) =>
      [dense(units, { activation: activations[activation], kernelRegularizer: l2(workload.l2) }), ...dropping(rate)])
  ]
  const model = unwrap(workload.name, sequential([workload.features], ...layers))
  const loss = workload.layers.at(-1)?.activation === 'softmax' ? categoricalCrossEntropy() : binaryCrossEntropy()
  const made = unwrap(workload.name, trainer({ model, loss, optimizer: optimizerOf(workload.optimizer), engine }))
  const parameters = made.layout.filter((p) => p.holds !== 'slot' && p.holds !== 'state').reduce((n, p) => n + p.size, 0)
  if (parameters !== workload.parameters) throw new Error(`${workload.name} has ${parameters} parameters, not ${workload.parameters}`)
  return made
}
