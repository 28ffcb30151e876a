/** Laws of multiples of penalties, in their readings. */
import fc from 'fast-check'
import { exact, type Bounded, type Operator, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import { several, slack } from './functional.js'
import { law, near, suite, type Law, type Suite } from './kit/index.js'
import { prepared } from './prepared.js'
import type { PenaltyTrial } from './regularizers.js'

/** A penalty with some of the readings there are. */
type Readings = Regularizer & Partial<Proximal & Bounded>

/** What gives s·R, with the readings of R. */
export type Scaling = <R extends Readings>(factor: number, penalty: R) => R

const factors = (): fc.Arbitrary<number> => fc.constantFrom(0, 0.25, 1, 3)
const amounts = (): fc.Arbitrary<number> => fc.constantFrom(0, 0.375, 1, 4)

/**
 * What the readings of s·R obey, those that R has: a step of t under s·R is one of s·t under R, where training asks for it exactly too;
 * {u: s·R(u) ≤ c} is {u: R(u) ≤ c/s}, all there is for s = 0.
 * @example
 * ```ts
 * import { check, scaledLaws } from 'tikhonov/laws'
 * import { l1, scale } from 'tikhonov/regularizers'
 * check(scaledLaws(scale, l1(0.5))).every((verdict) => verdict._tag === 'Passed') // => true
 * check(scaledLaws((_, r) => r, l1(0.5))).map((verdict) => verdict._tag) // => ['Failed', 'Failed', 'Failed']
 * ```
 */
export const scaledLaws = (scale: Scaling, penalty: Readings, { weights = several }: PenaltyTrial = {}): Suite => {
  /** That what an operator of s·R does by an amount, that of R does by another. */
  const does = (
    name: string, equation: string, of: (s: number) => Operator, plain: Operator, amountOf: (s: number, amount: number) => number
  ): Law => {
    const [scaled, bare] = [
      prepared<readonly [number, number]>((w, [s, amount]) => of(s)(amount)(w)), prepared<number>((w, amount) => plain(amount)(w))
    ]
    return law(name, equation, [factors(), amounts(), weights(1)], (s, amount, [w]) =>
      near(scaled(w, [s, amount]), bare(w, amountOf(s, amount)), { absolute: 8 * slack(w, ...w.data) }))
  }
  const by = (s: number, t: number): number => s * t
  const { proximal, elementwise, onto } = penalty
  return suite('scaled', penalty, [
    ...proximal === undefined || elementwise === undefined ? [] : [
      does('a step is scaled', 'prox of sR by t = prox of R by st', (s) => scale(s, { ...penalty, proximal, elementwise }).proximal,
        proximal, by),
      does('so is an exact one', 'prox of s·exact(R) by t = prox of R by st', (s) => (t) => (w) =>
        scale(s, exact({ ...penalty, proximal, elementwise })).exact.reduce((moved, each) => each.proximal(t)(moved), w), proximal, by)
    ],
    ...onto === undefined ? [] : [
      does('a bound is divided', '{sR ≤ c} = {R ≤ c/s}', (s) => scale(s, { ...penalty, onto }).onto, onto,
        (s, c) => (s === 0 ? Infinity : c / s))
    ]
  ])
}
