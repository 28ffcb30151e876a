import {
  abs, add, concat, constant, div, equal, greater, keepAxes, max, min, mul, reshape, select, slice, sqrt, stopGradient, sub, sum,
  type Expr, type Scalar
} from 'tikhonov/expr'
import {
  convexProximalLaws, groupLassoLaws, groupLaws, ontoLaws, proximalLaws, rotationLaws, scaledLaws, variationLaws,
  type Scaling, type Suite
} from 'tikhonov/laws'
import {
  fusedLasso, groupLasso, l1, l1l2, l1Norm, l2, l2Norm, proximal, regularizer, scale, separable, softThreshold, sparseGroupLasso,
  totalVariation, type Proximal, type Regularizer
} from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

/** Half the number of weights that are not 0, which is not convex, and the hard threshold. */
const counted = proximal(regularizer('counted', {}, (w) => mul(0.5, sum(sub(1, equal(w, 0))))), (t) => (w) => mul(w, greater(mul(w, w), t)))
const net = l1l2({ l1: 0.5, l2: 0.25 })
const sparse = sparseGroupLasso({ l1: 0.25, group: 0.5 })

export const suites: readonly Suite[] = [
  proximalLaws(counted),
  ontoLaws(scale(2, l1(0.25))),
  ...[l1(0.5), groupLasso(0.5), totalVariation(0.5)].map((r) => scaledLaws(scale, r)),
  groupLassoLaws(groupLasso, 'incoming'),
  groupLassoLaws((lambda) => groupLasso(lambda, { groups: 'outgoing', weighted: true }), 'outgoing', Math.sqrt),
  variationLaws(totalVariation(0.5))
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

/** R by name, with another operator. */
const moved = (r: Proximal, operator: (t: Scalar, w: Expr) => Expr): Proximal => proximal(r, (t) => (w) => operator(t, w))
const prox = (name: string, law: string, wrong: Proximal, origin?: string): Mutant =>
  mutant(name, law, () => convexProximalLaws(wrong), origin)
const only = (penalty: (w: Expr) => Expr): Regularizer => regularizer('wrong', {}, (w) => penalty(w))

const lasso = l1(1)
/** Two thresholds for the two sides, as where ≥ and > were exchanged: 0 stays where it should not, or goes. */
const keepsZero = (t: Scalar, w: Expr): Expr => sub(w, mul(t, div(w, max(abs(w), 1e-300))))
const group = groupLasso(0.5)
const whole = (w: Expr): Expr => mul(w, max(0, sub(1, div(0.5, max(l2Norm(w), 1e-300)))))
/** A group's length without a guard in its root. */
const unguarded = regularizer('wrong', {}, (w, { incoming }) => sum(sqrt(sum(mul(w, w), incoming))))
const first = (w: Expr, n: number): Expr => slice(w, w.shape.map(() => 0), [n, ...w.shape.slice(1)])
/** Total variation that forgets what stands last. */
const shortVariation = (t: Scalar, w: Expr): Expr => {
  const n = w.shape[0] - 1
  if (n < 1) return w
  const rest = slice(w, [n, ...w.shape.slice(1).map(() => 0)], [1, ...w.shape.slice(1)])
  return concat([totalVariation(0.5).proximal(t)(first(w, n)), rest], 0)
}
const variation = totalVariation(0.5)
const trend = (w: Expr): Expr =>
  reshape(constant(Array.from({ length: w.shape[0] }, (_, i) => i / 64)), [w.shape[0], ...w.shape.slice(1).map(() => 1)])

const grouped = (name: string, law: string, wrong: Proximal): Mutant => mutant(name, law, () => groupLaws(wrong, 'incoming'))
const lengths = (name: string, law: string, wrong: (lambda: number) => Proximal): Mutant =>
  mutant(name, law, () => groupLassoLaws(wrong, 'incoming'))
const onto = (name: string, law: string, wrong: (c: Scalar, w: Expr) => Expr): Mutant =>
  mutant(name, law, () => ontoLaws({ ...l1(0.5), onto: (c) => (w) => wrong(c, w) }))
const scaled = (name: string, law: string, wrong: Scaling): Mutant => mutant(name, law, () => scaledLaws(wrong, l1(0.5)))
const turned = (name: string, law: string, wrong: (w: Expr) => Expr): Mutant => mutant(name, law, () => rotationLaws(only(wrong)))
const varied = (name: string, law: string, wrong: (t: Scalar, w: Expr) => Expr): Mutant =>
  mutant(name, law, () => variationLaws(moved(variation, wrong)))

export const mutants: readonly Mutant[] = [
  prox('an operator that keeps the lengths alone', 'keeps the shape', moved(group, (_, w) => l2Norm(w, [0]))),
  prox('a square shrunk where nothing was asked', 'a step of 0 stays', moved(l2(0.5), (t, w) => div(w, add(1.5, t)))),
  prox('a soft threshold that moves 0', 'rests where R is least', moved(lasso, (t, w) => sub(w, t))),
  prox('the operator of l2 without its 2', 'beats its neighbours', moved(l2(0.5), (t, w) => div(w, add(1, mul(0.5, t))))),
  prox('the operator of l2 with a 2 too many', 'beats its neighbours', moved(l2(0.5), (t, w) => div(w, add(1, mul(2, t))))),
  prox('a soft threshold without its zero branch', 'beats its neighbours', moved(lasso, keepsZero), 'River'),
  prox('a hard threshold for the soft one', 'firmly non-expansive',
    moved(lasso, (t, w) => mul(w, div(softThreshold(t)(w), add(softThreshold(t)(w), mul(1e-300, w)))))),
  prox('a soft threshold that leaves small weights alone', 'beats its neighbours', separable(
    lasso, (t) => (w) => select(greater(0.01, abs(w)), w, softThreshold(t)(w)))),
  prox('group, then each weight', 'beats its neighbours', moved(sparse, (t, w) => l1(0.25).proximal(t)(group.proximal(t)(w)))),
  prox('variation without the last', 'the rest is a subgradient', moved(variation, shortVariation)),

  grouped('a norm over the wrong axes', 'groups apart', groupLasso(0.5, { groups: 'outgoing' })),
  grouped('one group of all', 'groups apart', moved(group, (_, w) => whole(w))),
  grouped('weights of a group that count by their place', 'order within a group', proximal(
    only((w) => l1Norm(mul(w, trend(w)))), (t) => (w) => softThreshold(mul(t, trend(w)))(w))),
  grouped('groups that are never quite 0', 'a group of zeros stays', moved(group, (_, w) => add(w, 1e-9))),
  grouped('a root without a guard', 'a group of zeros stays', proximal(unguarded, (t, axes) => group.proximal(t, axes))),

  lengths('half the lengths', 'the sum of lengths', (lambda) => groupLasso(lambda / 2)),
  lengths('squares of lengths', 'the derivative is the direction', (lambda) =>
    proximal(regularizer('wrong', { lambda }, (w, { incoming }) => {
      const size = l2Norm(w, incoming)
      return mul(lambda, sum(mul(size, stopGradient(size))))
    }), () => (w) => w)),
  lengths('lengths that become shorter by half a step', 'shortens',
    (lambda) => moved(groupLasso(lambda), (t, w) => groupLasso(lambda / 2).proximal(t)(w))),

  onto('half of what is outside', 'again changes nothing', (c, w) => mul(w, sub(1, mul(0.5, greater(mul(0.5, l1Norm(w)), c))))),
  onto('all taken to the boundary', 'what is allowed stays', (c, w) => div(mul(2, mul(c, w)), max(l1Norm(w), 1e-300))),
  onto('shrunk rather than thresholded', 'no acute angle', (c, w) => div(w, max(1, div(l1Norm(w), max(mul(2, c), 1e-300))))),

  { ...mutant('an elastic net that is shrunk until it fits', 'no acute angle', () => ontoLaws({ ...net, onto: (c) => (w) => {
    const [linear, square] = [mul(0.5, l1Norm(w)), mul(0.25, sum(mul(w, w)))]
    const fits = div(mul(2, c), max(add(linear, sqrt(add(mul(linear, linear), mul(4, square, c)))), 1e-300))
    return mul(w, min(1, fits))
  } })), runs: 500 },

  scaled('a factor that does not reach the operator', 'a step is scaled', (s, r) => ({ ...r, terms: scale(s, r).terms })),
  scaled('exact is read of the penalty alone', 'so is an exact one', (s, r) => ({ ...scale(s, r), exact: r.exact })),
  scaled('a bound that is multiplied', 'a bound is divided', (s, r) =>
    ({ ...scale(s, r), ...(r.onto === undefined ? {} : { onto: scale(1 / s, r).onto }) })),

  varied('variation that shrinks', 'shifts pass through', (t, w) => fusedLasso({ l1: 0.125, variation: 0.5 }).proximal(t)(w)),
  varied('variation with one end drawn', 'keeps the mean',
    (_, w) => add(mul(0.5, w), mul(0.5, keepAxes(sum(first(w, 1), [0]), w.shape, [0])))),
  varied('variation with a trend', 'left as right', (t, w) => add(variation.proximal(t)(w), sub(trend(w), div(sum(trend(w)), w.shape[0])))),

  turned('the sum of sizes', 'rows may turn', l1Norm),
  turned('the sum of the lengths of columns', 'columns may turn', (w) => sum(l2Norm(w, [0])))
]
