import { abs, add, div, greater, max, mean, mul, neg, select, sqrt, stopGradient, sub, sum, type Expr } from 'tikhonov/expr'
import { nonNegative, pureOutput, type Layer, type Output } from 'tikhonov/layer'
import {
  activityLaws, convexLaws, homogeneousLaws, l1Laws, l1l2Laws, l2Laws, lambdaLaws, regularizerLaws, regularizerMonoidLaws, ridgeLaws,
  type ElasticNet, type Family, type PenaltyAlgebra, type Suite
} from 'tikhonov/laws'
import { dense, softmax, tanh } from 'tikhonov/layers'
import {
  confidence, l1, l1l2, l1Norm, l2, l2Norm, none, penaltyOf, plus, regularizer, ridge, scale, type Regularizer
} from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const input = [3]
const active = dense(2, { activation: tanh, activityRegularizer: plus(l1(0.03), l2(0.01)) })
const doubtful = dense(3, { activation: softmax, activityRegularizer: confidence(0.5) })
const algebra: PenaltyAlgebra = { none, plus: (r, s) => plus(r, s), scale }

export const suites: readonly Suite[] = [
  ...[l1(0.01), l2(0.01), l1l2({ l1: 0.01, l2: 4 }), scale(0.5, ridge(2)), none].map((r) => convexLaws(r)),
  homogeneousLaws(1)(l1(0.01)),
  homogeneousLaws(1)(regularizer('group', {}, (w) => l2Norm(w))),
  homogeneousLaws(2)(l2(0.01)),
  homogeneousLaws(2)(ridge(0.01)),
  l1Laws(l1), l2Laws(l2), ridgeLaws(ridge),
  l1l2Laws(l1l2),
  regularizerMonoidLaws(algebra),
  activityLaws(active, { input }),
  activityLaws(doubtful, { input })
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

const one = (penalty: (w: Expr) => Expr): Regularizer => regularizer('wrong', {}, penalty)
/** A family that refuses what is no λ, as a correct one does. */
const family = (penalty: (lambda: number, w: Expr) => Expr): Family => (lambda) =>
  regularizer('wrong', { lambda }, (w) => penalty(lambda, w), nonNegative('lambda', lambda))
const squares = (w: Expr): Expr => sum(mul(w, w))
/** Σw² with the gradient w. */
const halfSloped = (w: Expr): Expr => sum(mul(w, stopGradient(w)))
/** Σ|w| with the gradient −1 at 0, as ties go to −w. */
const tied = (w: Expr): Expr => sum(max(w, neg(w)))

/** Σ|w| that bends the other way near 0, where sizes are below 0.01. */
const dented = (w: Expr): Expr => sum(select(greater(0.01, abs(w)), mul(-50, mul(w, w)), sub(abs(w), 0.005)))
/** Squares of a strength that grows with every build. */
const growing = (): ((w: Expr) => Expr) => {
  let builds = 0
  return (w) => mul(++builds, squares(w))
}

const penalty = (name: string, law: string, wrong: (w: Expr) => Expr, origin?: string): Mutant =>
  mutant(name, `regularizer › ${law}`, () => regularizerLaws(one(wrong)), origin)
const convex = (name: string, law: string, wrong: (w: Expr) => Expr): Mutant =>
  mutant(name, `convex › ${law}`, () => convexLaws(one(wrong)))
const lasso = (name: string, law: string, wrong: Family, origin?: string): Mutant => mutant(name, law, () => l1Laws(wrong), origin)
const strength = (name: string, law: string, wrong: Family, origin?: string): Mutant => mutant(name, law, () => lambdaLaws(wrong), origin)
const net = (name: string, law: string, wrong: ElasticNet, origin?: string): Mutant => mutant(name, law, () => l1l2Laws(wrong), origin)
const algebraic = (name: string, law: string, wrong: Partial<PenaltyAlgebra>): Mutant =>
  mutant(name, law, () => regularizerMonoidLaws({ ...algebra, ...wrong }))

/** The layer with its penalties made otherwise, from its output and the number of rows. */
const activity = (
  name: string, law: string, penalties: (made: Output, rows: number) => Output['penalties'], origin?: string, from: Layer = active
): Mutant => {
  const layer: Layer = {
    ...from,
    apply: (scope) => (x) => {
      const made = from.apply(scope)(x)
      return { ...pureOutput(made.y), parameters: made.parameters, penalties: penalties(made, x.shape[0]) }
    }
  }
  return mutant(name, law, () => activityLaws(layer, { input }), origin)
}

export const mutants: readonly Mutant[] = [
  penalty('a penalty for each column', 'one number', (w) => sum(abs(w), [0])),
  penalty('the sum instead of the sum of sizes, as a penalty', 'non-negative', (w) => sum(w)),
  penalty('a penalty that begins at 1', 'zero at 0', (w) => add(1, squares(w))),
  penalty('a length without a guard', 'finite derivative', (w) => sqrt(squares(w)), 'autodiff textbooks'),
  penalty('a square of which one factor counts as constant', 'derivative', halfSloped),

  penalty('a prize for small weights', 'non-negative', dented),
  penalty('a penalty with the slope −1 at 0', 'flat where least', tied, 'TensorFlow.js'),
  penalty('a penalty of chance', 'built twice', (w) => mul(Math.random(), squares(w))),
  penalty('a penalty that counts its builds', 'built twice', growing()),

  convex('sizes dented where they are small', 'convex', dented),
  convex('roots of sizes', 'convex', (w) => sum(sqrt(add(abs(w), 0.01)))),
  convex('half the gradient of a square', 'subgradient', halfSloped),
  mutant('squares for sizes', 'homogeneous', () => homogeneousLaws(1)(l2(0.5))),
  mutant('sizes whose gradient is lost', 'Euler', () => homogeneousLaws(1)(one((w) => stopGradient(l1Norm(w))))),

  strength('0 becomes 0.01', '0 is nothing', (lambda) => l2(lambda === 0 ? 0.01 : lambda), 'ml-fnn'),
  strength('λ squared', 'linear', family((lambda, w) => mul(lambda * lambda, squares(w)))),
  strength('any λ', 'refuses what is no strength', (lambda) => regularizer('wrong', { lambda }, (w) => mul(lambda, squares(w)))),
  strength('λ above 0 only', 'accepts a strength', (lambda) => (lambda > 0 ? l2(lambda) : l2(-1))),

  lasso('the mean of sizes', 'sum of sizes', family((lambda, w) => mul(lambda, mean(abs(w))))),
  lasso('|w| with the slope −1 at 0', 'the derivative is the sign', family((lambda, w) => mul(lambda, tied(w))), 'TensorFlow.js'),
  mutant('½ in Keras\'s l2', 'sum of squares', () => l2Laws(ridge)),
  mutant('a gradient without the 2', 'the derivative is 2λw', () => l2Laws(family((lambda, w) => mul(lambda, halfSloped(w))))),
  mutant('no ½ in ridge', 'half the sum of squares', () => ridgeLaws(l2)),
  mutant('a ridge with the gradient of l2', 'the derivative is λw', () =>
    ridgeLaws(family((lambda, w) => mul(lambda, add(squares(w), mul(-0.5, stopGradient(squares(w)))))))),

  net('l2 = 0.01 where only l1 is told', 'what is left out adds nothing',
    ({ l1: alpha, l2: beta = 0.01 }) => plus(l1(alpha ?? 0.01), l2(beta)), 'TensorFlow.js'),
  net('l1 alone where both are told', 'the sum of both',
    ({ l1: alpha, l2: beta }) => (alpha === undefined ? l1l2({ l2: beta ?? 0 }) : l1(alpha))),

  algebraic('a unit that is none', 'none is the unit', { none: l1(0.01) }),
  algebraic('a sum that lists what comes second first', 'parts stay visible', { plus: (r, s) => plus(s, r) }),
  algebraic('a sum that halves what comes first', 'associative', { plus: (r, s) => plus(scale(0.5, r), s) }),
  algebraic('a sum that forgets what comes second', 'additive', {
    plus: (r, s) => (r.terms.length > 0 && s.terms.length > 0 ? r : plus(r, s))
  }),
  algebraic('a sum merged into one term', 'parts stay visible', {
    plus: (r, s) => ({ ...plus(r, s), terms: one(penaltyOf(plus(r, s))).terms })
  }),
  algebraic('a scale of the first term only', 'scale multiplies', {
    scale: (c, r) => ({ ...r, terms: [...scale(c, { ...r, terms: r.terms.slice(0, 1) }).terms, ...r.terms.slice(1)] })
  }),
  algebraic('a scaled term that is called scale', 'scaled terms keep their names', {
    scale: (c, r) => ({ ...scale(c, r), terms: scale(c, r).terms.map((t) => ({ ...t, name: 'scale' })) })
  }),
  algebraic('a sum that loses issues', 'issues are collected', { plus: (r, s) => ({ ...plus(r, s), issues: r.issues }) }),

  activity('a penalty summed over the batch', 'duplicates change nothing', ({ penalties }, rows) =>
    Object.fromEntries(Object.entries(penalties).map(([path, e]) => [path, mul(rows, e)])), 'early Keras 3'),
  activity('confidence summed over the batch', 'duplicates change nothing', ({ penalties }, rows) =>
    Object.fromEntries(Object.entries(penalties).map(([path, e]) => [path, mul(rows, e)])), 'one edit', doubtful),
  activity('padding penalised', 'padding changes nothing', ({ y }, rows) => ({ 'dense/0/activity/l1': div(mul(0.03, l1Norm(y)), rows) }))
]
