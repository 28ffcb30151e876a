/** Mutants of initializers. */
import {
  constant as values, evaluate, max, min, mul, neg, sign, slice, sub, transpose, type Expr, type Shape
} from 'tikhonov/expr'
import {
  constant, fans, glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform, ones, orthogonal, randomNormal,
  randomUniform, scaledNormal, scaledUniform, truncatedNormal, zeros, type Fans, type Initializer
} from 'tikhonov/initializers'
import { initializerLaws, orthogonalLaws, spreadLaws, type Spread } from 'tikhonov/laws'
import { draws, truncatedDeviation } from 'tikhonov/random'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

const glorot = ({ fanIn, fanOut }: Fans): number => 2 / (fanIn + fanOut)
const he = ({ fanIn }: Fans): number => 2 / fanIn
const lecun = ({ fanIn }: Fans): number => 1 / fanIn

const uniform = (variance: (of: Fans) => number): Spread => ({ variance, farthest: (of) => Math.sqrt(3 * variance(of)) })
const truncated = (variance: (of: Fans) => number): Spread =>
  ({ variance, farthest: (of) => (2 * Math.sqrt(variance(of))) / truncatedDeviation })

/** An initializer that differs in its values. */
const like = (of: Initializer, initial: (shape: Shape, path: string) => Expr): Initializer =>
  ({ ...of, initial: (shape) => (path) => initial(shape, path) })

const numbered = (): Initializer => {
  let made = 0
  return like(glorotUniform, (shape, path) => glorotUniform.initial(shape)(`${path}/${made++}`))
}

const asUniform = (name: string, law: string, initializer: () => Initializer, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => spreadLaws(initializer(), uniform(glorot)) })

const asHe = (name: string, law: string, initializer: Initializer, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => spreadLaws(initializer, truncated(he)) })

const asOrthogonal = (name: string, law: string, gain: number, initializer: Initializer, origin = oneEdit): Mutant =>
  ({ name, origin, law, runs: 10, suite: () => orthogonalLaws(initializer, gain) })

/** Householder's Q as it comes: the first element of each column has the sign of none of its own. */
const unturned = like(orthogonal(), (shape, path) => {
  const w = orthogonal().initial(shape)(path)
  return shape.length !== 2 ? w : mul(w, neg(sign(slice(w, [0, 0], [1, shape[1]]))))
})

export const mutants: readonly Mutant[] = [
  asUniform('values of the transposed shape', 'values fill the shape',
    () => like(glorotUniform, (shape, path) => transpose(glorotUniform.initial([...shape].reverse().map((d) => d + 1))(path)))),
  asUniform('values of the step', 'values are a function of seed and path',
    () => like(glorotUniform, (shape, path) => sub(draws('perStep', path).uniform('w', shape), 0.5))),
  asUniform('values of chance', 'values are a function of seed and path',
    () => like(glorotUniform, (shape, path) => mul(Math.random(), glorotUniform.initial(shape)(path)))),
  asUniform('parameters are numbered as they are made', 'other layers change nothing', numbered, 'every generator with a state'),
  asUniform('U(0, 1) is not shifted', 'the mean is kept', () => like(glorotUniform, (shape, path) => {
    const { fanIn, fanOut } = fans(shape)
    return mul(Math.sqrt(6 / (fanIn + fanOut)), draws('initial', path).uniform('w', shape))
  })),
  asUniform('the fan in for both fans', 'the variance is kept', () => scaledUniform('glorotUniform', lecun)),
  asUniform('the receptive field is left out', 'the variance is kept', () => like(glorotUniform, (shape, path) => {
    const [fanIn, fanOut] = shape.slice(-2)
    return mul(Math.sqrt(6 / (fanIn + fanOut)), sub(mul(2, draws('initial', path).uniform('w', shape)), 1))
  })),
  asHe('what the cut tails take is not given back', 'the variance is kept',
    like(heNormal, (shape, path) => mul(truncatedDeviation, heNormal.initial(shape)(path)))),
  asHe('tails are not cut', 'values lie within the bound',
    like(heNormal, (shape, path) => mul(Math.sqrt(he(fans(shape))), draws('initial', path).normal('w', shape)))),
  asHe('tails are moved to the bound', 'the variance is kept', like(heNormal, (shape, path) =>
    mul(Math.sqrt(he(fans(shape))) / truncatedDeviation, max(min(draws('initial', path).normal('w', shape), 2), -2)))),
  asUniform('all parameters of a seed are alike', 'distinct paths, distinct values',
    () => like(glorotUniform, (shape) => glorotUniform.initial(shape)('w'))),
  asUniform('the seed is fixed', 'distinct seeds, distinct values', () => like(glorotUniform, (shape, path) =>
    values(evaluate(glorotUniform.initial(shape)(path), {}, { seed: 42 }), shape))),
  asOrthogonal('the gain is forgotten', 'the shorter side is orthonormal', 2, orthogonal()),
  asOrthogonal('the gain is squared', 'the shorter side is orthonormal', 2, orthogonal(4)),
  asOrthogonal('columns are scaled, not turned', 'the shorter side is orthonormal', 1,
    scaledNormal('orthogonal', ({ fanIn }) => 1 / fanIn)),
  asOrthogonal('Householder’s signs are left as they come', 'no direction is preferred', 1, unturned),
  asOrthogonal('all orthogonal kernels are one', 'distinct paths, distinct values', 1,
    like(orthogonal(), (shape) => orthogonal().initial(shape)('w')))
]

export const suites = [
  initializerLaws(zeros), initializerLaws(ones), initializerLaws(constant(0.25)),
  spreadLaws(glorotUniform, uniform(glorot)), spreadLaws(glorotNormal, truncated(glorot)),
  spreadLaws(heUniform, uniform(he)), spreadLaws(heNormal, truncated(he)),
  spreadLaws(lecunUniform, uniform(lecun)), spreadLaws(lecunNormal, truncated(lecun)),
  spreadLaws(randomNormal({ mean: 1, stddev: 0.5 }), { mean: 1, variance: () => 0.25 }),
  spreadLaws(truncatedNormal({ mean: -1, stddev: 2 }), { mean: -1, variance: () => (2 * truncatedDeviation) ** 2, farthest: () => 4 }),
  spreadLaws(randomUniform({ min: 0, max: 3 }), { mean: 1.5, variance: () => 9 / 12, farthest: () => 1.5 }),
  orthogonalLaws(orthogonal()), orthogonalLaws(orthogonal(Math.SQRT2), Math.SQRT2)
]
