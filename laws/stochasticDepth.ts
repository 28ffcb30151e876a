/** Laws of stochastic depth. */
import fc from 'fast-check'
import { add, evaluate, pullback, variable } from 'tikhonov/expr'
import { run, same as sameRule, spec, wrapper, type Layer } from 'tikhonov/layer'
import { dense, tanh } from 'tikhonov/layers'
import { asleepLaws, awake, givenTo, madeOf, type AwakeTrial } from './awake.js'
import { about, atMost, bernstein, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import { layerLaws } from './layer.js'
import { column, eachUnit, mean, moment, numbers, repeated, sample, values, type Moment } from './perturbation.js'

/** A residual branch that examples skip at a rate. */
export type StochasticDepth = (rate: number, ...layers: readonly Layer[]) => Layer

const width = 3
const branch = dense(width, { activation: tanh })
const linear = dense(width, { useBias: false })
const rates = [0.2, 0.8]

/** x + f(x). */
const plain = wrapper({
  spec: spec('plain'), rule: sameRule,
  apply: (scope) => (x) => {
    const output = run([branch])(scope)(x)
    return { ...output, y: add(x, output.y) }
  }
})

/**
 * What stochastic depth obeys, tried on `dense(3, tanh)`: inference and rate 0 are x + f(x); in training an example skips f wholly or not
 * at all, with the scale 1/(1 − rate); it skips at the rate; the mean of training is inference; the gradient has the forward's decision;
 * layers that change the shape are refused.
 *
 * @example
 * ```ts
 * import { stochasticDepth } from 'tikhonov/dropout'
 * import { check, stochasticDepthLaws } from 'tikhonov/laws'
 * const laws = stochasticDepthLaws((rate, ...layers) => stochasticDepth(rate, ...layers))
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const stochasticDepthLaws = (make: StochasticDepth): Suite => {
  const trial: AwakeTrial = { input: [width], accepted: [0.5, 0, 0.2, 0.9], refused: [-0.1, 1, 1.5, Number.NaN] }
  const family = (rate: number) => make(rate, branch)
  const { chance, examples: many, options: often } = sample
  const f = (x: readonly number[]) => madeOf(branch, [width], x)
  /** What is added to each value of each of many equal examples. */
  const added = (rate: number, x: readonly number[], rows: number, at: Moment) =>
    madeOf(family(rate), [width], repeated(x, rows), at).map((v, i) => v - x[i % width])
  return suite('stochastic depth', make, [
    law('all or nothing', 'y − x ∈ {0, f(x)/(1 − rate)} as a whole, both occur', [values(width), moment(), fc.constantFrom(...rates)],
      (x, at, rate) => {
        const [out, fx] = [added(rate, x, 256, at), f(x)]
        const close = { absolute: 1e-12 }
        const row = (r: number) => out.slice(r * width, (r + 1) * width)
        const fates = Array.from({ length: 256 }, (_, r) =>
          near(row(r), fx.map(() => 0), close) === true ? 'skipped'
          : near(row(r), fx.map((v) => v / (1 - rate)), close) === true ? 'taken' : `half: ${row(r).join()}`)
        return every(
          fates.find((fate) => fate.startsWith('half')) ?? true,
          fates.includes('skipped') || `nothing is skipped at rate ${rate}`,
          fates.includes('taken') || `everything is skipped at rate ${rate}`
        )
      }, { mostRuns: 20 }),
    law('an example skips at the rate', 'P(y = x) = rate', [values(width), moment()], (x, at) => every(...rates.map((rate) => {
      const skipped = column(added(rate, x, many, at), 0, width).map((v) => (Math.abs(v) < 1e-12 ? 1 : 0))
      return about(`rate ${rate}`, atMost(Math.abs(mean(skipped) - rate), hoeffding(many, 1, chance)))
    })), often),
    law('training is inference in the mean', 'E[train(x)] = infer(x) at rate .2 as at .8', [values(width), moment()], (x, at) =>
      every(...rates.map((rate) => {
        const [out, odds] = [added(rate, x, many, at), rate / (1 - rate)]
        const rest = madeOf(family(rate), [width], x, at, 'Infer').map((v, i) => v - x[i])
        const fx = f(x)
        return about(`rate ${rate}`, eachUnit(width, (i) => atMost(
          Math.abs(mean(column(out, i, width)) - rest[i]),
          bernstein(many, odds * fx[i] ** 2, Math.max(1, odds) * Math.abs(fx[i]), chance / width)
        )))
      })), often),
    law('the pullback uses the forward’s decision', 'f linear: ∂x = dy + s·fᵀ(dy), s that of y = x + s·f(x)',
      [values(4 * width), numbers(4 * width), moment()], (x, dy, at) => {
        const { y, parameters } = awake(make(0.5, linear), [width], 4)
        const given = { ...givenTo(parameters), x, dy }
        const [dx] = pullback(y, variable('dy', [4, width]), [variable('x', [4, width])])
        const out = evaluate(y, given, at)
        const [w] = Object.values(givenTo(parameters))
        const scale = Array.from({ length: 4 }, (_, r) => {
          const fx = madeOf(linear, [width], x.slice(r * width, (r + 1) * width))
          const i = fx.findIndex((v) => Math.abs(v) > 0.1)
          return i < 0 ? 0 : (out[r * width + i] - x[r * width + i]) / fx[i]
        })
        const back = (r: number, i: number) => [0, 1, 2].reduce((s, j) => s + dy[r * width + j] * w[i * width + j], 0)
        const wanted = x.map((_, k) => dy[k] + scale[Math.floor(k / width)] * back(Math.floor(k / width), k % width))
        return near(evaluate(dx, given, at), wanted, { absolute: 1e-10, relative: 1e-10 })
      }, { mostRuns: 20 }),
    law('layers that change the shape are refused', 'f(x) of another shape ⇒ an issue, also of the size 1', [], () => every(
      ...[1, width + 1].map((units) => awake(make(0.5, dense(units)), [width], 2).issues.length > 0 || `${units} units were not refused`)
    ))
  ], [asleepLaws(family, plain, trial), layerLaws(family(0.5), { input: [width] })])
}
