/** Mutants of layers and of composition. */
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { add, broadcast, constant, keepAxes, matmul, mean, mul, stopGradient, sub, variable, type Expr } from 'tikhonov/expr'
import { glorotUniform } from 'tikhonov/initializers'
import { layer, named, same, spec, type Layer } from 'tikhonov/layer'
import { compositionLaws, gradientLaws, layerLaws, rowLaws, type Compose } from 'tikhonov/laws'
import { activation, dense, maxPooling1d, relu, softmax, swish, tanh } from 'tikhonov/layers'
import { andThen, sequential, type Part } from 'tikhonov/model'
import { draws } from 'tikhonov/random'
import type { Mutant } from './harness.js'

/** A running mean of the batch, subtracted: the smallest layer with state. */
const centred = (keep: 'Train' | 'always'): Layer =>
  layer({
    spec: spec('centred'),
    rule: same,
    state: (x) => ({ mean: { shape: x.slice(1), initial: () => broadcast(0, x.slice(1)) } }),
    apply: (_, { mode, state }) => (x) => {
      const now = mean(x, [0])
      const next = mode._tag === 'Train' || keep === 'always' ? add(mul(0.9, state.mean), mul(0.1, now)) : state.mean
      return { y: sub(x, state.mean), state: { mean: next } }
    }
  })

const parts: readonly (readonly Part[])[] = [[dense(3, { activation: tanh })], [dropout(0.5), dense(2)], [dropout(0.5), dense(1)]]
const input = [2]

export const suites = [
  layerLaws(centred('Train'), { input: [3] }),
  rowLaws(dense(3, { activation: relu }), { input: [4] }),
  rowLaws(dense(2, { useBias: false }), { input: [2, 3] }),
  rowLaws(activation(softmax), { input: [5] }),
  rowLaws(dropout(0.5), { input: [4] }),
  gradientLaws(dense(3, { activation: swish }), { input: [2] }),
  gradientLaws(activation(softmax), { input: [4] }),
  gradientLaws(dense(3, { activation: relu }), { input: [2] }),
  gradientLaws(maxPooling1d(), { input: [4, 2] }),
  compositionLaws((a, b) => andThen(a, b), { input, parts })
]

/** A linear layer that reads its kernel in its own way. */
const linear = (reading: (kernel: Expr) => Expr): Layer =>
  layer({
    spec: spec('linear'),
    rule: { check: (shape) => (shape.length === 1 ? undefined : 'linear needs vectors') },
    parameters: (x) => ({
      kernel: { shape: [x[1], 2], role: 'kernel', initial: glorotUniform.initial([x[1], 2]), incoming: [0] }
    }),
    apply: ({ kernel }) => (x) => matmul(x, reading(kernel))
  })

/** A layer that gives a stranger's function for its output. */
const broken = (kind: string, apply: Parameters<typeof layer>[0]['apply']): Layer =>
  layer({ spec: spec(kind), rule: { check: () => undefined }, apply })

const renumbered: Compose = (a, b) =>
  sequential<readonly number[], readonly Part[]>(
    a.input, ...[...a.layers, ...b.layers].map((l, i) => named(`part${i}of${a.layers.length + b.layers.length}`, l))
  )

const byArity: Compose = (a, b) =>
  sequential<readonly number[], readonly Part[]>(
    a.input, ...a.layers, ...b.layers.map((l, i) => (a.layers.length === 0 ? l : named(`x${a.layers.length}y${i}`, l)))
  )

const padded: Compose = (a, b) => andThen(a, ...[...b.layers, activation(tanh)])

const onlySecond: Compose = (a, b) =>
  (a.layers.length === 0 ? E.right({ ...b, layers: [...b.layers, dropout(0.5)] }) : andThen(a, b))

export const mutants: readonly Mutant[] = [
  {
    name: 'a layer that sums its batch away', origin: 'one edit', law: 'layer › shapes fit',
    suite: () => layerLaws(broken('sums', () => (x) => mean(x, [0])), { input: [3] })
  },
  {
    name: 'a rule that lets every width through', origin: 'one edit', law: 'refuses what its rule refuses',
    suite: () => layerLaws(broken('threeWide', () => (x) => add(x, variable('three', [3]))), { input: [3] })
  },
  {
    name: 'dropout that is awake in inference', origin: 'TensorFlow.js rnn(lstmCell): inference uses a training mask',
    law: 'inference ignores the address',
    suite: () => layerLaws(
      broken('awake', () => (x) => mul(x, draws('perExample', 'awake').bernoulli('mask', 0.5, x.shape))), { input: [8] }
    )
  },
  {
    name: 'running statistics that move in inference', origin: 'one edit', law: 'inference keeps state',
    suite: () => layerLaws(centred('always'), { input: [3] })
  },
  {
    name: 'noise from outside the address', origin: 'one edit', law: 'a run is its address',
    suite: () => {
      const drifting = { n: 0 }
      return layerLaws(broken('drifting', () => (x) => add(x, constant((drifting.n += 1)))), { input: [2] })
    }
  },
  {
    name: 'a layer that subtracts the mean of the batch', origin: 'one edit', law: 'rows are independent (Infer)',
    suite: () => rowLaws(broken('batchMean', () => (x) => sub(x, broadcast(keepAxes(mean(x, [0]), x.shape, [0]), x.shape))), { input: [3] })
  },
  {
    name: 'one mask for the whole batch, by its first row', origin: 'one edit', law: 'rows are independent (Train)',
    suite: () => rowLaws(broken('perStep', (_, { mode }) => (x) =>
      (mode._tag === 'Infer' ? x : mul(x, mode.random.perExample.bernoulli('mask', 0.5, [1, ...x.shape.slice(1)])))), { input: [8] })
  },
  {
    name: 'half a gradient', origin: 'one edit', law: 'the gradient is the derivative',
    suite: () => gradientLaws(broken('half', () => (x) => mul(x, stopGradient(x))), { input: [4] })
  },
  {
    name: 'a layer that holds its kernel constant', origin: 'one edit', law: 'the gradient by the parameters is the derivative',
    suite: () => gradientLaws(linear(stopGradient), { input: [3] })
  },
  {
    name: 'half a gradient for the kernel', origin: 'one edit', law: 'the gradient by the parameters is the derivative',
    suite: () => gradientLaws(linear((kernel) => mul(0.5, add(kernel, stopGradient(kernel)))), { input: [3] })
  },
  {
    name: 'half a gradient beside a kink', origin: 'one edit', law: 'the gradient is the derivative',
    suite: () => gradientLaws(broken('halfRelu', () => (x) => mul(0.5, add(relu.of(x), stopGradient(relu.of(x))))), { input: [4] })
  },
  {
    name: 'composition that names by place from the end', origin: 'one edit', law: 'is application in a row',
    suite: () => compositionLaws(renumbered, { input, parts })
  },
  {
    name: 'draws split by arity', origin: 'Equinox: keys split by arity', law: 'associative',
    suite: () => compositionLaws(byArity, { input, parts })
  },
  {
    name: 'composition that adds an activation', origin: 'one edit', law: 'right unit',
    suite: () => compositionLaws(padded, { input, parts })
  },
  { name: 'a unit that drops', origin: 'one edit', law: 'left unit', suite: () => compositionLaws(onlySecond, { input, parts }) }
]
