/** Clips, noise, sharpness and lookahead that are wrong, each with the law that says so. */
import { add, div, max, min, mul, sqrt, sum, type Expr } from 'tikhonov/expr'
import { spec, type ByPath } from 'tikhonov/layer'
import {
  adaptiveClipLaws, gradientNoiseLaws, lookaheadLaws, samLaws, transformLaws, type Suite
} from 'tikhonov/laws'
import {
  adaptiveClip, emaOfWeights, globalNorm, gradientNoise, gradientTransform, lookahead, sam, stateless, swa, type GradientTransform
} from 'tikhonov/optimizers'
import { draws } from 'tikhonov/random'
import type { Mutant } from './harness.js'

export const suites: readonly Suite[] = [
  ...[
    adaptiveClip(), gradientNoise(), sam(), lookahead(), lookahead({ every: 1 }), emaOfWeights(), swa({ after: 1 }),
    swa({ after: 0, every: 2 })
  ].map((transform) => transformLaws(transform)),
  adaptiveClipLaws((limit, epsilon) => adaptiveClip(limit, { epsilon })),
  gradientNoiseLaws((variance, gamma) => gradientNoise(variance, { gamma })),
  samLaws(sam),
  lookaheadLaws((every, alpha) => lookahead({ every, alpha }))
]

const each = (delta: ByPath<Expr>, f: (d: Expr, path: string) => Expr): ByPath<Expr> =>
  Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, f(d, path)]))

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

const whole = (limit: number, epsilon: number): GradientTransform => stateless(spec('whole'), (delta, weights) => each(delta, (d, path) => {
  const length = (e: Expr): Expr => sqrt(sum(mul(e, e)))
  return mul(d, min(1, div(mul(limit, max(length(weights[path].value), epsilon)), max(length(d), 1e-30))))
}))

const always = (limit: number, epsilon: number): GradientTransform =>
  stateless(spec('always'), (delta, weights, eta) => each(adaptiveClip(limit, { epsilon }).update('')(delta, weights, eta).delta,
    (d) => mul(d, 1 + 2 ** -40)))

const byElement = (limit: number, epsilon: number): GradientTransform =>
  stateless(spec('byElement'), (delta, weights) => each(delta, (d, path) => {
    const cap = mul(limit, max(sqrt(mul(weights[path].value, weights[path].value)), epsilon))
    return max(min(d, cap), mul(-1, cap))
  }))

const louder = (variance: number, gamma: number): GradientTransform => gradientNoise(1.5 * variance, { gamma })

const shared = (): GradientTransform =>
  stateless(spec('shared'), (delta) => each(delta, (d) => add(d, draws('perStep', 'all').normal('noise', d.shape))))

const climbed = (how: (d: Expr, rho: number, all: ByPath<Expr>) => Expr) => (rho: number): GradientTransform =>
  gradientTransform(spec('climbed'), () => (delta, weights, _, gradientAt = () => delta) =>
    ({ delta: gradientAt(each(delta, (d, path) => add(weights[path].value, how(d, rho, delta)))), slots: {} }))

export const mutants: readonly Mutant[] = [
  mutant('one norm for all units', 'bounds each unit', () => adaptiveClipLaws(whole)),
  mutant('scales what it leaves', 'leaves small gradients', () => adaptiveClipLaws(always)),
  mutant('element by element', 'keeps directions', () => adaptiveClipLaws(byElement)),
  mutant('half as much variance again', 'stated variance', () => gradientNoiseLaws(louder)),
  mutant('one address for all parameters', 'an address', () => gradientNoiseLaws(shared)),
  mutant('a ρ that is never 0', 'ρ = 0', () => samLaws((rho) => sam(rho + 2 ** -20))),
  mutant('a norm for each parameter', 'on a bowl', () =>
    samLaws(climbed((d, rho) => mul(rho, div(d, max(globalNorm({ d }), 1e-30)))))),
  mutant('0/0 at the bottom', 'at the bottom', () => samLaws(climbed((d, rho, all) => mul(rho, div(d, globalNorm(all)))))),
  mutant('goes back by a part', 'α = 1', () => lookaheadLaws((every, alpha) => lookahead({ every, alpha: alpha * 0.75 }))),
  mutant('goes all the way', 'k = 1', () => lookaheadLaws((every) => lookahead({ every, alpha: 1 }))),
  mutant('late by a step', 'slow weights', () => lookaheadLaws((every, alpha) => lookahead({ every: every + 1, alpha })))
]
