/** Trainers of models with many features of which an example has few. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import type { Engine, Evaluator, Executable, Place, Program } from '../engine/engine.js'
import type { Expr } from '../expr/node.js'
import type { Model, ModelError } from '../model/model.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { once } from '../part/once.js'
import { joinPath, type Path } from '../part/path.js'
import { showSpec } from '../part/spec.js'
import { hypersIn } from '../training/reading.js'
import { trainer, type Trainer } from '../training/trainer.js'
import type { Parts } from '../training/program.js'
import type { Rows } from './entries.js'
import { kernelIssues, kernelOf } from './kernel.js'
import { idleOf, ofFeatures, rowsProgram, settledRows } from './program.js'

/** The step over some rows: how it is computed, and where in its block `at` lies what the state has at `from`. */
export interface Small {
  readonly executable: Executable
  /** How many values its block has. */
  readonly size: number
  /** The kernel and its slots: gathered, put back. */
  readonly rows: readonly { readonly at: number; readonly from: Rows }[]
  /** Everything else that the state has: copied. */
  readonly whole: readonly { readonly at: number; readonly from: number; readonly size: number }[]
  /** How long each row has waited, and how much time the step takes; where rows do not change by waiting, nothing. */
  readonly waiting: { readonly elapsed: number; readonly pass: number } | undefined
}

/** A trainer that `foldSparse` can run: an ordinary one, whose states are its states, with steps over some rows of its first kernel. */
export interface SparseTrainer extends Trainer {
  readonly sparse: {
    readonly features: number
    /** The step for so many rows and examples; compiled once. */
    readonly small: (rows: number, examples: number) => Small
    /** What catches up at the end of a fold, and how: the places and their values; nothing where rows do not change by waiting. */
    readonly settle: { readonly paths: readonly Path[]; readonly evaluate: () => Evaluator }
  }
}

const allowedOptimizers = 'an optimizer that says what steps without a gradient do: sgd without momentum, adagrad, decoupledDecay after ' +
  'either, truncatedGradient, cumulativePenalty, ftrl, rda at a constant rate'

const allowedPenalties = 'exact(l1(λ)), decoupledDecay, or the penalty of ftrl, rda, cumulativePenalty, truncatedGradient: ' +
  'the gradient of another would move rows that no example has'

/** What is wrong with a trainer for sparse rows, given the path of its first kernel. */
const issuesOf = (t: Trainer, kernel: Path): readonly Issue[] => {
  const wrong = kernelIssues(t.model)
  if (wrong.length > 0) return wrong
  const made = ofFeatures(t, t.model.input[0], 1)
  const { regularizer, constraint, shape } = made.objective.output.parameters[kernel]
  const sloped = (regularizer?.terms ?? []).filter((term) => term.exact !== true)
  const exact = regularizer?.exact ?? []
  const told = made.updated.idle !== undefined && (exact.length === 0 || made.updated.idle[kernel] === undefined)
  const idle = told ? idleOf(made, kernel) : undefined
  const late = idle === undefined ? [] : hypersIn(Object.values(settledRows(idle, kernel, shape)))
  return [
    ...sloped.map((term) => issue(joinPath(kernel, term.name), showSpec(term.spec), allowedPenalties)),
    ...exact.filter((e) => e.composes !== true).map((e) => issue(joinPath(kernel, e.spec.kind), showSpec(e.spec), allowedPenalties)),
    ...(constraint === undefined ? [] : [issue(joinPath(kernel, constraint.spec.kind), showSpec(constraint.spec), 'no constraint')]),
    ...(told ? [] : [issue('optimizer', showSpec(t.optimizer.spec), allowedOptimizers)]),
    ...late.map(({ path }) => issue('optimizer', path, 'numbers: rows that wait do not know the values of steps gone by'))
  ]
}

/** A program over some rows; what has a row for each feature is told by the layout of a model with more of them. */
const smallOf = (t: Trainer, program: Program, more: readonly Place[]): Small => {
  const places = t.layout.map(({ offset, size, shape }, i) =>
    ({ at: program.layout[i].offset, from: offset, size, width: size / shape[0], perFeature: shape[0] !== more[i].shape[0] }))
  const [elapsed, pass] = program.layout.slice(t.layout.length)
  return {
    executable: t.engine.compile(program),
    size: program.layout.reduce((n, p) => n + p.size, 0),
    rows: places.filter((p) => p.perFeature).map(({ at, from, width }) => ({ at, from: { offset: from, width } })),
    whole: places.filter((p) => !p.perFeature),
    waiting: elapsed === undefined ? undefined : { elapsed: elapsed.offset, pass: pass.offset }
  }
}

/**
 * A trainer of a model whose first layer is `dense` on features that are mostly 0: `foldSparse` learns from batches of sparse rows and
 * computes with the rows of the kernel that these have, so that a step costs what the non-zeros cost. Everything else is the trainer's:
 * `start`, states, `valuesOf`, dense batches by `fold`. What dense steps would have done to a row in the meantime (decay, truncation, a
 * mean gradient that fades) is made up for when it is wanted next, in closed form.
 *
 * Defaults and errors are those of `trainer`. Further errors: another first layer; an optimizer that does not say what steps without a
 * gradient do, such as momentum and adam; penalties and constraints of the first kernel that would move rows no example has.
 * Laws: `sparseLaws` (sparse training is dense training on the same examples).
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, sigmoid } from 'tikhonov/layers'
 * import { binaryCrossEntropy } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { adam, ftrl } from 'tikhonov/optimizers'
 * import { l1 } from 'tikhonov/regularizers'
 * import { sparseTrainer } from 'tikhonov/sparse'
 * const spam = (optimizer: ReturnType<typeof ftrl>) => F.pipe(
 *   sequential([65536], dense(1, { activation: sigmoid })),
 *   E.chain((model) => sparseTrainer({ model, loss: binaryCrossEntropy(), optimizer }))
 * )
 * E.isRight(spam(ftrl(0.1, { penalty: l1(1) }))) // => true
 * F.pipe(spam(adam()), E.mapLeft((issues) => issues.map((i) => i.path))) // => E.left(['optimizer'])
 * ```
 */
export const sparseTrainer = (
  parts: Parts & { readonly model: Model<readonly [number]>; readonly engine?: Engine }
): E.Either<NEA.NonEmptyArray<ModelError>, SparseTrainer> => E.chain((t: Trainer) => {
  const kernel = kernelOf(t.model)
  return unlessIssues(issuesOf(t, kernel), () => {
    const [features] = t.model.input
    const more = ofFeatures(t, features + 1, 1).program.layout
    const sizes = once((examples) => once((few) => smallOf(t, rowsProgram(t, kernel, few, examples), more)))
    const made = ofFeatures(t, features, 1)
    const idle = idleOf(made, kernel)
    const settled: Readonly<Record<Path, Expr>> =
      idle === undefined ? {} : settledRows(idle, kernel, made.objective.output.parameters[kernel].shape)
    const evaluators = once(() => t.engine.evaluate(Object.values(settled)))
    return {
      ...t,
      sparse: {
        features,
        small: (few: number, examples: number) => sizes(examples)(few),
        settle: { paths: Object.keys(settled), evaluate: () => evaluators(0) }
      }
    }
  })
})(trainer(parts))
