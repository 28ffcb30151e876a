/** Synthetic examples, made before anything is timed: standard normal inputs, labels from a fixed random linear teacher. */
import { threefry2x32 } from 'tikhonov/random'
import { batchesInACycle, outputsOf, type Workload } from './workloads.js'

/** One batch, row-major: `x` [batch, features], `y` [batch, outputs]. */
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

/** What the teacher says of one example: above 0 or not, or the largest of its outputs as one-hot. */
const label = (scores: readonly number[]): readonly number[] => {
  if (scores.length === 1) return [scores[0] > 0 ? 1 : 0]
  const best = scores.indexOf(Math.max(...scores))
  return scores.map((_, k) => (k === best ? 1 : 0))
}

/** The batches of a workload: `batchesInACycle` of them. */
export const examplesOf = (workload: Workload): readonly Examples[] => {
  const { features, batch } = workload
  const outputs = outputsOf(workload)
  const teacher = normals(0, features * outputs)
  return Array.from({ length: batchesInACycle }, (_, b) => {
    const x = normals(b + 1, batch * features)
    const y = new Float32Array(batch * outputs)
    for (let r = 0; r < batch; r++) {
      const scores = Array.from({ length: outputs }, (_, k) => {
        let score = 0
        for (let f = 0; f < features; f++) score += x[r * features + f] * teacher[f * outputs + k]
        return score
      })
      y.set(label(scores), r * outputs)
    }
    return { x, y }
  })
}

/** The part of examples whose label is the one predicted: above ½ or not, or the largest. */
export const rightlyPredicted = (outputs: number, predicted: ArrayLike<number>, y: ArrayLike<number>): number => {
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

/** The part of examples that have the commonest label: what a guess gets that has seen no inputs. */
export const commonest = (outputs: number, labels: readonly ArrayLike<number>[]): number => {
  const constant = (k: number): number => {
    const share = labels.map((y) => rightlyPredicted(outputs, Float32Array.from(y, (_, i) => (i % outputs === k ? 1 : 0)), y))
    return share.reduce((a, b) => a + b, 0) / share.length
  }
  const never = labels.map((y) => rightlyPredicted(outputs, new Float32Array(y.length), y)).reduce((a, b) => a + b, 0) / labels.length
  return Math.max(...(outputs === 1 ? [never, constant(0)] : Array.from({ length: outputs }, (_, k) => constant(k))))
}
