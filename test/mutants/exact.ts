import { equal, mul, sub } from 'tikhonov/expr'
import { spec } from 'tikhonov/layer'
import { acceleratedLaws, exactLaws, fistaLaws, optimizerLaws, paceLaws, type ByRate, type Suite } from 'tikhonov/laws'
import {
  adagrad, adam, adamw, addDecay, after, before, byRole, chain, clipByGlobalNorm, clipByNorm, clipByValue, decoupledDecay, descend,
  fista, freeze, gradientTransform, masked, momentum, nesterov, optimizer, rmsprop, scaleByAdagrad, scaleByAdam, scaleByRms, sgd,
  stateless, torchAdagrad, torchAdam, torchRmsprop, torchSgd, unchanged, type GradientTransform, type Optimizer, type Updated
} from 'tikhonov/optimizers'
import { exact, separable, softThreshold, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const fast = { momentum: 0.9 }

const steady: readonly ByRate[] = [
  sgd, adam, torchAdam, rmsprop, torchRmsprop,
  (rate) => sgd(rate, fast), (rate) => sgd(rate, { ...fast, nesterov: true }), (rate) => torchSgd(rate, fast),
  (rate) => before(clipByGlobalNorm(1), sgd(rate)), (rate) => before(clipByNorm(1), sgd(rate, fast)),
  (rate) => before(clipByValue(0.5), sgd(rate))
]

export const suites: readonly Suite[] = [
  fistaLaws(fista), optimizerLaws(fista), exactLaws(fista),
  ...steady.map((make) => exactLaws(make)),
  // Their steps grow shorter with every gradient: they want a longer way.
  ...[adagrad, torchAdagrad].map((make: ByRate) => exactLaws(make, { rate: 1 })),
  ...[
    descend, momentum(0.9), nesterov(0.5), scaleByAdam(), scaleByAdam({ form: 'torch' }), scaleByRms(), scaleByRms({ form: 'torch' }),
    scaleByAdagrad(), scaleByAdagrad({ form: 'torch' }), clipByValue(1), clipByNorm(1), clipByGlobalNorm(1), addDecay(0.1),
    decoupledDecay(0.1), masked(byRole('kernel'), scaleByAdam()), freeze('a'), chain(),
    chain(clipByNorm(1), momentum(0.9), scaleByAdam({ beta2: 0.9 }), addDecay(0.1), descend, momentum(0.5)),
    adamw(0.1).transform
  ].map((transform) => paceLaws(transform))
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

/** A transformation with another pace. */
const paced = (transform: GradientTransform, pace: (made: Updated) => Updated['pace']): GradientTransform =>
  gradientTransform(spec('paced'), (place) => (...given) => {
    const made = transform.update(place)(...given)
    const { pace: _, ...rest } = made
    const told = pace(made)
    return { ...rest, ...(told === undefined ? {} : { pace: told }) }
  })

const each = (by: Updated['pace'] = {}, factor: number): Updated['pace'] =>
  Object.fromEntries(Object.entries(by).map(([path, e]) => [path, mul(factor, e)]))

const asItself = paced(momentum(0.9), ({ delta }) => unchanged(delta))

/** An optimizer that is not told the gradient elsewhere. */
const deaf = (o: Optimizer): Optimizer => ({ ...o, transform: gradientTransform(o.transform.spec, (place) => (delta, weights, rate) =>
  o.transform.update(place)(delta, weights, rate)) })

const way = (exactly: (penalty: Proximal) => Regularizer): Suite => exactLaws(sgd, { exactly })

export const mutants: readonly Mutant[] = [
  mutant('the pace of momentum is that of its first step', 'balances', () => exactLaws((rate) =>
    optimizer('momentum', rate, {}, chain(descend, asItself)))),
  mutant('the penalty in the gradient too', 'balances', () => way((r) => ({ ...exact(r), terms: r.terms }))),
  mutant('the penalty by its gradient', 'zeros are exact', () => way((r) => r), 'Keras, PyTorch (l1 never reaches 0)'),
  mutant('a zero moves as momentum gathers', 'a zero stays', () => exactLaws((rate) =>
    optimizer('momentum', rate, {}, chain(descend, asItself)))),
  mutant('zeros are dead', 'a zero revives', () => exactLaws((rate) => after(stateless(spec('dead'), (delta, weights) =>
    Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, mul(d, sub(1, equal(weights[path].value, 0)))])),
    [], unchanged), sgd(rate))), 'TensorFlow Playground'),
  mutant('what is exact is not told', 'is reported', () => way((r) => ({ ...exact(r), terms: [] }))),
  mutant('a threshold that never is 0', 'λ = 0 is without', () => way((r) =>
    exact(separable(r, (t) => (w) => softThreshold(2 ** -20)(r.proximal(t)(w)))))),
  mutant('a step of its own', 'a rate of 0 stays', () => way((r) => exact(separable(r, () => r.proximal(0.1))))),
  mutant('proximal gradient for FISTA', 'converges as 1/k²', () => acceleratedLaws(sgd)),
  mutant('the gradient where the weights are', 'accelerates', () => fistaLaws((rate, options) => deaf(fista(rate, options)))),
  mutant('restarts that were not asked for', 'accelerates', () => fistaLaws((rate) => fista(rate))),
  mutant('no restarts', 'restarts', () => fistaLaws((rate) => fista(rate, { restart: 'never' }))),
  mutant('the pace of a velocity before it fades', 'pace', () => paceLaws(asItself)),
  mutant('Nesterov looks ahead twice', 'pace', () => paceLaws(paced(nesterov(0.5), ({ pace }) => each(pace, 1.5)))),
  mutant('Adam tells the learning rate alone', 'pace', () => paceLaws(paced(scaleByAdam(), ({ delta }) => unchanged(delta)))),
  mutant('a clip that hides what it cuts', 'pace', () => paceLaws(paced(clipByNorm(0.01), ({ delta }) => unchanged(delta)))),
  mutant('a pace of 1 for any learning rate', 'pace', () => paceLaws(paced(descend, ({ delta }) => unchanged(delta)))),
  mutant('no pace', 'pace', () => paceLaws(paced(momentum(0.9), () => undefined)))
]
