/** Laws of randomness that is a function of its address. */
import fc from 'fast-check'
import { div, erf, evaluate, mul, variable, type Expr } from 'tikhonov/expr'
import { truncatedDeviation, type Address, type Draws } from 'tikhonov/random'
import { name, path, position, rate, seed as seeds, split } from './arbitraries/index.js'
import {
  about, atMost, bernstein, distribution, every, hoeffding, law, normalMean, normalVariance, same, suite, type Outcome, type Suite
} from './kit/index.js'

/** Two 32-bit words. */
export type Words = readonly [number, number]

/** A keyed function of a counter: `block(key, counter)`. */
export type Block = (key: Words, counter: Words) => Words

/** How likely a correct subject is to fail a statistical law, once: below it nothing is ever seen to happen. */
const chance = 1e-12

const words = (): fc.Arbitrary<Words> => fc.tuple(seeds(), seeds())

/** The 128 neighbours of a key and a counter, each with one bit flipped. */
const neighbours = (key: Words, counter: Words): readonly (readonly [Words, Words])[] =>
  Array.from({ length: 128 }, (_, bit) => {
    const flip = (at: number, word: number) => (bit >> 5 === at ? (word ^ (1 << (bit & 31))) >>> 0 : word)
    return [[flip(0, key[0]), flip(1, key[1])], [flip(2, counter[0]), flip(3, counter[1])]]
  })

const isWord = (x: number): boolean => x >>> 0 === x

/**
 * What a keyed block function obeys: it is a function, of words to words, injective in the counter under each key; and every bit of key and
 * counter turns every bit of the block in half of the cases.
 *
 * @example
 * ```ts
 * import { blockLaws, check } from 'tikhonov/laws'
 * import { threefry2x32 } from 'tikhonov/random'
 * check(blockLaws(threefry2x32)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const blockLaws = (block: Block): Suite =>
  suite('block', block, [
    law('a block is its key and counter', 'T(k; c) = T(k; c)', [words(), words(), words()], (key, counter, other) => {
      const first = block(key, counter)
      const between = block(key, other)
      return every(same(block(key, counter), first), same(block(key, other), between))
    }),
    law('a block is two words', 'T(k; c) ∈ [0, 2³²)²', [words(), words()], (key, counter) => {
      const drawn = block(key, counter)
      return every(same(drawn.length, 2), ...drawn.map((word) => isWord(word) || `got ${word}, which is no word of 32 bits`))
    }),
    law('distinct counters, distinct blocks', 'c ≠ c′ ⇒ T(k; c) ≠ T(k; c′)', [words(), words()], (key, counter) => {
      const counters = [counter, ...neighbours(key, counter).slice(64).map(([, flipped]) => flipped)]
      return same(new Set(counters.map((c) => block(key, c).join())).size, counters.length)
    }),
    law('every bit counts', 'T(k; c) and T(k′; c′), one bit apart, agree in half of their bits', [words(), words()], (key, counter) => {
      const turned = Array.from({ length: 4 }, (_, i): Words => [counter[0], (counter[1] + 0x10000 * i) >>> 0]).flatMap((c) => {
        const [x, y] = block(key, c)
        return neighbours(key, c).map(([k, d]) => {
          const [u, v] = block(k, d)
          return [x ^ u, y ^ v] as const
        })
      })
      const often = (bit: number) => turned.filter((change) => (change[bit >> 5] >>> (bit & 31)) & 1).length / turned.length
      return every(...Array.from({ length: 64 }, (_, bit) =>
        about(`bit ${bit} of the block`, atMost(Math.abs(often(bit) - 0.5), hoeffding(turned.length, 1, chance / 64)))))
    })
  ])

/** Where a draw is evaluated. */
interface Moment { readonly seed: number; readonly step: number; readonly position: number }

const moment = (): fc.Arbitrary<Moment> => fc.record({ seed: seeds(), step: position(), position: position({ room: 2 ** 33 }) })

const addresses: readonly Address[] = ['perExample', 'perStep', 'initial']

const address = (): fc.Arbitrary<Address> => fc.constantFrom(...addresses)

const rowsOf = (values: readonly number[], rows: number): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, r) => values.slice((r * values.length) / rows, ((r + 1) * values.length) / rows))

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Φ, the distribution function of N(0, 1). */
const standardNormal = (x: readonly number[]): readonly number[] =>
  evaluate(div(erf(mul(variable('x', [x.length]), Math.SQRT1_2)), 2), { x }).map((half) => 0.5 + half)

/** sup |Fₙ − F| of a sample, given F at the sorted sample. */
const farthest = (cumulative: readonly number[]): number =>
  cumulative.reduce((worst, f, i) => Math.max(worst, f - i / cumulative.length, (i + 1) / cumulative.length - f), 0)

/**
 * Whether a sample is distributed as F says, within the bound of Dvoretzky, Kiefer & Wolfowitz: no correct sample of its size is farther
 * from F with more than the stated probability.
 *
 * @example
 * ```ts
 * import { distributed } from 'tikhonov/laws'
 * const evenly = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000)
 * distributed(evenly, (sorted) => sorted, 1e-9) // => true
 * ```
 */
export const distributed = (
  sample: readonly number[], cumulative: (sorted: readonly number[]) => readonly number[], errorProbability: number
): Outcome =>
  about('the distance of the distributions',
    atMost(farthest(cumulative(sample.toSorted((a, b) => a - b))), distribution(sample.length, errorProbability)))

/**
 * Whether a sample is one of N(mean, deviation²), by its distribution.
 *
 * @example
 * ```ts
 * import { normallyDistributed } from 'tikhonov/laws'
 * const ramp = Array.from({ length: 1000 }, (_, i) => i / 1000)
 * normallyDistributed(ramp, 0, 1, 1e-9) === true // => false
 * ```
 */
export const normallyDistributed = (sample: readonly number[], centre: number, deviation: number, errorProbability: number): Outcome =>
  distributed(sample, (sorted) => standardNormal(sorted.map((x) => (x - centre) / deviation)), errorProbability)

/** Two elements next to each other in the sample, uniform on (0, 1), are uncorrelated. */
const uncorrelated = (pairs: readonly (readonly [number, number])[]): Outcome =>
  atMost(Math.abs(mean(pairs.map(([u, v]) => (u - 0.5) * (v - 0.5)))), hoeffding(pairs.length, 0.5, chance))

/**
 * What named draws at an address obey: a draw is a function of seed, purpose and place, and of nothing else; a longer draw begins with the
 * shorter one; a batch may be cut anywhere; distinct purposes, places and seeds give distinct draws; each distribution is the one it is
 * called. Statistical laws fail for correct draws with probability below 10⁻¹⁰ a run.
 *
 * @example
 * ```ts
 * import { check, randomLaws } from 'tikhonov/laws'
 * import { draws } from 'tikhonov/random'
 * check(randomLaws(draws)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const randomLaws = (draws: (address: Address, path: string) => Draws): Suite => {
  const value = (e: Expr, at: Moment): readonly number[] => evaluate(e, {}, at)
  const bits = (of: Address, where: string, shape: readonly number[], at: Moment) => value(draws(of, where).bits('u', shape), at)
  const n = 2048
  const sample = (e: (of: Draws) => Expr, where: string, at: Moment) => value(e(draws('perExample', where)), at)
  const often = { mostRuns: 3 }
  return suite('random', draws, [
    law('bits are whole numbers below 2²⁴', 'bits ∈ {0, …, 2²⁴ − 1}', [address(), path(), moment()], (of, where, at) => {
      const odd = bits(of, where, [5, 3], at).find((x) => !(Number.isInteger(x) && x >= 0 && x < 2 ** 24))
      return odd === undefined || `got ${odd}`
    }),
    law('a draw is its address', 'bits(address) = bits(address)', [address(), path(), moment(), moment()], (of, where, at, other) => {
      const first = bits(of, where, [3, 3], at)
      const between = bits(of, where, [3, 3], other)
      return every(same(bits(of, where, [3, 3], at), first), same(bits(of, where, [3, 3], other), between))
    }),
    law('a draw belongs to its place', 'an example’s to its position, a step’s to the step, an initial one to the seed',
      [path(), moment(), moment()], (where, at, other) => every(
        about('perExample', same(bits('perExample', where, [3, 3], { ...at, step: other.step }), bits('perExample', where, [3, 3], at))),
        about('perStep', same(bits('perStep', where, [3, 3], { ...at, position: other.position }), bits('perStep', where, [3, 3], at))),
        about('initial', same(bits('initial', where, [3, 3], { ...other, seed: at.seed }), bits('initial', where, [3, 3], at)))
      )),
    law('a longer draw begins with the shorter', 'bits(n) is a prefix of bits(n + m)', [address(), path(), moment(), fc.nat(9), fc.nat(9)],
      (of, where, at, few, more) => {
        const rows = of === 'perExample' ? 3 : 1
        const [short, long] = [few, few + more].map((size) => rowsOf(bits(of, where, [rows, size], at), rows))
        return every(...short.map((row, r) => about(`row ${r}`, same(long[r].slice(0, few), row))))
      }),
    law('a batch may be cut anywhere', 'bits(a + b rows; p) = bits(a rows; p) ++ bits(b rows; p + a)', [path(), moment(), split(7)],
      (where, at, parts) => {
        const starts = parts.map((_, i) => parts.slice(0, i).reduce((a, b) => a + b, 0))
        const apart = parts.flatMap((rows, i) => bits('perExample', where, [rows, 3], { ...at, position: at.position + starts[i] }))
        return same(bits('perExample', where, [7, 3], at), apart)
      }),
    law('distinct places, distinct draws', 'p ≠ p′ ⇒ bits(p) ≠ bits(p′)', [path(), moment(), fc.nat(31)], (where, at, power) => {
      const steps = [1, 2 ** power, 2 ** 32]
      const of = (distance: number) => bits('perExample', where, [1, 8], { ...at, position: at.position + distance }).join()
      const step = at.step % 2 ** 50
      const ofStep = (distance: number) => bits('perStep', where, [8], { ...at, step: step + distance }).join()
      return every(...steps.map((d) => about(`${d} apart`, of(d) !== of(0) && ofStep(d) !== ofStep(0))))
    }),
    law('distinct purposes, distinct draws', 'address ≠ address′ or path ≠ path′ or name ≠ name′ ⇒ bits ≠ bits′',
      [path(), name(), name(), moment()], (where, first, second, at) => {
        fc.pre(first !== second)
        const drawn = [
          ...addresses.map((of) => value(draws(of, where).bits(first, [1, 8]), { ...at, step: 0, position: 0 })),
          value(draws('perExample', where).bits(second, [1, 8]), { ...at, step: 0, position: 0 }),
          value(draws('perExample', `${where}/x`).bits(first, [1, 8]), { ...at, step: 0, position: 0 })
        ]
        return same(new Set(drawn.map((x) => x.join())).size, drawn.length)
      }),
    law('distinct seeds, distinct draws', 's ≠ s′ ⇒ bits(s) ≠ bits(s′)', [address(), path(), moment(), fc.nat(31)], (of, where, at, bit) =>
      bits(of, where, [1, 8], at).join() !== bits(of, where, [1, 8], { ...at, seed: (at.seed ^ (1 << bit)) >>> 0 }).join()),
    law('uniform draws are uniform', 'P(u ≤ t) = t', [path(), moment()], (where, at) => {
      const u = sample((of) => of.uniform('u', [64, n / 64]), where, at)
      return every(u.every((x) => x > 0 && x < 1) || 'a draw outside (0, 1)', distributed(u, (sorted) => sorted, chance))
    }, often),
    law('draws are uncorrelated', 'E[(u − ½)(u′ − ½)] = 0 for neighbours in a row and in a column', [path(), moment()], (where, at) => {
      const u = rowsOf(sample((of) => of.uniform('u', [64, n / 64]), where, at), 64)
      return every(
        about('in a row', uncorrelated(u.flatMap((row) => row.flatMap((x, i) => (i % 2 === 0 ? [[x, row[i + 1]] as const] : []))))),
        about('in a column', uncorrelated(u.flatMap((row, r) => (r % 2 === 0 ? row.map((x, i) => [x, u[r + 1][i]] as const) : []))))
      )
    }, often),
    law('bernoulli draws 0 at the rate', 'P(m = 0) = rate, m ∈ {0, 1}', [path(), moment(), rate()], (where, at, p) => {
      const m = sample((of) => of.bernoulli('m', p, [64, n / 64]), where, at)
      const zeros = m.filter((x) => x === 0).length
      return every(
        m.every((x) => x === 0 || x === 1) || 'a draw that is neither 0 nor 1',
        p > 0 || about('at rate 0', same(zeros, 0)),
        atMost(Math.abs(zeros / n - p), bernstein(n, p * (1 - p), Math.max(p, 1 - p), chance))
      )
    }, { mostRuns: 10 }),
    law('a higher rate drops more of the same', 'rate ≤ rate′ ⇒ m ≥ m′', [path(), moment(), rate(), rate()], (where, at, p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)].map((r) => sample((of) => of.bernoulli('m', r, [8, 16]), where, at))
      return low.every((m, i) => m >= high[i])
    }),
    law('normal draws are normal', 'P(x ≤ t) = Φ(t)', [path(), moment()], (where, at) => {
      const x = sample((of) => of.normal('x', [64, n / 64]), where, at)
      return every(
        about('the mean', atMost(Math.abs(mean(x)), normalMean(n, 1, chance))),
        about('the variance', atMost(Math.abs(mean(x.map((v) => v * v)) - 1), normalVariance(n, 1, chance))),
        normallyDistributed(x, 0, 1, chance)
      )
    }, often),
    law('truncated normal draws lie within ±2', 'P(x ≤ t) = (Φ(t) − Φ(−2))/(Φ(2) − Φ(−2))', [path(), moment()], (where, at) => {
      const x = sample((of) => of.truncatedNormal('x', [64, n / 64]), where, at)
      const [low, high] = standardNormal([-2, 2])
      const variance = truncatedDeviation ** 2
      return every(
        x.every((v) => Math.abs(v) <= 2) || 'a draw outside ±2',
        about('the mean', atMost(Math.abs(mean(x)), bernstein(n, variance, 2, chance))),
        about('the variance', atMost(Math.abs(mean(x.map((v) => v * v)) - variance), bernstein(n, 4 * variance, 4, chance))),
        distributed(x, (sorted) => standardNormal(sorted).map((f) => (f - low) / (high - low)), chance)
      )
    }, often)
  ])
}
