/** Laws of Gaussian noise and of alpha dropout. */
import fc from 'fast-check'
import { evaluate } from 'tikhonov/expr'
import { draws } from 'tikhonov/random'
import { decider, type DropoutTrial } from './dropout.js'
import { about, atMost, bernstein, every, law, near, normalMean, normalVariance, suite, type Outcome, type Suite } from './kit/index.js'
import {
  mean, moment, perturbationLaws, repeated, sample, sizeOf, trained, values,
  type Moment, type Perturbation, type PerturbationTrial
} from './perturbation.js'
import { normallyDistributed } from './random.js'

const { chance, examples: many, options: often } = sample

const rates = [0.2, 0.5, 0.8]

/** How noise is tried, beside what `perturbationLaws` asks: the variance that it states, of a value x at a level. */
export interface NoiseTrial extends PerturbationTrial {
  readonly variance: (x: number, level: number) => number
}

/**
 * What Gaussian noise obeys beside `perturbationLaws`: it keeps the mean, has the variance that it states, and is normal.
 *
 * @example
 * ```ts
 * import { gaussianDropout } from 'tikhonov/dropout'
 * import { check, noiseLaws } from 'tikhonov/laws'
 * const laws = noiseLaws((rate) => gaussianDropout(rate), {
 *   accepted: [0.5, 0, 0.9], refused: [-0.1, 1], variance: (x, rate) => x * x * rate / (1 - rate)
 * })
 * check(laws).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const noiseLaws = (make: Perturbation, trial: NoiseTrial): Suite => {
  const { input = [6], accepted, variance } = trial
  const size = sizeOf(input)
  const n = many * size
  const levels = accepted.filter((level) => level > 0)
  /** The noise of all units, each divided by the standard deviation that is stated for it. */
  const stated = (name: string, equation: string, said: (standard: readonly number[]) => Outcome) =>
    law(name, equation, [values(size), moment(), fc.constantFrom(...levels)], (x, at, level) => {
      const y = trained(make(level), input, repeated(x, many), at)
      return about(`level ${level}`, said(y.map((v, i) => (v - x[i % size]) / Math.sqrt(variance(x[i % size], level)))))
    }, often)
  return suite('noise', make, [
    stated('noise keeps the mean', 'E[train(x)] = x', (standard) => atMost(Math.abs(mean(standard)), normalMean(n, 1, chance))),
    stated('noise has its variance', 'Var[train(x)] = the variance stated', (standard) =>
      atMost(Math.abs(mean(standard.map((v) => v * v)) - 1), normalVariance(n, 1, chance))),
    stated('noise is normal', 'P(train(x) − x ≤ σt) = Φ(t)', (standard) => normallyDistributed(standard, 0, 1, chance))
  ], [perturbationLaws(make, trial)])
}

/** α′ = −λα of selu, from its own constants. */
const alphaPrime = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717

/** a and b of alpha dropout. */
const affine = (rate: number): readonly [number, number] => {
  const a = ((1 - rate) * (1 + rate * alphaPrime ** 2)) ** -0.5
  return [a, -a * rate * alphaPrime]
}

/**
 * What alpha dropout obeys beside `perturbationLaws` (levels are rates): a value is a·x + b or, dropped, a·α′ + b; an input of mean 0
 * and variance 1 keeps both; and axes that share a decision share it.
 *
 * @example
 * ```ts
 * import { alphaDropout } from 'tikhonov/dropout'
 * import { alphaDropoutLaws, check } from 'tikhonov/laws'
 * check(alphaDropoutLaws((rate) => alphaDropout(rate))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const alphaDropoutLaws = (make: Perturbation, { input = [6], shared = [] }: DropoutTrial = {}): Suite => {
  const size = sizeOf(input)
  const decides = decider(input, shared)
  const n = many * size
  // Each of n values is x ~ N(0, 1) where it is kept, so that Σmx is √n-sub-Gaussian and Σm(x² − 1) a χ² of at most n degrees, centred.
  const normal = (at: Moment) => evaluate(draws('initial', 'input').normal('x', [many, ...input]), {}, at)
  const decisions = many * sizeOf(input.filter((_, axis) => !shared.includes(axis)))
  const kept = (rate: number) => bernstein(decisions, rate * (1 - rate), Math.max(rate, 1 - rate), chance)
  return suite('alpha dropout', make, [
    law('a value is dropped to one value or scaled', 'y ∈ {a·x + b, a·α′ + b}, both occur',
      [values(size), moment(), fc.constantFrom(...rates)], (x, at, rate) => {
        const [a, b] = affine(rate)
        const is = (v: number, wanted: number) => near(v, wanted, { relative: 1e-12, absolute: 1e-12 }) === true
        const out = trained(make(rate), input, repeated(x, 256), at)
        const dropped = out.map((v) => is(v, a * alphaPrime + b))
        const odd = out.findIndex((v, i) => !dropped[i] && !is(v, a * x[i % size] + b))
        return every(
          odd < 0 || `got ${out[odd]} at rate ${rate}: neither ${a * x[odd % size] + b} nor ${a * alphaPrime + b}`,
          dropped.includes(true) || `nothing is dropped at rate ${rate}`,
          dropped.includes(false) || `everything is dropped at rate ${rate}`
        )
      }, { mostRuns: 20 }),
    law('mean 0 is kept', 'x ~ N(0, 1) ⇒ E[train(x)] = 0', [moment(), fc.constantFrom(...rates)], (at, rate) => {
      const [a] = affine(rate)
      const out = trained(make(rate), input, normal(at), at)
      return atMost(Math.abs(mean(out)), a * normalMean(n, 1, chance) + a * Math.abs(alphaPrime) * kept(rate))
    }, often),
    law('variance 1 is kept', 'x ~ N(0, 1) ⇒ E[train(x)²] = 1', [moment(), fc.constantFrom(...rates)], (at, rate) => {
      const [a, b] = affine(rate)
      const out = trained(make(rate), input, normal(at), at)
      const bound = a ** 2 * normalVariance(n, 1, chance) + 2 * Math.abs(a * b) * normalMean(n, 1, chance) +
        Math.abs(a ** 2 + b ** 2 - (a * alphaPrime + b) ** 2) * kept(rate)
      return atMost(Math.abs(mean(out.map((v) => v * v)) - 1), bound)
    }, often),
    ...(shared.length === 0 ? [] : [law('shared axes share an alpha decision', 'yⱼ dropped ⇔ yₖ dropped for j, k along a shared axis',
      [values(size), moment()], (x, at) => {
        const [a, b] = affine(0.5)
        const dropped = trained(make(0.5), input, repeated(x, 64), at).map((v) => Math.abs(v - (a * alphaPrime + b)) < 1e-9)
        const odd = dropped.findIndex((d, i) => d !== dropped[i - (i % size) + decides(i % size)])
        return odd < 0 || `unit ${odd % size} of example ${Math.floor(odd / size)} goes its own way`
      }, { mostRuns: 20 })])
  ], [perturbationLaws(make, { input, accepted: [0.5, 0, 0.2, 0.999], refused: [-0.1, 1, 1.5, Number.NaN] })])
}
