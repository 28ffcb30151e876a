/** Optimizers with exact sparsity that are wrong, each with the law that says so. */
import { abs, add, div, equal, exp, greater, max, mul, neg, select, sign, sqrt, sub, variable, type Expr } from 'tikhonov/expr'
import { spec, type ByPath } from 'tikhonov/layer'
import { followLeaderLaws, idleLaws, optimizerLaws, sparseStepLaws, transformLaws, type Leader, type Suite } from 'tikhonov/laws'
import {
  adagrad, adam, after, before, byPath, chain, clipByGlobalNorm, clipByNorm, clipByValue, cumulativePenalty, decoupledDecay, descend,
  everything, freeze, ftrl, gradientTransform, masked, momentum, optimizer, rda, remember, sgd, torchAdagrad, truncatedGradient,
  type GradientTransform, type Idle, type Optimizer
} from 'tikhonov/optimizers'
import { l1, l1l2, l2Norm, ridge, softThreshold } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const elastic = (lambda1: number, lambda2: number) => l1l2({ l1: lambda1, l2: lambda2 })

const sparse: readonly ((lambda: number) => Optimizer)[] = [
  (lambda) => ftrl(0.5, { penalty: l1(lambda) }),
  (lambda) => rda(0.5, { penalty: l1(lambda) }),
  (lambda) => truncatedGradient(0.5, { gravity: lambda, every: 3 }),
  (lambda) => truncatedGradient(0.5, { gravity: lambda, every: 1, threshold: 2 ** 40 }),
  (lambda) => cumulativePenalty(0.5, { lambda })
]

const waiting: readonly Optimizer[] = [
  ...sparse.map((make) => make(0.25)),
  sgd(0.5), adagrad(0.5), torchAdagrad(0.5), ftrl(0.5), rda(0.5, { penalty: ridge(0.5) }), ftrl(0.5, { penalty: elastic(0.25, 0.5) }),
  truncatedGradient(0.5, { gravity: 0.25, every: 2, threshold: 1 }),
  after(decoupledDecay(0.25), sgd(0.5)), after(decoupledDecay(0.25, { where: everything }), torchAdagrad(0.5)),
  before(chain(clipByValue(1), clipByNorm(1), clipByGlobalNorm(1)), sgd(0.5)),
  before(freeze('a'), ftrl(0.5, { penalty: l1(0.25) })),
  optimizer('part', 0.5, {}, chain(descend, masked(byPath('ab'), decoupledDecay(0.25))))
]

export const suites: readonly Suite[] = [
  ...sparse.map(sparseStepLaws),
  followLeaderLaws(ftrl, elastic),
  ...waiting.map(idleLaws),
  ...waiting.map(({ transform }) => transformLaws(transform)),
  optimizerLaws((rate) => rda(rate, { penalty: l1(0.25) })),
  optimizerLaws((rate) => truncatedGradient(rate, { gravity: 0.25, every: 2 })),
  optimizerLaws((rate) => cumulativePenalty(rate, { lambda: 0.25 }))
]

const each = <A>(by: ByPath<Expr>, f: (d: Expr, path: string) => A): ByPath<A> =>
  Object.fromEntries(Object.entries(by).map(([path, d]) => [path, f(d, path)]))

const isKernel = (path: string): boolean => path.endsWith('kernel')

/** FTRL whose next weight is another function of what it remembers. */
const wrongLeader = (
  next: (z: Expr, slope: Expr, lambda1: number, lambda2: number, w: Expr) => Expr,
  {
    from = (beta: number, alpha: number) => -beta / alpha,
    sigma = (after: Expr, before: Expr): Expr => sub(sqrt(after), sqrt(before))
  } = {}
) => (alpha: number, beta: number, lambda1: number, lambda2: number): Optimizer =>
  optimizer('wrongLeader', alpha, {}, gradientTransform(spec('wrongLeader'), (place) => (gradients, weights) => {
    const n = remember(place, 'n', gradients, (all, g) => add(all, mul(g, g)))
    const z = remember(place, 'z', gradients, (all, g, path) => {
      const first = variable(`${place}/n/${path}`, g.shape)
      return sub(add(all, g), mul(div(sigma(n.now[path], first), alpha), weights[path].value))
    }, (path) => mul(from(beta, alpha), weights[path].initial ?? 0))
    return {
      delta: each(gradients, (_, path) => {
        const [strong, weak] = isKernel(path) ? [lambda1, lambda2] : [0, 0]
        const w = weights[path].value
        return sub(next(z.now[path], div(add(beta, sqrt(n.now[path])), alpha), strong, weak, w), w)
      }),
      slots: { ...n.slots, ...z.slots }
    }
  }))

const shrunk = (z: Expr, slope: Expr, lambda1: number, lambda2: number): Expr =>
  neg(div(sub(z, mul(lambda1, sign(z))), add(slope, 2 * lambda2)))

/** River's FTRL: a weight whose z has returned within λ₁ keeps the value that it had. */
const rivers = wrongLeader((z, slope, lambda1, lambda2, w) => select(greater(abs(z), lambda1), shrunk(z, slope, lambda1, lambda2), w))

const right = (z: Expr, slope: Expr, lambda1: number, lambda2: number): Expr =>
  neg(div(softThreshold(lambda1)(z), add(slope, 2 * lambda2)))

/** With λ₁ and λ₂ as the law gives them, read from the penalty. */
const asLeader = (make: (alpha: number, beta: number, lambda1: number, lambda2: number) => Optimizer): Leader =>
  (alpha, { beta, penalty }) => {
    const lambda = (name: string): number =>
      Number(penalty?.terms.find((term) => term.name === name)?.spec.options.lambda ?? 0)
    return make(alpha, beta, lambda('l1'), lambda('l2'))
  }

const leader = (name: string, law: string, make: Parameters<typeof asLeader>[0], origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => followLeaderLaws(asLeader(make), elastic) })

const step = (name: string, law: string, make: (lambda: number) => Optimizer, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => sparseStepLaws(make) })

/** Descent, then something made of where each kernel would be. */
const descending = (then: (w: Expr, before: Expr, path: string) => Expr, idle?: (w: Expr, path: string) => Idle): Optimizer =>
  optimizer('descending', 0.5, {}, chain(descend, gradientTransform(spec('then'), () => (delta, weights) => ({
    delta: each(delta, (d, path) => sub(then(add(weights[path].value, d), weights[path].value, path), weights[path].value)),
    slots: {},
    ...(idle === undefined ? {} : { idle: each(delta, (_, path) => idle(weights[path].value, path)) })
  }))))

/** A transformation that says of itself that nothing moves without a gradient. */
const claiming = (transform: GradientTransform, idle: ByPath<Idle> = {}): GradientTransform =>
  ({ ...transform, update: (place) => (...given) => ({ ...transform.update(place)(...given), idle }) })

const idle = (name: string, of: Optimizer): Mutant => ({ name, origin: 'one edit', law: 'waits', suite: () => idleLaws(of) })

export const mutants: readonly Mutant[] = [
  step('FTRL without the branch for 0', 'exact zeros', (lambda) => rivers(0.5, 1, lambda, 0), 'River'),
  step('the gradient of L1', 'exact zeros', (lambda) =>
    descending((w, before, path) => (isKernel(path) ? sub(w, mul(0.5 * lambda, sign(before))) : w))),
  step('truncation by half of what is due', 'exact zeros', (lambda) =>
    descending((w, _, path) => (isKernel(path) && lambda > 1 ? mul(0.5, w) : w))),
  step('a weight that crossed 0 is dead', 'revival', (lambda) =>
    descending((w, before, path) => (isKernel(path) ? mul(softThreshold(0.5 * lambda)(w), sub(1, equal(before, 0))) : w)),
    'TensorFlow Playground'),
  step('only weights ≥ 0 come back', 'revival', (lambda) =>
    descending((w, _, path) => (isKernel(path) ? max(0, softThreshold(0.5 * lambda)(w)) : w))),
  step('biases are shrunk too', 'keeps biases', (lambda) => truncatedGradient(0.5, { gravity: lambda, every: 1, where: everything })),
  step('a threshold shared by a kernel', 'each weight by itself', (lambda) =>
    descending((w, _, path) => (isKernel(path) ? mul(w, max(0, sub(1, div(0.5 * lambda, add(l2Norm(w), 2 ** -20))))) : w))),
  leader('FTRL that begins at 0', 'adaptive gradient descent', wrongLeader(right, { from: () => 0 })),
  leader('σ by the squares rather than their roots', 'adaptive gradient descent',
    wrongLeader(right, { sigma: (after, before) => sub(after, before) })),
  leader('λ₂ without its 2', 'certificate',
    wrongLeader((z, slope, lambda1, lambda2) => right(z, slope, lambda1, lambda2 / 2))),
  leader('λ₁ by the rate, as if against the last gradient', 'certificate',
    wrongLeader((z, slope, lambda1, lambda2) => neg(div(softThreshold(div(lambda1, slope))(z), add(slope, 2 * lambda2))))),
  idle('momentum that says it rests', optimizer('moving', 0.5, {}, claiming(chain(descend, momentum(0.5))))),
  idle('Adam that says nothing', adam(0.5)),
  idle('decay by 1 − Σ rather than the product', descending((w, before) => sub(w, mul(0.25, before)), (w) =>
    ({ after: (elapsed) => ({ value: mul(w, sub(1, mul(0.25, elapsed))) }) }))),
  idle('decay that forgets the biases', descending((w, before) => sub(w, mul(0.25, before)), (w, path) =>
    ({ after: (elapsed) => ({ value: isKernel(path) ? mul(w, exp(mul(Math.log(0.75), elapsed))) : w }) })))
]
