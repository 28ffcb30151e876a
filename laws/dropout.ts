/** Laws of dropout. */
import fc from 'fast-check'
import { div, evaluate, matmul, mul, reshape, sub, sum, variable, type Shape } from 'tikhonov/expr'
import type { Mode } from 'tikhonov/layer'
import { draws } from 'tikhonov/random'
import { about, atMost, bernstein, every, hoeffding, law, near, suite, type Suite } from './kit/index.js'
import {
  column, eachUnit, inferred, mean, moment, numbers, ones, perturbationLaws, repeated, sample, sizeOf, trained, values,
  type Moment, type Perturbation
} from './perturbation.js'

const { chance, examples: many, options: often } = sample

/** How dropout is tried: the shape of one example (default [6]) and its axes along which one decision is shared (default none). */
export interface DropoutTrial {
  readonly input?: Shape
  readonly shared?: readonly number[]
}

const rates = [0.2, 0.8]

/** All masks of d values. */
const masks = (d: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** d }, (_, bits) => Array.from({ length: d }, (__, j) => (bits >> j) & 1))

/** Training in which a layer's `bernoulli` draws are the variable `mask`; its rate is told to `heard`. */
export const givenMask = (rows: number): Mode => {
  const own = draws('perExample', 'given')
  return {
    _tag: 'Train',
    present: ones(rows),
    random: { perExample: { ...own, bernoulli: (_, __, shape) => variable('mask', shape) }, perStep: draws('perStep', 'given') }
  }
}

/** The unit that decides for a unit of an example where some axes share a decision: the first along those axes. */
export const decider = (input: Shape, shared: readonly number[]) => (unit: number): number =>
  input.reduce((at, d, axis) => {
    const stride = sizeOf(input.slice(axis + 1))
    return at + (shared.includes(axis) ? 0 : (Math.floor(unit / stride) % d) * stride)
  }, 0)

/**
 * What dropout obeys beside `perturbationLaws` (levels are rates): a value is 0 or x/(1 − rate); the mean of training is inference, at rate
 * .2 as at .8; every unit is dropped at the rate, each pair of decisions independently; axes that share a decision share it; and in linear
 * regression its expectation is ridge, with masks drawn by `bernoulli` enumerated.
 *
 * @example
 * ```ts
 * import { dropout } from 'tikhonov/dropout'
 * import { check, dropoutLaws } from 'tikhonov/laws'
 * check(dropoutLaws((rate) => dropout(rate))).every((verdict) => verdict._tag === 'Passed') // => true
 * const channels = dropoutLaws((rate) => dropout(rate, { noiseShape: [1, 1, 3] }), { input: [2, 2, 3], shared: [0, 1] })
 * check(channels).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const dropoutLaws = (make: Perturbation, { input = [6], shared = [] }: DropoutTrial = {}): Suite => {
  const size = sizeOf(input)
  const decides = decider(input, shared)
  const deciders = [...new Set(Array.from({ length: size }, (_, unit) => decides(unit)))]
  const y = (rate: number, x: readonly number[], at: Moment) => trained(make(rate), input, x, at)

  const support = law('a value is dropped or scaled', 'y ∈ {0, x/(1 − rate)}, both occur',
    [values(size), moment(), fc.constantFrom(...rates)], (x, at, rate) => {
      const out = y(rate, repeated(x, 256), at)
      const odd = out.findIndex((v, i) => v !== 0 && near(v, x[i % size] / (1 - rate), { relative: 1e-12 }) !== true)
      return every(
        odd < 0 || `got ${out[odd]} for ${x[odd % size]} at rate ${rate}`,
        out.some((v) => v === 0) || `nothing is dropped at rate ${rate}`,
        out.some((v) => v !== 0) || `everything is dropped at rate ${rate}`
      )
    }, { mostRuns: 20 })

  const expectation = law('training is inference in the mean', 'E[train(x)] = infer(x) at rate .2 as at .8', [values(size), moment()],
    (x, at) => every(...rates.map((rate) => {
      const wanted = inferred(make(rate), input, x, at)
      const out = y(rate, repeated(x, many), at)
      const odds = rate / (1 - rate)
      return about(`rate ${rate}`, eachUnit(size, (unit) => atMost(
        Math.abs(mean(column(out, unit, size)) - wanted[unit]),
        bernstein(many, odds * x[unit] ** 2, Math.max(1, odds) * x[unit], chance / size)
      )))
    })), often)

  const uniform = law('every unit is dropped at the rate', 'P(yⱼ = 0) = rate for every j', [values(size), moment()], (x, at) =>
    every(...rates.map((rate) => {
      const out = y(rate, repeated(x, many), at)
      return about(`rate ${rate}`, eachUnit(size, (unit) => atMost(
        Math.abs(mean(column(out, unit, size).map((v) => (v === 0 ? 1 : 0))) - rate), hoeffding(many, 1, chance / size)
      )))
    })), often)

  const independent = law('decisions are independent', 'P(yⱼ = 0, yₖ = 0) = rate²', [values(size), moment()], (x, at) => {
    const rate = 0.5
    const out = y(rate, repeated(x, many), at)
    const dropped = deciders.map((unit) => column(out, unit, size).map((v) => (v === 0 ? 1 : 0)))
    const pairs = dropped.flatMap((a, j) =>
      dropped.slice(0, j).map((b, k) => [deciders[j], deciders[k], mean(a.map((v, i) => v * b[i]))] as const))
    return every(...pairs.map(([j, k, both]) =>
      about(`units ${k} and ${j}`, atMost(Math.abs(both - rate ** 2), hoeffding(many, 1, chance / pairs.length)))))
  }, often)

  const sharing = law('shared axes share a decision', 'yⱼ = 0 ⇔ yₖ = 0 for j, k along a shared axis', [values(size), moment()], (x, at) => {
    const out = y(0.5, repeated(x, 64), at)
    const odd = out.findIndex((v, i) => (v === 0) !== (out[i - (i % size) + decides(i % size)] === 0))
    return odd < 0 || `unit ${odd % size} of example ${Math.floor(odd / size)} goes its own way`
  }, { mostRuns: 20 })

  const ridge = law('dropout in linear regression is ridge',
    'E_m[mean (t − w·y)²] = mean (t − w·x)² + Σⱼ rate/(1 − rate)·mean(xⱼ²)·wⱼ²',
    [numbers(3 * 4), numbers(4), numbers(3), fc.constantFrom(...rates)], (x, w, t, rate) => {
      const d = w.length
      const each = masks(d)
      const rows = t.length * each.length
      const out = make(rate).apply({ path: 'given', mode: givenMask(rows) })(variable('x', [rows, d])).y
      const error = sub(variable('t', [rows]), reshape(matmul(out, variable('w', [d, 1])), [rows]))
      const expected = div(sum(mul(variable('p', [rows]), mul(error, error))), t.length)
      const plain = mean(t.map((wanted, i) => (wanted - w.reduce((total, wj, j) => total + wj * x[i * d + j], 0)) ** 2))
      const penalty = w.reduce((total, wj, j) => total + mean(t.map((_, i) => x[i * d + j] ** 2)) * wj ** 2, 0)
      const found = evaluate(expected, {
        w,
        x: t.flatMap((_, i) => repeated(x.slice(i * d, (i + 1) * d), each.length)),
        t: t.flatMap((wanted) => repeated([wanted], each.length)),
        mask: t.flatMap(() => each.flat()),
        p: t.flatMap(() => each.map((m) => m.reduce((p, keep) => p * (keep === 1 ? 1 - rate : rate), 1)))
      })
      return near(found[0], plain + (rate / (1 - rate)) * penalty, { relative: 1e-12, absolute: 1e-12 })
    })

  return suite('dropout', make, [support, expectation, uniform, independent, shared.length === 0 ? ridge : sharing], [
    perturbationLaws(make, { input, accepted: [0.5, 0, 0.2, 0.999], refused: [-0.1, 1, 1.5, Number.NaN] })
  ])
}
