/**
 * One pass over 6,046 messages, one at a time, each judged before it is learned from: logistic regression on 65,536 hashed tokens, as many
 * ways of keeping few of them. Rates and λ were chosen on this very pass, for which there is no other data: the rows show what a method
 * can reach, not what an untuned one does.
 */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import { fold, sequential, showTrainError, start, trainer, type Model, type ModelError, type Report } from 'tikhonov'
import { zeros } from 'tikhonov/initializers'
import { showIssue } from 'tikhonov/layer'
import { dense, sigmoid } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { binaryAccuracy } from 'tikhonov/metrics'
import { cumulativePenalty, ftrl, rda, sgd, truncatedGradient, type Optimizer } from 'tikhonov/optimizers'
import { l1, none } from 'tikhonov/regularizers'
import { foldSparse, sparseBatches, sparseTrainer, toDense, type Csr, type SparseExamples } from 'tikhonov/sparse'
import { parametersOf, type Trainer } from 'tikhonov/training'

/** A way of learning: its optimizer, or the gradient of L1, which moves all weights at each step and so has to be computed densely. */
export interface Case {
  readonly name: string
  readonly lambda: number
  readonly optimizer: Optimizer
  readonly dense?: boolean
  /** How many times as many features, the tokens' columns spread among them. */
  readonly wider?: number
}

export const cases: readonly Case[] = [
  { name: 'ftrl', lambda: 0, optimizer: ftrl(0.1) },
  { name: 'ftrl', lambda: 2, optimizer: ftrl(0.2, { penalty: l1(2) }) },
  { name: 'rda', lambda: 0.0003, optimizer: rda(1, { penalty: l1(0.0003) }) },
  { name: 'cumulativePenalty', lambda: 0.0003, optimizer: cumulativePenalty(0.03, { lambda: 0.0003 }) },
  { name: 'truncatedGradient', lambda: 0.0003, optimizer: truncatedGradient(0.03, { gravity: 0.0003 }) },
  { name: 'ftrl, 131072 features', lambda: 2, optimizer: ftrl(0.2, { penalty: l1(2) }), wider: 2 },
  { name: 'subgradient', lambda: 0.0003, optimizer: sgd(0.03), dense: true }
]

/** What one pass gave: the fraction of messages that were judged right before they were learned from, and what is left of the weights. */
export interface Result {
  readonly accuracy: number
  readonly nonzeros: number
  /** Of the pass, compiling included. */
  readonly ms: number
}

const told = E.mapLeft((issues: N.NonEmptyArray<ModelError>) => issues.map(showIssue).join('; '))

const spread = (x: Csr, by: number): Csr =>
  ({ ...x, shape: [x.shape[0], x.shape[1] * by], indices: x.indices.map((column) => column * by) })

/** A trainer, and the pass. */
interface Run {
  readonly t: Trainer
  readonly run: () => ReturnType<ReturnType<typeof fold>>
}

const runOf = (
  { optimizer, dense: densely = false }: Case, model: Model<readonly [number]>, examples: SparseExamples
): E.Either<string, Run> => {
  const parts = { model, loss: binaryCrossEntropy(), optimizer, metrics: [binaryAccuracy()] }
  const batches = sparseBatches(examples)
  if (!densely) {
    return F.pipe(told(sparseTrainer(parts)), E.map((t) => ({ t, run: () => foldSparse(t)(start(t), batches) })))
  }
  const written = { * [Symbol.iterator]() { for (const batch of batches) yield { ...batch, x: toDense(batch.x) } } }
  return F.pipe(told(trainer(parts)), E.map((t) => ({ t, run: () => fold(t)(start(t), written) })))
}

const mean = (reports: readonly Report[]): number =>
  reports.reduce((sum, { metrics }) => sum + metrics.binaryAccuracy, 0) / reports.length

/** One pass of a case. */
export const pass = (each: Case, { x, y }: SparseExamples): E.Either<string, Result> => {
  const examples = { x: spread(x, each.wider ?? 1), y }
  const kernelRegularizer = each.dense === true ? l1(each.lambda) : none
  return F.pipe(
    told(sequential([examples.x.shape[1]], dense(1, { activation: sigmoid, kernelInitializer: zeros, kernelRegularizer }))),
    E.chain((model) => runOf(each, model, examples)),
    E.chain(({ t, run }) => {
      const from = performance.now()
      const after = run()
      const ms = performance.now() - from
      return F.pipe(after, E.bimap(showTrainError, ({ state, reports }) => ({
        accuracy: mean(reports), ms,
        nonzeros: parametersOf(t, state)['dense/0/kernel'].data.filter((w) => w !== 0).length
      })))
    })
  )
}
