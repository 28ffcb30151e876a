/** Monte-Carlo samples of a prediction, one after the other through one compiled program that also keeps their moments. */
import type { Engine } from '../engine/engine.js'
import { add, div, mul, neg, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { greater, select } from '../expr/compare.js'
import { variable, type Range } from '../expr/leaf.js'
import type { Expr, Run } from '../expr/node.js'
import { sizeOf, type Shape } from '../expr/shape.js'
import { log } from '../expr/transcendental.js'
import { count, seed as seedIssues } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import { mapByPath, type ByPath } from '../part/path.js'
import type { Tensor } from '../tensor/tensor.js'
import { overRows } from './overRows.js'
import { finiteIssues } from './predict.js'

/** What predictions are probabilities of: classes along the last axis, or yes and no in each output. */
export type Probabilities = 'categorical' | 'binary'

/** Options of Monte-Carlo prediction. */
export interface SamplesOptions {
  /** How many samples, at least 1. */
  readonly samples: number
  /** What the masks are drawn from; 0 unless told. */
  readonly seed?: number
}

/** Monte-Carlo samples of the predictions of examples. */
export interface Samples {
  /** [samples, examples, …output]: each a sub-network's predictions, the same sub-network for all examples. */
  readonly samples: Tensor
  /** Their mean, [examples, …output]. */
  readonly mean: Tensor
  /** Their mean squared distance from it: 0 where nothing is random, and for one sample. */
  readonly variance: Tensor
}

/** Samples of probabilities, with what they say of a decision, in nats: [examples, …output], without the last axis where it is classes. */
export interface SampledProbabilities extends Samples {
  /** H(mean of p): how uncertain the prediction is (predictive entropy). */
  readonly entropy: Tensor
  /** H(mean of p) − mean of H(p): how much of it is because the sub-networks disagree (Houlsby et al. 2011). */
  readonly mutualInformation: Tensor
}

/** −p·ln p, 0 at 0. */
const surprise = (p: Expr): Expr => {
  const some = greater(p, 0)
  return neg(mul(p, log(select(some, p, 1))))
}

const entropyOf = (kind: Probabilities, p: Expr): Expr =>
  kind === 'categorical' ? sum(surprise(p), [-1]) : add(surprise(p), surprise(sub(1, p)))

/** Probabilities as computed, which may miss 0 and 1 by rounding. */
const probable: Range = { min: -1e-6, max: 1 + 1e-6, open: 'none' }

/** Options of Monte-Carlo prediction where predictions are probabilities. */
export interface ProbabilityOptions extends SamplesOptions {
  readonly probabilities: Probabilities
}

/** What is wrong with the options. */
export const samplesIssues = ({ samples, seed = 0 }: SamplesOptions): readonly Issue[] =>
  [...count('samples', samples), ...seedIssues('seed', seed)]

/** The sums of rows of classes. */
const totals = ({ shape, data }: Tensor): readonly number[] => {
  const classes = shape[shape.length - 1]
  const row = (i: number): readonly number[] => Array.from(data.subarray(i * classes, (i + 1) * classes))
  return Array.from({ length: data.length / classes }, (_, i) => row(i).reduce((total, p) => total + p, 0))
}

/** What is wrong with samples: numbers that are not finite, or that are no probabilities and are to be some. */
export const sampleIssues = (found: Samples, kind: Probabilities | undefined): readonly Issue[] => {
  const infinite = finiteIssues('samples', found.samples, 'float64')
  return infinite.length > 0 ? infinite : probabilityIssues(found, kind)
}

const probabilityIssues = ({ samples, mean }: Samples, kind: Probabilities | undefined): readonly Issue[] => {
  const bad = kind === undefined ? -1 : firstOutside(samples.data, probable)
  const sum = kind === 'categorical' ? totals(mean).find((total) => !(Math.abs(total - 1) < 1e-4)) : undefined
  const allowed = (what: string) => `${what}: a model, or a loss, that ends in ${kind === 'binary' ? 'sigmoid' : 'softmax'}`
  return bad >= 0 ? [issue('samples', String(samples.data[bad]), allowed('probabilities'))]
    : sum !== undefined ? [issue('samples', `classes that add up to ${sum}`, allowed('probabilities that add up to 1'))] : []
}

const zeros = (shape: Shape): Tensor => ({ _tag: 'Tensor', shape, data: new Float64Array(sizeOf(shape)) })

const stacked = (each: readonly Tensor[]): Tensor => {
  const [{ shape, data }] = each
  const whole = zeros([each.length, ...shape])
  each.forEach((t, s) => { whole.data.set(t.data, s * data.length) })
  return whole
}

/** The state of the fold over samples: running moments by path, and the predictions so far. */
interface Moments { readonly running: ByPath<Tensor>; readonly drawn: readonly Tensor[]; readonly entropy?: Tensor }

/**
 * A function from examples to samples, from what predicts in a sample: bind once, apply often. Running moments are Welford's (1962): one
 * pass, and exactly no variance where nothing varies. The number of the sample is the position and the step of its run.
 */
export const sampler = (
  engine: Engine, input: Shape, output: Shape, predicted: (x: Expr) => Expr, probabilities: Probabilities | undefined
) => {
  const judged = probabilities === 'categorical' ? output.slice(0, -1) : output
  const leaves: ByPath<Shape> = { 'batch/x': input, 'sample:mean': output, 'sample:squares': output, 'sample:entropy': judged }
  const rows = overRows(engine, leaves, (by) => {
    const y = predicted(by['batch/x'])
    const number = variable('sample:number', [])
    const mean = add(by['sample:mean'], div(sub(y, by['sample:mean']), number))
    const squares = add(by['sample:squares'], mul(sub(y, by['sample:mean']), sub(y, mean)))
    if (probabilities === undefined) return [y, mean, squares, by['sample:entropy']]
    const own = entropyOf(probabilities, y)
    return [y, mean, squares, add(by['sample:entropy'], div(sub(own, by['sample:entropy']), number)), entropyOf(probabilities, mean)]
  })
  return (x: Tensor, { samples: n, seed = 0 }: SamplesOptions, values: Run['values']): Samples & Partial<SampledProbabilities> => {
    const examples = x.shape[0]
    const first = mapByPath({ mean: output, squares: output, entropy: judged }, (shape) => zeros([examples, ...shape]))
    const { running, drawn, entropy } = Array.from({ length: n }, (_, s) => s).reduce<Moments>((before, s) => {
      const { mean, squares, entropy: expected } = before.running
      const given = { 'batch/x': x, 'sample:mean': mean, 'sample:squares': squares, 'sample:entropy': expected }
      const run = { values: (path: string) => (path === 'sample:number' ? [s + 1] : values(path)), seed, step: s, position: s }
      const [y, nextMean, nextSquares, nextExpected, whole] = rows(examples, given, run)
      return {
        running: { mean: nextMean, squares: nextSquares, entropy: nextExpected }, drawn: [...before.drawn, y],
        ...(probabilities === undefined ? {} : { entropy: whole })
      }
    }, { running: first, drawn: [] })
    const { mean, squares, entropy: expected } = running
    return {
      samples: stacked(drawn), mean, variance: { ...squares, data: squares.data.map((v) => v / n) },
      ...(entropy === undefined ? {} : {
        entropy,
        mutualInformation: { ...entropy, data: entropy.data.map((h, i) => h - expected.data[i]) }
      })
    }
  }
}
