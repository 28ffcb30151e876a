/** Laws of regularization paths. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { reference } from 'tikhonov/engine'
import { hyper, type Scalar } from 'tikhonov/expr'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { kkt, stationarity } from 'tikhonov/probes'
import { exact, groupLasso, l1, type Proximal } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import {
  fold, parametersOf, start, trainer, withValues, type Fit, type lambdaMax, type PathOptions, type regularizationPath
} from 'tikhonov/training'
import { dyadic } from './arbitraries/index.js'
import { about, atLeast, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'

const kernel = 'dense/0/kernel'
/** Three examples that fall apart: the fit at λ is soft(y, 1.5λ), and each step brings it nearer by a third. */
const x = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
const fitting = (penalty: (lambda: Scalar) => Proximal) => F.pipe(
  sequential([3], dense(1, {
    useBias: false, kernelRegularizer: exact(penalty(hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })))
  })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(1), engine: reference(), probes: [kkt, stationarity] }))
)
const made = /* #__PURE__ */ fitting(l1)
const grouped = /* #__PURE__ */ fitting((lambda) => groupLasso(lambda))

/**
 * The laws of a path by `regularizationPath`, of a lasso whose solution is known: there is a fit for each λ, in order, of the solution to
 * the tolerance; each begins where the one before ended, so that a λ that comes again costs no step; a fit that ran out of steps says so.
 * @example
 * ```ts
 * import { check, pathLaws } from 'tikhonov/laws'
 * import { regularizationPath } from 'tikhonov/training'
 * check(pathLaws(regularizationPath)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const pathLaws = (path: typeof regularizationPath): Suite => {
  const fits = (y: readonly number[], lambdas: readonly number[], options: PathOptions): readonly Fit[] => F.pipe(
    made,
    E.chain((t) => path(t, { x, y: tensor(y.map((each) => [each])) }, lambdas, options)),
    E.chainW((found) => E.sequenceArray([...found])),
    E.getOrElse((): readonly Fit[] => [])
  )
  const three = fc.tuple(dyadic(), dyadic(), dyadic())
  const lambdas = fc.array(fc.integer({ min: 0, max: 64 }).map((n) => n / 32), { minLength: 1, maxLength: 4 })
  return suite('path', path, [
    law('solves', 'w(λ) = soft(y, 1.5λ)', [three, lambdas], (y, given) => {
      const found = fits(y, given, { tolerance: 1e-9 })
      const solution = (lambda: number) => y.map((each) => Math.sign(each) * Math.max(Math.abs(each) - 1.5 * lambda, 0) || 0)
      return every(
        about('λ', same(found.map(({ lambda }) => lambda), given)),
        about('converged', same(found.map(({ converged }) => converged), given.map(() => true))),
        ...found.map(({ lambda, parameters }) =>
          about(`at ${lambda}`, near(Array.from(parameters[kernel].data), solution(lambda), { absolute: 1e-8 })))
      )
    }, { mostRuns: 10 }),
    law('begins where the last ended', 'λ, λ ⇒ the second in no step', [three, lambdas], (y, given) => {
      const last = given[given.length - 1]
      const found = fits(y, [...given, last], { every: 1 }).map(({ steps, parameters }) => ({ steps, w: [...parameters[kernel].data] }))
      const [before, again] = found.slice(-2)
      return same(again, { ...before, steps: 0 })
    }, { mostRuns: 10 }),
    law('says that it ran out', 'steps ≤ most; converged ⇔ residual ≤ tolerance', [three, lambdas, fc.integer({ min: 1, max: 9 })],
      (y, given, most) => {
        const found = fits([...y.slice(0, 2), 4], given, { most, tolerance: 1e-9 })
        return every(...found.map(({ steps, residual, converged }) => every(
          about('steps', atMost(steps, most)),
          about('converged', same(converged, residual <= 1e-9)),
          about('ran out', same(!converged, steps === most && residual > 1e-9))
        )))
      }, { mostRuns: 10 })
  ])
}

/**
 * What the λ where a path begins obeys, for a lasso and a group lasso: from it on weights of 0 stay 0, and below it they leave.
 * @example
 * ```ts
 * import { check, lambdaMaxLaws } from 'tikhonov/laws'
 * import { lambdaMax } from 'tikhonov/training'
 * check(lambdaMaxLaws(lambdaMax)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const lambdaMaxLaws = (most: typeof lambdaMax): Suite => {
  const three = fc.tuple(dyadic(), dyadic(), dyadic()).filter((y) => y.some((each) => each !== 0))
  const penalties = { l1: made, groupLasso: grouped }
  /** How many weights are not 0 after some steps from 0, at so many λmax. */
  const left = (penalty: keyof typeof penalties, y: readonly number[], times: number): number => F.pipe(
    penalties[penalty],
    E.bindTo('t'),
    E.let('batch', () => ({ x, y: tensor(y.map((each) => [each])) })),
    E.bind('from', ({ t }) => withValues(t, start(t), { [kernel]: tensor([[0], [0], [0]]) })),
    E.bind('lambda', ({ t, batch }) => most(t, batch)),
    E.chainW(({ t, batch, from, lambda }) => F.pipe(
      fold(t)(from, Array.from({ length: 3 }, () => ({ ...batch, hyper: { lambda: times * lambda } }))),
      E.map(({ state }) => Array.from(parametersOf(t, state)[kernel].data).filter((w) => w !== 0).length))),
    E.getOrElse(() => Number.NaN)
  )
  const either = fc.constantFrom('l1' as const, 'groupLasso' as const)
  return suite('λmax', most, [
    law('0 stays from it on', 'λ ≥ λmax ⇒ w = 0 rests', [either, three, fc.constantFrom(1, 1 + 2 ** -20, 2)], (penalty, y, times) =>
      same(left(penalty, y, times), 0), { mostRuns: 20 }),
    law('0 is left below it', 'λ < λmax ⇒ w leaves 0', [either, three, fc.constantFrom(1 - 2 ** -20, 0.5)], (penalty, y, times) =>
      atLeast(left(penalty, y, times), 1), { mostRuns: 20 })
  ])
}
