/** Synthetic examples, made before anything is timed: standard normal inputs, labels from a fixed random linear teacher. */
import { threefry2x32 } from 'tikhonov/random'
import { batchesInACycle, featuresOf, type Workload } from './workloads.js'

/** One batch, row-major: `x` [batch, …input], `y` [batch, outputs]. */
export interface Examples {
  readonly x: Float32Array
  readonly y: Float32Array
}

/** Standard normals by Box & Muller from Threefry blocks: the same numbers on every machine. */
const normals = (stream: number, count: number): Float32Array => {
  const out = new Float32Array(count)
  for (let i = 0; i < count; i += 2) {
    const [a, b] = threefry2x32([0x7469_6b68, stream], [i, 0])
    const radius = Math.sqrt(-2 * Math.log((a + 0.5) / 2 ** 32))
    out[i] = radius * Math.cos(2 * Math.PI * (b / 2 ** 32))
    if (i + 1 < count) out[i + 1] = radius * Math.sin(2 * Math.PI * (b / 2 ** 32))
  }
  return out
}

/** What the teacher says of one example: above 0 or not, the largest of its outputs as one-hot, or its score, of variance 1. */
const label = ({ loss }: Workload, scores: readonly number[], length: number): readonly number[] => {
  if (loss === 'mse') return scores.map((s) => s / length)
  if (loss === 'binaryCrossEntropy') return scores.map((s) => (s > 0 ? 1 : 0))
  const best = scores.indexOf(Math.max(...scores))
  return scores.map((_, k) => (k === best ? 1 : 0))
}

/** The batches of a workload: `batchesInACycle` of them. */
export const examplesOf = (workload: Workload): readonly Examples[] => {
  const { batch, outputs } = workload
  const features = featuresOf(workload)
  const teacher = normals(0, features * outputs)
  const length = Math.hypot(...teacher)
  return Array.from({ length: batchesInACycle }, (_, b) => {
    const x = normals(b + 1, batch * features)
    const y = new Float32Array(batch * outputs)
    for (let r = 0; r < batch; r++) {
      const scores = Array.from({ length: outputs }, (_, k) => {
        let score = 0
        for (let f = 0; f < features; f++) score += x[r * features + f] * teacher[f * outputs + k]
        return score
      })
      y.set(label(workload, scores, length), r * outputs)
    }
    return { x, y }
  })
}

type Labelled = Pick<Workload, 'loss' | 'outputs'>

/** The part of examples whose label is the one predicted: above ½ or not, or the largest. */
const rightly = (outputs: number, predicted: ArrayLike<number>, y: ArrayLike<number>): number => {
  const rows = y.length / outputs
  const chosen = (from: ArrayLike<number>, row: number): number => {
    if (outputs === 1) return from[row] > 0.5 ? 1 : 0
    let best = 0
    for (let k = 1; k < outputs; k++) if (from[row * outputs + k] > from[row * outputs + best]) best = k
    return best
  }
  let right = 0
  for (let r = 0; r < rows; r++) if (chosen(predicted, r) === chosen(y, r)) right++
  return right / rows
}

const squares = (xs: ArrayLike<number>): number => Array.from(xs).reduce((sum, x) => sum + x * x, 0)

/** How good predictions are, 1 at best: the part of examples predicted rightly; of a regression 1 − Σ(ŷ − y)²/Σy². */
export const quality = ({ loss, outputs }: Labelled, predicted: ArrayLike<number>, y: ArrayLike<number>): number =>
  loss === 'mse' ? 1 - squares(Array.from(y, (v, i) => predicted[i] - v)) / squares(y) : rightly(outputs, predicted, y)

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length

/** The quality of the best guess that has seen no inputs: the commonest label, or 0, the teacher's mean. */
export const guessed = (workload: Labelled, labels: readonly ArrayLike<number>[]): number => {
  const { loss, outputs } = workload
  if (loss === 'mse') return 0
  const constant = (k: number): number =>
    mean(labels.map((y) => quality(workload, Float32Array.from(y, (_, i) => (i % outputs === k ? 1 : 0)), y)))
  const never = mean(labels.map((y) => quality(workload, new Float32Array(y.length), y)))
  return Math.max(...(outputs === 1 ? [never, constant(0)] : Array.from({ length: outputs }, (_, k) => constant(k))))
}
