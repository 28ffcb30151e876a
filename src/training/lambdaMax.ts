/** Where a regularization path begins. */
import { either as E, function as F, type nonEmptyArray as NEA } from 'fp-ts'
import type { Batch, TrainState } from '../engine/engine.js'
import { issue, under, unlessIssues, type Issue } from '../part/issue.js'
import { mapByPath } from '../part/path.js'
import { batchIssues } from './batch.js'
import { fold, showTrainError } from './fold.js'
import { parametersOf, withValues } from './read.js'
import { stateIssues } from './reading.js'
import { start, type Trainer } from './trainer.js'

/** Halvings of an interval: more than float64 has digits. */
const halvings = 60

/**
 * The least λ, to the last digit of the engine's precision, at which weights of 0 are at rest under their exact penalty: from it on, all of
 * them are 0. λ is the hyper-parameter `hyper` (`lambda` unless told); parameters without an exact penalty are 0 too, so centre what is
 * wanted, or hand the state in which they were fitted. For l1 of a linear fit it is max |∂f| at 0.
 * Errors: a trainer without the probe `kkt` or the hyper-parameter, a batch that does not fit, a state of another trainer, a penalty that
 * leaves weights off 0 whatever λ is (ridge). Friedman, Hastie & Tibshirani 2010, section 2.5.
 * Laws: `lambdaMaxLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { reference } from 'tikhonov/engine'
 * import { hyper } from 'tikhonov/expr'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { sgd } from 'tikhonov/optimizers'
 * import { kkt } from 'tikhonov/probes'
 * import { exact, l1 } from 'tikhonov/regularizers'
 * import { tensor } from 'tikhonov/tensor'
 * import { lambdaMax, trainer } from 'tikhonov/training'
 * const lambda = hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })
 * F.pipe(
 *   sequential([2], dense(1, { useBias: false, kernelRegularizer: exact(l1(lambda)) })),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.5), engine: reference(), probes: [kkt] })),
 *   E.chain((t) => lambdaMax(t, { x: tensor([[1, 0], [0, 1]]), y: tensor([[3], [-1]]) }))
 * ) // => E.right(3)
 * ```
 */
export const lambdaMax = (
  t: Trainer, batch: Batch, { hyper = 'lambda', from }: { readonly hyper?: string; readonly from?: TrainState } = {}
): E.Either<NEA.NonEmptyArray<Issue>, number> => {
  const zeroed = mapByPath(parametersOf(t, start(t)), ({ shape, data }) => ({ _tag: 'Tensor' as const, shape, data: data.map(() => 0) }))
  const wrong = [
    ...(t.probes?.some(({ spec }) => spec.kind === 'kkt') === true ? []
      : [issue('trainer/probes', 'no kkt', 'a trainer with the probe kkt')]),
    ...(t.hypers.has(hyper) ? [] : [issue('hyper', hyper, `one of ${[...t.hypers.keys()].join(', ')}`)]),
    ...batchIssues(t, batch),
    ...(from === undefined ? [] : under('from', stateIssues(t, from)))
  ]
  const rests = (state: TrainState) => (lambda: number): E.Either<NEA.NonEmptyArray<Issue>, boolean> => F.pipe(
    fold(t)(state, [{ ...batch, hyper: { ...batch.hyper, [hyper]: lambda } }]),
    E.bimap(
      (error): NEA.NonEmptyArray<Issue> => [issue('batch', showTrainError(error), 'a step that is finite')],
      ({ reports }) => Object.entries(reports[0].probes).every(([path, residual]) => !path.endsWith('/kkt') || residual === 0)
    )
  )
  return F.pipe(
    unlessIssues(wrong, () => zeroed),
    E.chain((values) => (from === undefined ? withValues(t, start(t), values) : E.right(from))),
    E.chain((state) => {
      const at = rests(state)
      const above = (lambda: number): E.Either<NEA.NonEmptyArray<Issue>, number> => F.pipe(at(lambda), E.chain((still) =>
        (still ? E.right(lambda) : lambda < 2 ** 60 ? above(4 * lambda)
          : E.left([issue(hyper, 'weights off 0 whatever it is', 'a penalty that keeps them at 0 from some λ on')]))))
      return F.pipe(above(2 ** -20), E.chain((high) => F.pipe(
        Array.from({ length: halvings }).reduce<E.Either<NEA.NonEmptyArray<Issue>, readonly [number, number]>>((interval) =>
          F.pipe(interval, E.chain(([low, up]) => F.pipe(at((low + up) / 2), E.map((still) =>
            (still ? [low, (low + up) / 2] as const : [(low + up) / 2, up] as const))))), E.right([0, high])),
        E.map(([, up]) => up)
      )))
    })
  )
}
