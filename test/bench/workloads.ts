/** What is trained by the benchmark: networks as plain data, so that every peer builds the same from the same table. */

type Activation = 'linear' | 'relu' | 'sigmoid' | 'softmax'

/** A layer. Images are [height, width, channels], windows square; sequences are [time, features]. */
export type WorkloadLayer =
  | { readonly _tag: 'dense'; readonly units: number; readonly activation: Activation }
  /** Without padding, moved by 1. */
  | { readonly _tag: 'conv2d'; readonly filters: number; readonly kernelSize: number; readonly activation: 'relu' }
  /** Windows that do not overlap. */
  | { readonly _tag: 'maxPooling2d'; readonly poolSize: number }
  | { readonly _tag: 'flatten' }
  /** The output of the last time step; masks are drawn once a sequence: of the inputs, and of the state before the recurrent kernel. */
  | { readonly _tag: 'lstm'; readonly units: number; readonly dropout: number; readonly recurrentDropout: number }
  | { readonly _tag: 'dropout'; readonly rate: number }

export type WorkloadOptimizer =
  | { readonly _tag: 'sgd'; readonly learningRate: number; readonly momentum: number }
  | { readonly _tag: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }

/** Cross-entropies belong to the activation of the last layer, sigmoid or softmax. */
export type WorkloadLoss = 'binaryCrossEntropy' | 'categoricalCrossEntropy' | 'mse'

export interface Workload {
  readonly name: string
  /** The shape of one example. */
  readonly input: readonly number[]
  readonly layers: readonly WorkloadLayer[]
  /** What one example's label is as long as. */
  readonly outputs: number
  readonly loss: WorkloadLoss
  readonly optimizer: WorkloadOptimizer
  /** λ of λ·Σw² over every dense kernel and no bias. */
  readonly l2: number
  readonly batch: number
  /** How many parameters that makes: checked when it is built. */
  readonly parameters: number
}

/** Batches of each workload, cycled: an epoch. */
export const batchesInACycle = 16

const momentum: WorkloadOptimizer = { _tag: 'sgd', learningRate: 0.01, momentum: 0.9 }
const adam: WorkloadOptimizer = { _tag: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }

const dense = (units: number, activation: Activation): WorkloadLayer => ({ _tag: 'dense', units, activation })
const dropout = (rate: number): WorkloadLayer => ({ _tag: 'dropout', rate })
const conv2d = (filters: number): WorkloadLayer => ({ _tag: 'conv2d', filters, kernelSize: 5, activation: 'relu' })
const maxPooling2d: WorkloadLayer = { _tag: 'maxPooling2d', poolSize: 2 }

const tiny = {
  input: [60],
  layers: [dense(60, 'relu'), dropout(0.2), dense(30, 'relu'), dropout(0.2), dense(1, 'sigmoid')],
  outputs: 1, loss: 'binaryCrossEntropy', optimizer: momentum, l2: 1e-3, parameters: 5521
} as const

export const workloads: readonly Workload[] = [
  { name: 'online', batch: 1, ...tiny },
  { name: 'sonar', batch: 16, ...tiny },
  {
    name: 'moons', batch: 32, input: [2], layers: [dense(500, 'relu'), dense(1, 'sigmoid')],
    outputs: 1, loss: 'binaryCrossEntropy', optimizer: adam, l2: 1e-3, parameters: 2001
  },
  {
    name: 'mnist-mlp', batch: 128, input: [784],
    layers: [dropout(0.2), dense(512, 'relu'), dropout(0.5), dense(512, 'relu'), dropout(0.5), dense(10, 'softmax')],
    outputs: 10, loss: 'categoricalCrossEntropy', optimizer: adam, l2: 1e-4, parameters: 669_706
  },
  {
    name: 'lenet', batch: 64, input: [28, 28, 1],
    layers: [
      conv2d(16), maxPooling2d, dropout(0.25), conv2d(32), maxPooling2d, dropout(0.25),
      { _tag: 'flatten' }, dense(128, 'relu'), dropout(0.5), dense(10, 'softmax')
    ],
    outputs: 10, loss: 'categoricalCrossEntropy', optimizer: adam, l2: 0, parameters: 80_202
  },
  {
    name: 'lstm', batch: 32, input: [32, 16],
    layers: [{ _tag: 'lstm', units: 64, dropout: 0.2, recurrentDropout: 0.2 }, dense(1, 'linear')],
    outputs: 1, loss: 'mse', optimizer: adam, l2: 0, parameters: 20_801
  }
]

const workloadNames = workloads.map((w) => w.name)

/** How many numbers one example is. */
export const featuresOf = ({ input }: Workload): number => input.reduce((a, b) => a * b, 1)

/** A workload by its name; the error says which there are. */
export const workloadNamed = (name: string): Workload => {
  const found = workloads.find((w) => w.name === name)
  if (found !== undefined) return found
  throw new Error(`no workload '${name}'. There are ${workloadNames.join(', ')}.`)
}
