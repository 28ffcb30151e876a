/** Mutants of dropout and noise, the defects of published libraries among them. */
import {
  add, broadcast, constant, div, greater, matmul, mul, pow, select, sqrt, stopGradient, sub, type Expr, type Shape
} from 'tikhonov/expr'
import {
  alphaDropout, alphaDropoutWith, alphaPrime, dropout, dropoutWith, gaussianDropout, gaussianNoise, trainingOnly
} from 'tikhonov/dropout'
import { alphaDropoutLaws, dropoutLaws, noiseLaws, perturbationLaws, type NoiseTrial, type Perturbation } from 'tikhonov/laws'
import { fraction, layer, rate as rateCheck, same, spec, type Layer, type Mode } from 'tikhonov/layer'
import { draws, type Draws } from 'tikhonov/random'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** A dropout that differs in what it does with an input. */
const family = (perturb: (rate: number, of: Draws, x: Expr) => Expr): Perturbation => (rate) =>
  trainingOnly({ spec: spec('dropout', { rate }), level: rate, issues: rateCheck('rate', rate), perturb: (of, x) => perturb(rate, of, x) })

/** A layer that sees its mode and path. */
const moded = (apply: (rate: number, mode: Mode, path: string) => (x: Expr) => Expr): Perturbation => (rate) =>
  layer({
    spec: spec('dropout', { rate }), rule: same, issues: rateCheck('rate', rate), apply: (_, { mode, path }) => apply(rate, mode, path)
  })

const keep = (of: Draws, rate: number, x: Expr, name = 'mask'): Expr => of.bernoulli(name, rate, x.shape)

const asDropout = (name: string, law: string, make: Perturbation, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => dropoutLaws(make) })

/** Units are dropped one after the other, until there are rate·n of them: later units are dropped less. */
const capped = (rate: number, of: Draws, x: Expr): Expr => {
  const [rows, n] = x.shape
  const wish = sub(1, of.bernoulli('mask', rate, [rows, n]))
  const before = constant(Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) < i % n ? 1 : 0)), [n, n])
  const dropped = mul(wish, greater(Math.floor(rate * n) + 0.5, add(matmul(wish, before), 1)))
  return dropoutWith(x, sub(1, dropped), rate)
}

const dropouts: readonly Mutant[] = [
  asDropout('rate 0 becomes a rate of its own', 'level 0 is the identity', (rate) => dropout(rate === 0 ? 0.5 : rate),
    'ml-fnn, where regularization: 0 is .01'),
  asDropout('inference uses a mask', 'inference is the identity', moded((rate, mode, path) => (x) =>
    rate === 0 ? x : dropoutWith(x, keep(mode._tag === 'Train' ? mode.random.perExample : draws('initial', path), rate, x), rate)),
  'TensorFlow.js, rnn(lstmCell)'),
  asDropout('rate 1 is the identity', 'levels out of range are issues', (rate) => dropout(rate === 1 ? 0 : rate),
    'TensorFlow.js; Keras, recurrent'),
  asDropout('a fixed seed repeats the mask', 'distinct positions are perturbed differently', moded((rate, mode, path) => (x) =>
    mode._tag === 'Infer' || rate === 0 ? x : dropoutWith(x, keep(draws('initial', path), rate, x), rate)), 'TensorFlow.js'),
  asDropout('one mask for the whole batch', 'distinct examples are perturbed differently', moded((rate, mode) => (x) =>
    mode._tag === 'Infer' || rate === 0 ? x : dropoutWith(x, mode.random.perStep.bernoulli('mask', rate, x.shape.slice(1)), rate))),
  asDropout('a draw that does not know its layer', 'distinct paths are perturbed differently',
    family((rate, _, x) => dropoutWith(x, keep(draws('perExample', 'dropout'), rate, x), rate))),
  asDropout('the gradient has a mask of its own', 'the pullback uses the forward’s mask', family((rate, of, x) => {
    const backward = dropoutWith(x, keep(of, rate, x, 'backward'), rate)
    return add(stopGradient(sub(dropoutWith(x, keep(of, rate, x), rate), backward)), backward)
  })),
  asDropout('drops nothing', 'a value is dropped or scaled', family((_, __, x) => x), 'grenade'),
  asDropout('rate means keep', 'a value is dropped or scaled',
    family((rate, of, x) => dropoutWith(x, keep(of, 1 - rate, x), 1 - rate)), 'stax'),
  asDropout('inference multiplies by p', 'training is inference in the mean',
    moded((rate, mode) => (x) => (rate === 0 ? x : mode._tag === 'Infer' ? mul(x, rate) : mul(x, keep(mode.random.perExample, rate, x)))),
    'ConvNetJS, toygrad, brain.js 2'),
  asDropout('masks are capped and biased towards early units', 'every unit is dropped at the rate', family(capped), 'mind-net'),
  asDropout('half the rate is dropped', 'every unit is dropped at the rate',
    family((rate, of, x) => dropoutWith(x, keep(of, rate / 2, x), rate))),
  asDropout('one decision for an example', 'decisions are independent', (rate) => dropout(rate, { noiseShape: [1] })),
  asDropout('what is kept is not scaled', 'dropout in linear regression is ridge', family((rate, of, x) => mul(x, keep(of, rate, x)))),
  asDropout('scaled by √(1 − rate)', 'dropout in linear regression is ridge',
    family((rate, of, x) => div(mul(x, keep(of, rate, x)), Math.sqrt(1 - rate)))),
  { name: 'a noise shape is ignored', origin: oneEdit, law: 'shared axes share a decision', runs: 10,
    suite: () => dropoutLaws((rate) => dropout(rate), { input: [2, 2, 3], shared: [0, 1] }) }
]

const ofDropout: NoiseTrial =
  { accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN], variance: (x, rate) => (x * x * rate) / (1 - rate) }
const ofNoise: NoiseTrial =
  { accepted: [0.5, 0, 1, 2.5, 100], refused: [-0.1, Infinity, Number.NaN], variance: (_, stddev) => stddev * stddev }

const asNoise = (name: string, law: string, make: Perturbation, trial: NoiseTrial, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => noiseLaws(make, trial) })

const noises: readonly Mutant[] = [
  asNoise('noise of standard deviation above 1 is refused', 'levels out of range are issues', (stddev): Layer =>
    trainingOnly({
      spec: spec('gaussianNoise', { stddev }), level: stddev, issues: fraction('stddev', stddev),
      perturb: (of, x) => add(x, mul(stddev, of.normal('noise', x.shape)))
    }), ofNoise, 'Keras'),
  asNoise('noise of standard deviation 0 is drawn', 'nothing is drawn for nothing', (stddev) =>
    (stddev === 0 ? trainingOnly({ spec: spec('noise'), level: 1, perturb: (of, x) => add(x, mul(0, of.normal('noise', x.shape))) })
      : gaussianNoise(stddev)), ofNoise),
  asNoise('noise multiplies instead of perturbing', 'noise keeps the mean',
    family((rate, of, x) => mul(x, mul(Math.sqrt(rate / (1 - rate)), of.normal('noise', x.shape)))), ofDropout),
  asNoise('the variance of the mask before it is scaled', 'noise has its variance',
    family((rate, of, x) => mul(x, add(1, mul(Math.sqrt(rate * (1 - rate)), of.normal('noise', x.shape))))), ofDropout),
  asNoise('uniform noise of the same variance', 'noise is normal',
    family((rate, of, x) => mul(x, add(1, mul(Math.sqrt((12 * rate) / (1 - rate)), sub(of.uniform('noise', x.shape), 0.5))))), ofDropout)
]

const asAlpha = (name: string, law: string, perturb: (rate: number, of: Draws, x: Expr) => Expr, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => alphaDropoutLaws(family(perturb)) })

const wide = (x: number, shape: Shape): Expr => broadcast(x, shape)

const alphas: readonly Mutant[] = [
  asAlpha('dropped units go to +1.758', 'mean 0 is kept', (rate, of, x) => {
    const a = ((1 - rate) * (1 + rate * alphaPrime ** 2)) ** -0.5
    return add(mul(a, select(keep(of, rate, x), x, wide(-alphaPrime, x.shape))), -a * rate * alphaPrime)
  }, 'TensorFlow.js'),
  asAlpha('b is left out', 'mean 0 is kept', (rate, of, x) => {
    const kept = keep(of, rate, x)
    return sub(alphaDropoutWith(x, kept, rate), -rate * alphaPrime * ((1 - rate) * (1 + rate * alphaPrime ** 2)) ** -0.5)
  }),
  asAlpha('a as if what is dropped were 0', 'variance 1 is kept', (rate, of, x) => {
    const a = pow(sub(1, rate), -0.5)
    return add(mul(a, select(keep(of, rate, x), x, wide(alphaPrime, x.shape))), mul(a, -rate * alphaPrime))
  }),
  asAlpha('plain dropout that keeps mean and variance', 'a value is dropped to one value or scaled',
    (rate, of, x) => div(mul(x, keep(of, rate, x)), sqrt(constant(1 - rate))))
]

export const mutants: readonly Mutant[] = [...dropouts, ...noises, ...alphas]

export const suites = [
  dropoutLaws((rate) => dropout(rate)),
  dropoutLaws((rate) => dropout(rate, { noiseShape: [1, 1, 3] }), { input: [2, 2, 3], shared: [0, 1] }),
  dropoutLaws((rate) => dropout(rate, { noiseShape: [2, 1] }), { input: [3, 2, 2], shared: [0, 2] }),
  noiseLaws((rate) => gaussianDropout(rate), ofDropout),
  noiseLaws((stddev) => gaussianNoise(stddev), ofNoise),
  alphaDropoutLaws((rate) => alphaDropout(rate)),
  perturbationLaws((rate) => alphaDropout(rate, { noiseShape: [3] }), { input: [2, 3], accepted: [0.5, 0], refused: [1] })
]
