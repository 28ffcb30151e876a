/** Mutants of penalties on what layers do, and of gates before their weights. */
import { add, broadcast, constant, max, min, mul, pullback, sigmoid, stopGradient, sum, variable } from 'tikhonov/expr'
import { hardConcrete, hardConcreteWith } from 'tikhonov/dropout'
import {
  activityLaws, hardConcreteLaws, jacobianLaws, layerLaws, type Gated, type JacobianPenalty, type Suite
} from 'tikhonov/laws'
import { joinPath, nonNegative, penalised, positive, reparametrised, within, wrapper, type Layer, type Rewritten } from 'tikhonov/layer'
import { dense, gradientPenalty, jacobian, relu, sigmoid as logistic, sparseActivity, tanh } from 'tikhonov/layers'
import type { Mutant } from './harness.js'

const input = [3]
const gates: Gated = (layer, options) => hardConcrete(layer, options)
const smooth: JacobianPenalty = (options, layer) => jacobian(options, layer)

export const suites: readonly Suite[] = [
  jacobianLaws(smooth),
  hardConcreteLaws(gates),
  activityLaws(jacobian({ lambda: 1 }, dense(2, { activation: tanh }), dense(2)), { input }),
  activityLaws(gradientPenalty({ lambda: 1, target: 1 }, dense(2, { activation: tanh }), dense(1)), { input }),
  activityLaws(sparseActivity({ lambda: 1 }, dense(2, { activation: logistic })), { input }),
  layerLaws(gradientPenalty({ lambda: 1 }, dense(3, { activation: relu }), dense(1)), { input }),
  layerLaws(sparseActivity({ lambda: 1 }, dense(2)), { input })
]

const runs = 25
const mutant = (name: string, law: string, suite: () => Suite): Mutant => ({ name, origin: 'one edit', law, suite, runs })

/** The penalty made otherwise, from that of the library. */
const derived = (name: string, law: string, make: JacobianPenalty): Mutant => mutant(name, law, () => jacobianLaws(make))

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
  derived('a Jacobian that counts as constant', 'the gradient is the derivative', (options, layer) => {
    const made = jacobian(options, layer)
    return {
      ...made, apply: (scope) => (x) => {
        const output = made.apply(scope)(x)
        return { ...output, penalties: Object.fromEntries(Object.entries(output.penalties).map(([path, e]) => [path, stopGradient(e)])) }
      }
    } satisfies Layer
  }),
  derived('a layer that gives half', 'what comes out is the layer’s', (options, layer) => {
    const made = jacobian(options, layer)
    return { ...made, apply: (scope) => (x) => { const output = made.apply(scope)(x); return { ...output, y: mul(0.5, output.y) } } }
  }),

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
