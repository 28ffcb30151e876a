import assert from 'node:assert/strict'
import { either as E } from 'fp-ts'
import fc from 'fast-check'
import {
  constraint, kerasMaxNorm, kerasMinMaxNorm, kerasUnitNorm, maxNorm, minMaxNorm, monotone, nonNegative, unitNorm, type Constraint
} from 'tikhonov/constraints'
import { abs, add, div, greater, keepAxes, max, min, mul, neg, select, type Expr } from 'tikhonov/expr'
import {
  constrainedLaws, constraintLaws, convexProjectionLaws, feasible, ownAxesLaws, projectionLaws, relaxationLaws, type ConstrainedRun,
  type ConstraintTrial, type Suite
} from 'tikhonov/laws'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { l2Norm } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { parametersOf, start, step, trainer, type TrainState } from 'tikhonov/training'
import type { Mutant } from './harness.js'

const right = <L, A>(e: E.Either<L, A>): A => {
  assert(E.isRight(e))
  return e.right
}

/** Three steps of one dense layer, each of which would leave what is allowed. */
const run: ConstrainedRun = (kernelConstraint, seed) => {
  const batch = { x: tensor([[3, -2], [1, 4]]), y: tensor([[9, -9], [-7, 8]]) }
  const model = right(sequential([2], dense(2, { kernelConstraint })))
  const t = right(trainer({ model, loss: mse(), optimizer: sgd(1) }))
  const states: TrainState[] = []
  for (let i = 0; i < 3; i++) states.push(right(step(t)(states.at(-1) ?? start(t, seed), batch)))
  return states.map((state) => parametersOf(t, state)['dense/0/kernel'])
}

const bounds = { min: 0.5, max: 2 }
/** Units that lie over the axis 0, as Keras has it of every parameter. */
const first: ConstraintTrial = { layouts: fc.constantFrom([3], [3, 2], [2, 3, 2]).map((shape) => ({ shape, incoming: [0] })) }

export const suites: readonly Suite[] = [
  constraintLaws(kerasMinMaxNorm({ ...bounds, rate: 0.3 }), first),
  constraintLaws(kerasMaxNorm(2, { axis: [0, -1] }), { layouts: fc.constant({ shape: [3, 2, 2], incoming: [0, 2] }) }),
  ...[kerasMaxNorm(2), kerasUnitNorm(), kerasMinMaxNorm(bounds)].map((c) => ownAxesLaws(c)),
  ownAxesLaws(monotone('increasing', { axis: -1 })),
  convexProjectionLaws(maxNorm(2), feasible.ball(2)),
  convexProjectionLaws(maxNorm(0.001), feasible.ball(0.001)),
  convexProjectionLaws(nonNegative, feasible.orthant),
  projectionLaws(unitNorm, feasible.sphere),
  projectionLaws(minMaxNorm(bounds), feasible.shell(0.5, 2)),
  relaxationLaws(minMaxNorm({ ...bounds, rate: 0.3 }), minMaxNorm(bounds), 0.3),
  relaxationLaws(minMaxNorm({ ...bounds, rate: 1 }), minMaxNorm(bounds), 1),
  constrainedLaws(run)
]

const mutant = (name: string, law: string, suite: () => Suite, more: Partial<Mutant> = {}): Mutant =>
  ({ name, origin: 'one edit', law, suite, ...more })

/** A constraint from what it does to w, given its norm over the incoming axes (which broadcasts) and a unit's number of weights. */
const wrong = (project: (w: Expr, norm: Expr, n: number) => Expr): Constraint =>
  constraint('wrong', {}, (incoming) => (w) =>
    project(w, keepAxes(l2Norm(w, incoming), w.shape, incoming), incoming.reduce((n, axis) => n * w.shape[axis], 1)))

/** w/‖w‖, and 0 at 0. */
const direction = (w: Expr, norm: Expr): Expr => div(w, select(greater(norm, 0), norm, 1))

/** Weights divided by how often it was built. */
const counting = (): Constraint => {
  let builds = 0
  return wrong((w) => div(w, ++builds))
}

const any = (name: string, law: string, c: Constraint): Mutant => mutant(name, law, () => constraintLaws(c))
const ball = (name: string, law: string, c: Constraint, origin = 'one edit', trial: ConstraintTrial = {}): Mutant =>
  mutant(name, law, () => convexProjectionLaws(c, feasible.ball(2), trial), { origin })
const round = (name: string, law: string, c: Constraint, origin = 'one edit', trial: ConstraintTrial = {}): Mutant =>
  mutant(name, law, () => projectionLaws(c, feasible.sphere, trial), { origin })
const relaxed = (name: string, law: string, c: Constraint, origin = 'one edit', trial: ConstraintTrial = {}): Mutant =>
  mutant(name, law, () => relaxationLaws(c, minMaxNorm(bounds), 0.3, trial), { origin })

const peers = 'Keras, TensorFlow.js'

export const mutants: readonly Mutant[] = [
  any('a projection that keeps the norm alone', 'keeps the shape', wrong((_, norm) => norm)),
  any('w/‖w‖ at 0', 'finite', wrong((w, norm) => div(w, norm))),
  any('a projection of chance', 'built twice', wrong((w) => mul(w, Math.random()))),
  any('a projection that counts its builds', 'built twice', counting()),
  any('a norm over all axes', 'units apart', wrong((w) => div(w, max(1, l2Norm(w))))),

  ball('a cap of 3 for 2', 'feasible', maxNorm(3)),
  mutant('a zero column below the minimum', 'feasible',
    () => projectionLaws(kerasMinMaxNorm(bounds), feasible.shell(0.5, 2), first), { origin: peers }),
  round('a zero column of no unit norm', 'feasible', kerasUnitNorm(), peers, first),
  ball('max-norm that divides always', 'idempotent', kerasMaxNorm(2), peers, first),
  ball('max-norm that divides what is allowed', 'keeps what is allowed', kerasMaxNorm(2), peers, first),
  ball('halves what is too long', 'idempotent', wrong((w, norm) => select(greater(norm, 2), mul(0.5, w), w))),
  ball('stretches what is inside to the boundary', 'keeps what is allowed', wrong((w, norm) => mul(2, direction(w, norm)))),
  round('the unit vector of absolute values', 'nearest', wrong((w, norm, n) =>
    add(abs(direction(w, norm)), select(greater(norm, 0), 0, 1 / Math.sqrt(n))))),
  mutant('what is small is nothing', 'keeps what is allowed', () =>
    convexProjectionLaws(wrong((w) => select(greater(w, 0.01), w, 0)), feasible.orthant)),
  { ...ball('clips element by element', 'variational inequality', wrong((w, _, n) =>
    max(min(w, 2 / Math.sqrt(n)), neg(2 / Math.sqrt(n))))), runs: 200 },
  ball('doubles what is inside', 'non-expansive', wrong((w, norm) => mul(direction(w, norm), min(mul(2, norm), 2)))),

  mutant("the layer's units for the axis", 'the units are not seen', () => ownAxesLaws(wrong((w, norm) => div(w, max(1, norm))))),

  mutant('constraints accepted and never applied', 'the constraint holds after every step',
    () => constrainedLaws((_, seed) => run(constraint('ignored', {}, () => (w) => w), seed)), { origin: 'TensorFlow.js' }),

  relaxed('1 − rate for rate', 'goes part of the way', minMaxNorm({ ...bounds, rate: 0.7 })),
  relaxed('a relaxation that divides always', 'keeps what the projection keeps', kerasMinMaxNorm({ ...bounds, rate: 0.3 }), peers, first)
]
