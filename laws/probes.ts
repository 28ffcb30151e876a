/** Laws of probes: what is told of a parameter is what its definition says, and telling changes nothing. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import type { Constraint } from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { evaluate, sub, variable, type Expr } from 'tikhonov/expr'
import { axesOf } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import type { Probe, Seen } from 'tikhonov/probes'
import { none, penaltyOf, type Regularizer } from 'tikhonov/regularizers'
import { fold, start, trainer } from 'tikhonov/training'
import { seed } from './arbitraries/index.js'
import { rounding, weight } from './functional.js'
import { about, law, near, same, suite, type Suite } from './kit/index.js'
import { batchesFor } from './trainingTrial.js'

/** A dense kernel [3, 2] in a step, as numbers, row after row. */
export interface SeenNumbers {
  readonly value: readonly number[]
  readonly gradient: readonly number[]
  readonly unconstrained: readonly number[]
  readonly next: readonly number[]
}

/** What the parameter has that is looked at, and what is to be told of it; `undefined`: nothing. */
export interface ProbeTrial {
  readonly regularizer?: Regularizer
  readonly constraint?: Constraint
  readonly definition: (seen: SeenNumbers) => number | undefined
}

const shape = [3, 2] as const
const [value, gradient] = ['value', 'gradient'].map((name) => variable(name, shape))

/** A step of plain descent by 1. */
const seenBy = ({ regularizer = none, constraint }: ProbeTrial): Seen => {
  const axes = axesOf(shape)
  const moved = sub(value, gradient)
  const unconstrained = regularizer.exact.reduce<Expr>((w, { proximal }) => proximal(1, axes)(w), moved)
  return {
    path: 'kernel', role: 'kernel', axes, value, gradient, regularizer, constraint, unconstrained,
    next: constraint === undefined ? unconstrained : constraint.project(axes.incoming)(unconstrained),
    penalties: Object.fromEntries(regularizer.terms.map((t, i) => [String(i), penaltyOf({ ...none, terms: [t] }, axes)(value)]))
  }
}

/**
 * The laws of a probe: of a kernel [3, 2] after a step of plain descent it tells the number of its definition, one number; a run with it
 * learns the same bits as a run without.
 * @example
 * ```ts
 * import { check, probeLaws } from 'tikhonov/laws'
 * import { zeros } from 'tikhonov/probes'
 * const definition = ({ next }: { next: readonly number[] }) => next.filter((w) => w === 0).length
 * check(probeLaws(zeros, { definition })).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const probeLaws = (probe: Probe, trial: ProbeTrial): Suite => {
  const { regularizer = none, constraint, definition } = trial
  const seen = seenBy(trial)
  const told = probe.of(seen)
  const six = fc.array(weight(), { minLength: 6, maxLength: 6 })
  const model = sequential([3], dense(2, {
    kernelRegularizer: regularizer, ...(constraint === undefined ? {} : { kernelConstraint: constraint })
  }))
  const trained = (probes: readonly Probe[]) => F.pipe(
    model, E.chain((m) => trainer({ model: m, loss: mse(), optimizer: sgd(0.25), engine: reference(), probes })))
  const runs = [[probe], []].map(trained)
  const batches = F.pipe(
    runs[1], E.map((t) => fc.array(batchesFor(t), { minLength: 1, maxLength: 3 })), E.getOrElseW(() => fc.constant([])))
  return suite('probe', probe, [
    law('as defined', 'p(seen) = its definition', [six, six], (w, g) => {
      const at = (e: Expr): readonly number[] => Array.from(evaluate(e, { value: w, gradient: g }))
      const { unconstrained, next } = seen
      const wanted = definition({ value: w, gradient: g, unconstrained: at(unconstrained), next: at(next) })
      return told === undefined || wanted === undefined ? about('tells', same(told === undefined, wanted === undefined))
        : near(at(told), [wanted], { relative: 4 * rounding(6), absolute: 4 * rounding(6) * Math.max(...[...w, ...g].map(Math.abs)) })
    }),
    law('changes nothing that is learned', 'fold with the probe = fold without', [seed(), batches], (s, xs) => {
      const [watched, bare] = runs.map((run) =>
        F.pipe(run, E.chainW((t) => fold(t)(start(t, s), xs)), E.map(({ state }) => [...state.values])))
      return same(watched, bare)
    }, { mostRuns: 25 })
  ])
}
