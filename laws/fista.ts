/** Laws of the accelerated proximal gradient method. */
import fc from 'fast-check'
import { exact } from 'tikhonov/regularizers'
import { dyadic } from './arbitraries/index.js'
import { about, atMost, every, law, near, suite, type Suite } from './kit/index.js'
import { fitting, slopeOf } from './linearFit.js'
import type { ByRate } from './optimizers.js'

type Numbers = readonly number[]

/** A fit of badly conditioned curvature, 2/3·s² for s = 1, 1/4, 1/16, that falls apart into three: its solution is known. */
const scales: Numbers = [1, 0.25, 0.0625]
const rows = scales.map((s, i) => scales.map((_, j) => (i === j ? s : 0)))
const eta = 1.5

const soft = (t: number) => (x: number): number => Math.sign(x) * Math.max(Math.abs(x) - t, 0)
const square = (v: Numbers): number => v.reduce((sum, x) => sum + x * x, 0)
const minus = (a: Numbers, b: Numbers): Numbers => a.map((x, i) => x - b[i])

const objective = (lambda: number, w: Numbers, y: Numbers): number =>
  square(minus(scales.map((s, i) => s * w[i]), y)) / 3 + lambda * w.reduce((sum, x) => sum + Math.abs(x), 0)

const solution = (lambda: number, y: Numbers): Numbers => scales.map((s, i) => soft((1.5 * lambda) / s ** 2)(y[i] / s))

interface Iterate { readonly x: Numbers; readonly before: Numbers; readonly y: Numbers; readonly t: number }

/** The method as Beck & Teboulle write it, with the gradient scheme of O'Donoghue & Candès. */
const iterated = (lambda: number, from: Numbers, wanted: Numbers, steps: number, restarts: boolean): readonly Numbers[] =>
  Array.from({ length: steps }).reduce<readonly Iterate[]>((done) => {
    const { x: was, y, t } = done[done.length - 1]
    const g = slopeOf(rows)(y, wanted)
    const x = minus(y, g.map((each) => eta * each)).map(soft(eta * lambda))
    const step = minus(x, was)
    const again = restarts && minus(y, x).reduce((sum, each, i) => sum + each * step[i], 0) > 0
    const next = again ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2
    return [...done, { x, before: was, t: next, y: again ? x : x.map((each, i) => each + ((t - 1) / next) * step[i]) }]
  }, [{ x: from, before: from, y: from, t: 1 }]).map(({ x }) => x)

const course = (make: ByRate) => {
  const fit = fitting(rows, make, exact)
  return (lambda: number, from: Numbers, y: Numbers, steps: readonly number[]): readonly Numbers[] =>
    steps.map((n) => fit(lambda, eta, from, y, n).w)
}

const three = fc.tuple(dyadic(), dyadic(), dyadic())
const lambdas = fc.constantFrom(0, 2 ** -8, 2 ** -5, 2 ** -2)
type Three = [number, number, number]
/** Far off where the curvature is small: momentum is all there is. */
const corners: [number, Three, Three][] = [[0, [0, 0, 4], [0, 0, 0]], [0, [0, 4, 0], [0, 0, 0]]]

/**
 * The law of acceleration: with steps of η = 1/L, L the largest curvature, F(xₖ) − F(x*) ≤ 2‖x₀ − x*‖²/(η(k + 1)²), F a badly conditioned
 * mean square plus λ‖w‖₁. Plain proximal gradient steps break it. Beck & Teboulle 2009, theorem 4.4.
 * @example
 * ```ts
 * import { acceleratedLaws, check } from 'tikhonov/laws'
 * import { fista, sgd } from 'tikhonov/optimizers'
 * check(acceleratedLaws((rate) => fista(rate, { restart: 'never' }))).map((verdict) => verdict._tag) // => ['Passed']
 * check(acceleratedLaws(sgd)).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const acceleratedLaws = (make: ByRate): Suite => {
  const reach = course(make)
  return suite('accelerated', make, [
    law('converges as 1/k²', 'F(xₖ) − F(x*) ≤ 2‖x₀ − x*‖²/(η(k + 1)²)', [lambdas, three, three], (lambda, from, y) => {
      const best = solution(lambda, y)
      const least = objective(lambda, best, y)
      const counts = [1, 2, 5, 20, 60, 150]
      return every(...reach(lambda, from, y, counts).map((x, i) => about(`after ${counts[i]} steps`, atMost(
        objective(lambda, x, y) - least, (2 * square(minus(from, best))) / (eta * (counts[i] + 1) ** 2) + 1e-13 * (1 + least)))))
    }, { mostRuns: 5, corners })
  ], [], {})
}

/**
 * The laws of FISTA: with and without restarts its iterates are those of the paper's recursion, written apart; without, it is accelerated.
 * Parent: `acceleratedLaws`.
 * @example
 * ```ts
 * import { check, fistaLaws } from 'tikhonov/laws'
 * import { fista } from 'tikhonov/optimizers'
 * check(fistaLaws(fista)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const fistaLaws = (
  make: (rate: Parameters<ByRate>[0], options: { readonly restart: 'gradient' | 'never' }) => ReturnType<ByRate>
): Suite => {
  const plain: ByRate = (rate) => make(rate, { restart: 'never' })
  const both = [course((rate) => make(rate, { restart: 'gradient' })), course(plain)]
  const [restarted, never] = ([true, false] as const).map((restarts, i) =>
    law(restarts ? 'restarts' : 'accelerates', `xₖ is that of the paper, ${restarts ? 'with' : 'without'} restarts`,
      [lambdas, three, three], (lambda, from, y) => {
        const counts = [1, 2, 3, 4, 10, 40]
        const expected = iterated(lambda, from, y, 40, restarts)
        return every(...both[i](lambda, from, y, counts).map((x, j) =>
          about(`after ${counts[j]} steps`, near(x, expected[counts[j]], { relative: 1e-9, absolute: 1e-9 }))))
      }, { mostRuns: 5, corners }))
  return suite('fista', make, [restarted, never], [acceleratedLaws(plain)])
}
