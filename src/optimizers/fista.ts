/** The accelerated proximal gradient method. */
import { add, div, mul, sub } from '../expr/arithmetic.js'
import { sum } from '../expr/broadcast.js'
import { greater, max, select } from '../expr/compare.js'
import { constant, variable } from '../expr/leaf.js'
import type { Expr } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'
import { issue } from '../part/issue.js'
import { joinPath, mapByPath, type ByPath } from '../part/path.js'
import { spec } from '../part/spec.js'
import { optimizer, type LearningRate, type Optimizer } from './optimizer.js'
import { descend } from './descend.js'
import { remember, slot } from './slot.js'
import { gradientTransform, type GradientTransform } from './transform.js'

/** Options of `fista`. */
export interface FistaOptions {
  /**
   * When momentum is forgotten: after a step that went against it, ⟨yₖ − xₖ, xₖ − xₖ₋₁⟩ > 0 (`gradient`, the gradient scheme of
   * O'Donoghue & Candès 2015), or `never`. `gradient` unless told.
   */
  readonly restart?: 'gradient' | 'never'
}

const schemes: readonly string[] = ['gradient', 'never']

const inner = (a: ByPath<Expr>, b: ByPath<Expr>): Expr =>
  Object.keys(a).reduce<Expr>((total, path) => add(total, sum(mul(a[path], b[path]))), constant(0))

/** From xₖ, the point looked at before and yₖ, to yₖ₊₁ and a step from there. */
const accelerate = (restart: 'gradient' | 'never'): GradientTransform =>
  gradientTransform(spec('accelerate', { restart }), (place) => (delta, weights, learningRate, gradientAt = () => delta) => {
    const x = mapByPath(delta, (_, path) => weights[path].value)
    const minus = (a: ByPath<Expr>, b: ByPath<Expr>): ByPath<Expr> => mapByPath(a, (each, path) => sub(each, b[path]))
    const last = (name: string): ByPath<Expr> => mapByPath(x, ({ shape }, path) => variable(joinPath(place, name, path), shape))
    const moved = minus(x, last('before'))
    const against = greater(inner(minus(last('from'), x), moved), 0)
    const gathered = (t: Expr): Expr => (restart === 'never' ? t : select(against, 0, t))
    const t = slot(joinPath(place, 't'), [], (was) => div(add(1, sqrt(add(1, mul(4, gathered(was), gathered(was))))), 2))
    const part = div(max(sub(gathered(variable(joinPath(place, 't'), [])), 1), 0), t.now)
    const ahead = mapByPath(moved, (d) => mul(part, d))
    const y = mapByPath(x, (each, path) => add(each, ahead[path]))
    const { delta: down, pace = {} } = descend.update('')(gradientAt(y), weights, learningRate)
    return {
      delta: mapByPath(x, (_, path) => add(ahead[path], down[path])),
      slots: { ...t.slots, ...remember(place, 'before', x, (_, now) => now).slots, ...remember(place, 'from', y, (_, now) => now).slots },
      pace: mapByPath(x, (_, path) => pace[path])
    }
  }, schemes.includes(restart) ? [] : [issue('restart', restart, `one of ${schemes.join(', ')}`)])

/**
 * FISTA: with tₖ₊₁ = (1 + √(1 + 4tₖ²))/2, t₁ = 1, and y₁ = x₀,
 * yₖ₊₁ = xₖ + (tₖ − 1)/tₖ₊₁·(xₖ − xₖ₋₁); xₖ₊₁ = prox(yₖ₊₁ − η·∇f(yₖ₊₁)), where prox is that of `exact` penalties, by a step of η.
 * The parameters of a state are the xₖ, whose zeros are exact. Without exact penalties it is Nesterov's accelerated gradient. It wants the
 * whole data in each batch, and η ≤ 1/L, L the largest curvature of f; then F(xₖ) − F(x*) ≤ 2‖x₀ − x*‖²/(η(k + 1)²) without restarts.
 *
 * Defaults: restarts by the gradient scheme, which brings what is well curved to rest at the rate of the best fixed momentum without
 * knowing the curvature. It asks for the gradient at y, so that a transformation before it (`before`, `clip…`) changes nothing.
 * Errors: η < 0 or not finite, another scheme. Beck & Teboulle 2009; O'Donoghue & Candès 2015. Plain proximal gradient is `sgd`, proximal
 * Adam is `adam`, with `exact` penalties. Laws: `fistaLaws`, `exactLaws`, `optimizerLaws`.
 * @example
 * ```ts
 * import { fista } from 'tikhonov/optimizers'
 * fista(0.1).spec // => { kind: 'fista', options: { learningRate: 0.1, restart: 'gradient' } }
 * ```
 */
export const fista = (learningRate: LearningRate = 0.01, { restart = 'gradient' }: FistaOptions = {}): Optimizer =>
  optimizer('fista', learningRate, { restart }, accelerate(restart))
