/** What is trained by the benchmark: four networks as plain data, so that every peer builds the same from the same table. */

/** A dense layer, its activation, and the rate of the dropout that follows it. */
export interface WorkloadLayer {
  readonly units: number
  readonly activation: 'relu' | 'sigmoid' | 'softmax'
  readonly dropout: number
}

export type WorkloadOptimizer =
  | { readonly _tag: 'sgd'; readonly learningRate: number; readonly momentum: number }
  | { readonly _tag: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }

/** The loss is the cross-entropy that belongs to the last activation; `l2` is λ·Σw² over every kernel and no bias. */
export interface Workload {
  readonly name: string
  readonly features: number
  /** The rate of the dropout of the inputs. */
  readonly inputDropout: number
  readonly layers: readonly WorkloadLayer[]
  readonly optimizer: WorkloadOptimizer
  readonly l2: number
  readonly batch: number
  /** How many parameters that makes: checked when it is built. */
  readonly parameters: number
}

/** Batches of each workload, cycled: an epoch. */
export const batchesInACycle = 16

const momentum: WorkloadOptimizer = { _tag: 'sgd', learningRate: 0.01, momentum: 0.9 }
const adam: WorkloadOptimizer = { _tag: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }

const relu = (units: number, dropout: number): WorkloadLayer => ({ units, activation: 'relu', dropout })
const last = (units: number, activation: 'sigmoid' | 'softmax'): WorkloadLayer => ({ units, activation, dropout: 0 })

const tiny = {
  features: 60, inputDropout: 0, layers: [relu(60, 0.2), relu(30, 0.2), last(1, 'sigmoid')], optimizer: momentum, l2: 1e-3, parameters: 5521
}

export const workloads: readonly Workload[] = [
  { name: 'online', batch: 1, ...tiny },
  { name: 'sonar', batch: 16, ...tiny },
  {
    name: 'moons', batch: 32, features: 2, inputDropout: 0, layers: [relu(500, 0), last(1, 'sigmoid')], optimizer: adam, l2: 1e-3,
    parameters: 2001
  },
  {
    name: 'mnist-mlp', batch: 128, features: 784, inputDropout: 0.2, layers: [relu(512, 0.5), relu(512, 0.5), last(10, 'softmax')],
    optimizer: adam, l2: 1e-4, parameters: 669_706
  }
]

const workloadNames = workloads.map((w) => w.name)

/** Units of the last layer: what one example's label is as long as. */
export const outputsOf = ({ layers }: Workload): number => layers[layers.length - 1].units

/** A workload by its name; the error says which there are. */
export const workloadNamed = (name: string): Workload => {
  const found = workloads.find((w) => w.name === name)
  if (found !== undefined) return found
  const later = name === 'lenet' || name === 'lstm' ? ': its layers are not in the library yet' : ''
  throw new Error(`no workload '${name}'${later}. There are ${workloadNames.join(', ')}.`)
}
