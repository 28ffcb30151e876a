/** The regularization path: fits for one λ after the other, each from the one before. */
import { either as E, function as F, option as O, type nonEmptyArray as NEA } from 'fp-ts'
import type { Batch, Report, TrainState } from '../engine/engine.js'
import { count, positive, seed as seedIssues } from '../part/checks.js'
import { issue, unlessIssues, type Issue } from '../part/issue.js'
import { mapByPath, type ByPath } from '../part/path.js'
import { unfold } from '../part/unfold.js'
import type { Tensor } from '../tensor/tensor.js'
import { fold, type TrainError } from './fold.js'
import { parametersOf, valuesOf, withValues } from './read.js'
import { start, type Trainer } from './trainer.js'

/** One fit of a path. */
export interface Fit {
  readonly lambda: number
  /** Where the fit rests, after `steps` steps. */
  readonly state: TrainState
  readonly parameters: ByPath<Tensor>
  /** What was found at this state: losses, penalties, probes. */
  readonly report: Report
  readonly steps: number
  /** The largest stationarity residual of a parameter at this state. */
  readonly residual: number
  /** Whether the residual came down to the tolerance before the steps ran out. */
  readonly converged: boolean
  /** How many weights of each parameter are not 0. */
  readonly nonzeros: ByPath<number>
}

/** Options of a path. */
export interface PathOptions {
  /** The hyper-parameter that is λ; `lambda` unless told. */
  readonly hyper?: string
  /** The stationarity residual at which a fit is done; 1e-6 unless told. */
  readonly tolerance?: number
  /** The most steps of a fit, after which it is handed out as it is, `converged: false`; 10,000 unless told. */
  readonly most?: number
  /** After how many steps the residual is looked at again; 20 unless told. */
  readonly every?: number
  /** The seed of each fit: all λ meet the same masks. 0 unless told. */
  readonly seed?: number
}

const residualOf = ({ probes }: Report): number =>
  Math.max(...Object.entries(probes).flatMap(([path, value]) => (path.endsWith('/stationarity') ? [value] : [])))

const optionIssues = (t: Trainer, { hyper, tolerance, most, every, seed }: Required<PathOptions>): readonly Issue[] => [
  ...(t.probes?.some(({ spec }) => spec.kind === 'stationarity') === true ? []
    : [issue('trainer/probes', 'no stationarity', 'a trainer with the probe stationarity')]),
  ...(t.hypers.has(hyper) ? [] : [issue('hyper', hyper, `one of ${[...t.hypers.keys()].join(', ')}`)]),
  ...positive('tolerance', tolerance), ...count('most', most), ...count('every', every), ...seedIssues('seed', seed)
]

/** From a state to rest: the residual is looked at before the first step and after every so many. */
const settle = (t: Trainer, batch: Batch, lambda: number, { tolerance, most, every }: Required<PathOptions>) => {
  const rest = (state: TrainState): E.Either<TrainError, Fit> => F.pipe(
    fold(t)(state, [batch]),
    E.chain(({ state: next, reports: [report] }) => {
      const [residual, left] = [residualOf(report), most - state.step]
      if (residual > tolerance && left > 0) {
        const more = Math.min(every, left) - 1
        return F.pipe(fold(t)(next, Array.from({ length: more }, () => batch)), E.chain((after) => rest(after.state)))
      }
      const parameters = parametersOf(t, state)
      return E.right({
        lambda, state, parameters, report, residual, steps: state.step, converged: residual <= tolerance,
        nonzeros: mapByPath(parameters, ({ data }) => Array.from(data).filter((w) => w !== 0).length)
      })
    })
  )
  return rest
}

/** A run of its own that begins where another ended. */
const warm = (t: Trainer, seed: number, from: TrainState): TrainState =>
  F.pipe(withValues(t, start(t, seed), valuesOf(t, from)), E.getOrElse(() => start(t, seed)))

const defaults: Required<PathOptions> = { hyper: 'lambda', tolerance: 1e-6, most: 10_000, every: 20, seed: 0 }

/**
 * The fits for one λ after the other, each begun with the parameters of the one before and a fresh optimizer, computed as they are asked
 * for: `from(path)` of RxJS is a stream of them, which ends where nobody listens any more. λ is a `hyper`, so that one compiled program
 * serves them all. A fit is done when the stationarity residual is at most `tolerance`, or after `most` steps; which of both, it says.
 * A step that fails ends the path, with the error of `fold`.
 *
 * Give large λ first, from `lambdaMax` down. Errors: no λ, one that is negative or not finite, a trainer without the hyper-parameter or the
 * probe `stationarity`, options out of range. Friedman, Hastie & Tibshirani 2010. Laws: `pathLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { reference } from 'tikhonov/engine'
 * import { hyper } from 'tikhonov/expr'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { fista } from 'tikhonov/optimizers'
 * import { stationarity } from 'tikhonov/probes'
 * import { exact, l1 } from 'tikhonov/regularizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { regularizationPath, trainer } from 'tikhonov/training'
 * const lambda = hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })
 * F.pipe(
 *   sequential([2], dense(1, { useBias: false, kernelRegularizer: exact(l1(lambda)) })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: fista(0.5), engine: reference(), probes: [stationarity] })),
 *   E.chain((t) => regularizationPath(t, { x: tensor([[1, 0], [0, 1]]), y: tensor([[3], [-1]]) }, [3, 1, 0])),
 *   E.map((path) => [...path].map(E.map((fit) => Array.from(fit.parameters['dense/0/kernel'].data, Math.round))))
 * ) // => E.right([E.right([0, 0]), E.right([2, 0]), E.right([3, -1])])
 * ```
 */
export const regularizationPath = (
  t: Trainer, batch: Batch, lambdas: readonly number[], options: PathOptions = {}
): E.Either<NEA.NonEmptyArray<Issue>, Iterable<E.Either<TrainError, Fit>>> => {
  const told = { ...defaults, ...options }
  const wrong = lambdas.flatMap((lambda, i) =>
    (lambda >= 0 && lambda < Infinity ? [] : [issue(`lambdas/${i}`, String(lambda), 'a number, 0 ≤ λ')]))
  const none = lambdas.length > 0 ? [] : [issue('lambdas', 'none', 'at least one λ')]
  return unlessIssues([...optionIssues(t, told), ...none, ...wrong], () => {
    const at = (lambda: number): Batch => ({ ...batch, hyper: { ...batch.hyper, [told.hyper]: lambda } })
    const first: O.Option<readonly [number, TrainState]> = O.some([0, start(t, told.seed)])
    return unfold<typeof first, E.Either<TrainError, Fit>>(first, O.map(([i, from]) => {
      const fit = settle(t, at(lambdas[i]), lambdas[i], told)(from)
      const next = E.isRight(fit) && i + 1 < lambdas.length ? O.some([i + 1, warm(t, told.seed, fit.right.state)] as const) : O.none
      return [fit, next] as const
    }))
  })
}
