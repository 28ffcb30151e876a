/** Mutants of penalties on what layers do, and of gates before their weights. */
import {
  add, broadcast, constant, div, log, max, min, mul, pullback, sigmoid, stopGradient, sub, sum, variable, type Expr
} from 'tikhonov/expr'
import { hardConcrete, hardConcreteWith } from 'tikhonov/dropout'
import {
  activityLaws, gradientPenaltyLaws, hardConcreteLaws, jacobianLaws, layerLaws, penalisedLaws, sparseActivityLaws,
  type ActivityPenalty, type Gated, type JacobianPenalty, type SlopePenalty, type Suite
} from 'tikhonov/laws'
import {
  joinPath, nonNegative, penalised, positive, reparametrised, within, wrapper, type Layer, type Output, type Rewritten
} from 'tikhonov/layer'
import { dense, gradientPenalty, jacobian, relu, sigmoid as logistic, sparseActivity, tanh } from 'tikhonov/layers'
import { l2Norm } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const input = [3]
const gates: Gated = (layer, options) => hardConcrete(layer, options)
const smooth: JacobianPenalty = (options, layer) => jacobian(options, layer)
const steep: SlopePenalty = (options, layer) => gradientPenalty(options, layer)
const seldom: ActivityPenalty = (options, layer) => sparseActivity(options, layer)

export const suites: readonly Suite[] = [
  jacobianLaws(smooth),
  hardConcreteLaws(gates),
  activityLaws(jacobian({ lambda: 1 }, dense(2, { activation: tanh }), dense(2)), { input }),
  activityLaws(gradientPenalty({ lambda: 1, target: 1 }, dense(2, { activation: tanh }), dense(1)), { input }),
  activityLaws(sparseActivity({ lambda: 1 }, dense(2, { activation: logistic })), { input }),
  layerLaws(gradientPenalty({ lambda: 1 }, dense(3, { activation: relu }), dense(1)), { input }),
  gradientPenaltyLaws(steep),
  sparseActivityLaws(seldom)
]

const runs = 25
const mutant = (name: string, law: string, suite: () => Suite): Mutant => ({ name, origin: 'one edit', law, suite, runs })

/** The penalty made otherwise, from that of the library. */
const derived = (name: string, law: string, make: JacobianPenalty): Mutant => mutant(name, law, () => jacobianLaws(make))

const sloped = (name: string, make: SlopePenalty): Mutant =>
  mutant(name, 'how far slopes are off', () => gradientPenaltyLaws(make))

/** KL(ρ‖ρ̂), of a ρ̂ that is neither 0 nor 1. */
const divergence = (rho: number, found: Expr): Expr =>
  add(mul(rho, log(div(rho, found))), mul(1 - rho, log(div(1 - rho, sub(1, found)))))
const means = (y: Expr): Expr => div(sum(y, [0]), y.shape[0])
const on = (name: string, law: string, apart: (rho: number, found: Expr) => Expr, of = means): Mutant =>
  mutant(name, law, () => sparseActivityLaws(({ lambda, rate }, layer) => penalised('wrong', {
    name: 'penalty', options: {}, penalty: ({ y }) => {
      const found = of(y)
      return mul((2 * lambda) / found.shape.reduce((n, d) => n * d, 1), sum(apart(rate, found)))
    }
  }, layer)))

/** What a layer under a penalty gives, made otherwise. */
const under = (name: string, law: string, change: (output: Output) => Output): Mutant => {
  const layer = dense(2, { activation: tanh })
  const made = jacobian({ lambda: 1 }, layer)
  const changed: Layer = { ...made, apply: (scope) => (x) => change(made.apply(scope)(x)) }
  return mutant(name, law, () => penalisedLaws(changed, layer, { input }))
}

const gated = (name: string, law: string, make: Gated): Mutant => mutant(name, law, () => hardConcreteLaws(make))
/** Gates with a seam: what becomes of a rewritten weight, by mode and options. */
const otherwise = (change: (made: Rewritten) => Rewritten): Gated => (layer, options) => wrapper({
  spec: layer.spec, rule: layer.rule,
  issues: [
    ...nonNegative('lambda', options.lambda), ...within({ min: 0, max: 1, open: 'both' })('initialRate', options.initialRate ?? 0.5),
    ...positive('temperature', options.temperature ?? 1)
  ],
  apply: (scope) => (x) => reparametrised({
    roles: ['kernel'],
    rewrite: (w, declared, path) => {
      const at = joinPath(path, 'logAlpha')
      const logAlpha = variable(at, declared.shape)
      const z = scope.mode._tag === 'Infer' ? min(max(add(mul(sigmoid(logAlpha), 1.2), -0.1), 0), 1)
        : hardConcreteWith(scope.mode.random.perStep.uniform('gate', declared.shape), logAlpha, options.temperature ?? 2 / 3)
      return change({
        weight: mul(w, z),
        parameters: {
          [path]: declared, [at]: { shape: declared.shape, role: 'rate', incoming: [], initial: () => broadcast(0, declared.shape) }
        }
      })
    }
  }, layer)(scope)(x)
})

export const mutants: readonly Mutant[] = [
  derived('λ without its half', 'the squares of all derivatives',
    ({ lambda, ...more }, layer) => jacobian({ lambda: 2 * lambda, ...more }, layer)),
  derived('the derivative of the sum of the outputs', 'the squares of all derivatives', ({ lambda }, layer) =>
    penalised('wrong', {
      name: 'penalty', options: {}, penalty: ({ x, y }) => {
        const [dx] = pullback(sum(y), constant(1), [x])
        return mul(lambda / (2 * x.shape[0]), sum(mul(dx, dx)))
      }
    }, layer)),
  derived('directions that are not taken K times', 'directions have it for their mean', ({ lambda, projections }, layer) =>
    jacobian(projections === undefined ? { lambda } : { lambda: lambda / 2, projections }, layer)),
  sloped('the length for its distance from the target', (_, layer) => gradientPenalty({ lambda: 1, target: 0 }, layer)),
  sloped('a target of 1, whatever is told', ({ lambda }, layer) => gradientPenalty({ lambda }, layer)),
  sloped('slopes up to the target are free', ({ lambda, target = 1 }, layer) => penalised('wrong', {
    name: 'penalty', options: {}, penalty: ({ x, y }) => {
      const [dx] = pullback(sum(y), constant(1), [x])
      const off = max(0, sub(l2Norm(dx, [1]), target))
      return mul(lambda / x.shape[0], sum(mul(off, off)))
    }
  }, layer)),

  on('the divergence the other way round', 'the divergence of means', (rho, found) =>
    add(mul(found, log(div(found, rho))), mul(sub(1, found), log(div(sub(1, found), 1 - rho))))),
  on('the mean of divergences', 'the divergence of means', divergence, (y) => y),
  on('without what is off', 'least at the rate', (rho, found) => mul(rho, log(div(rho, found)))),
  on('the logarithm of 0', 'finite at both ends', divergence),

  under('a penalty that counts as constant', 'the gradient is the derivative', (output) =>
    ({ ...output, penalties: Object.fromEntries(Object.entries(output.penalties).map(([path, e]) => [path, stopGradient(e)])) })),
  under('a layer that gives half', 'what comes out is the layer’s', (output) => ({ ...output, y: mul(0.5, output.y) })),

  gated('the temperature of the paper, whatever is told', 'gates are 0 and 1 as often as they should', (layer, { temperature, ...more }) =>
    hardConcrete(layer, temperature === 0 ? { ...more, temperature } : more)),
  gated('half of the gate in inference', 'inference has the gate without noise', (layer, options) => {
    const made = hardConcrete(layer, options)
    return { ...made, apply: ({ path, mode }) => (x) => made.apply({ path, mode })(mode._tag === 'Infer' ? mul(0.5, x) : x) }
  }),
  gated('a group that counts as one weight', 'the penalty counts what may be open', (layer, options) =>
    hardConcrete(layer, { ...options, lambda: (options.groups ?? 'weights') === 'weights' ? options.lambda : options.lambda / 2 })),
  gated('a gate for each weight of a group', 'a group has one gate', (layer, { groups: _, ...options }) => hardConcrete(layer, options)),
  gated('gates whose gradient is lost', 'the derivative by ln α', otherwise((made) => ({ ...made, weight: stopGradient(made.weight) }))),
  gated('any λ of gates', 'refuses what is out of range',
    (layer, options) => hardConcrete(layer, { ...options, lambda: Math.abs(options.lambda) }))
]
