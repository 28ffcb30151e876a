import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { div, erf, evaluate, problems, type Run } from 'tikhonov/expr'
import { arbitrary, bind, randomLaws } from 'tikhonov/laws'
import { bits, draws, permutation, threefry2x32, word, type Address } from 'tikhonov/random'

type Moment = Omit<Run, 'values'>

const kinds: Readonly<Record<Address, number>> = { perExample: 0, perStep: 1, initial: 2 }

/** The address word by word: key = T(seed, word(purpose); ⌊place/2³²⌋, kind), element e = word e mod 2 of T(key; place, ⌊e/2⌋), ≫ 8. */
const drawn = (of: Address, purpose: string, place: number, e: number, seed: number): number => {
  const key = threefry2x32([seed, word(purpose)], [Math.floor(place / 2 ** 32), kinds[of]])
  return threefry2x32(key, [place % 2 ** 32, Math.floor(e / 2)])[e % 2] >>> 8
}

const expected = (of: Address, purpose: string, rows: number, size: number, { seed, step, position }: Moment): readonly number[] =>
  Array.from({ length: rows * size }, (_, i) => of === 'perExample'
    ? drawn(of, purpose, position + Math.floor(i / size), i % size, seed)
    : drawn(of, purpose, of === 'perStep' ? step : 0, i, seed))

const moment = fc.record({ seed: arbitrary.seed(), step: arbitrary.position(), position: arbitrary.position() })

describe('bits are at the address that the design states', () => {
  it.each(['perExample', 'perStep', 'initial'] as const)('%s', (of) => {
    fc.assert(fc.property(arbitrary.path(), fc.nat(5), fc.nat(7), moment, (purpose, rows, size, at) => {
      expect(evaluate(bits(of, purpose, [rows, size]), {}, at)).toEqual(expected(of, purpose, rows, size, at))
    }))
  })

  it('across 2³²: the high word of a position is part of the key', () => {
    for (const position of [2 ** 32 - 2, 2 ** 32, 2 ** 45 + 2 ** 32 - 1]) {
      const at = { seed: 5, step: 0, position }
      expect(evaluate(bits('perExample', 'mask', [4, 3]), {}, at)).toEqual(expected('perExample', 'mask', 4, 3, at))
    }
    const low = evaluate(bits('perExample', 'mask', [1, 4]), {}, { seed: 5, position: 7 })
    expect(evaluate(bits('perExample', 'mask', [1, 4]), {}, { seed: 5, position: 7 + 2 ** 32 })).not.toEqual(low)
  })

  // Computed by a second implementation of the definition, in Python, in whole numbers: what a checkpoint relies on may never change.
  it('for ever', () => {
    const at = { seed: 1, step: 2, position: 3 }
    expect(evaluate(bits('perExample', 'dropout/0/mask', [2, 3]), {}, at)).toEqual([9774351, 13696079, 8809017, 347884, 1744245, 16027844])
    expect(evaluate(bits('perStep', 'dropout/0/mask', [3]), {}, at)).toEqual([1592395, 959442, 2570838])
    expect(evaluate(bits('initial', 'dense/0/kernel/glorotUniform', [3]), {}, at)).toEqual([2228309, 9642878, 5920781])
  })

  it('in either precision', () => {
    const out = new Float32Array(8)
    const e = bits('perExample', 'mask', [2, 4])
    e.primitive.evaluate([], e)(out, { values: () => [], seed: 9, step: 0, position: 11 })
    expect([...out]).toEqual(evaluate(e, {}, { seed: 9, position: 11 }))
  })

  it('and need a batch where they are per example', () => {
    expect(problems([bits('perExample', 'mask', [])])[0].message).toBe('a draw per example wants a batch axis')
    expect(problems([bits('perStep', 'mask', [2.5])])[0].message).toMatch(/is no shape/)
    expect(evaluate(bits('perStep', 'mask', []), {}, { seed: 1 })).toHaveLength(1)
    expect(evaluate(bits('perExample', 'mask', [0, 3]), {}, { seed: 1 })).toEqual([])
  })
})

describe('distributions are made of the bits at their address', () => {
  const at = { seed: 3, step: 0, position: 17 }
  const own = draws('perExample', 'noise/0')
  const value = (e: ReturnType<typeof own.bits>) => evaluate(e, {}, at)
  const u = (name: string) => value(own.bits(name, [3, 5])).map((b) => (b + 0.5) / 2 ** 24)

  it('uniform: (bits + ½)/2²⁴', () => {
    expect(value(own.uniform('u', [3, 5]))).toEqual(u('u'))
  })

  it('bernoulli: bits ≥ ⌊rate·2²⁴⌋, by a number or by an expression', () => {
    for (const rate of [0, 0.2, 0.4, 0.5, 0.999]) {
      const wanted = value(own.bits('m', [3, 5])).map((b) => (b >= Math.floor(rate * 2 ** 24) ? 1 : 0))
      expect(value(own.bernoulli('m', rate, [3, 5]))).toEqual(wanted)
    }
  })

  it('normal: √(−2 ln u)·cos 2πv', () => {
    const [radius, angle] = [u('x/radius'), u('x/angle')]
    const wanted = radius.map((r, i) => Math.sqrt(-2 * Math.log(r)) * Math.cos(2 * Math.PI * angle[i]))
    expect(value(own.normal('x', [3, 5]))).toEqual(wanted)
  })

  it('truncated normal: the quantile of u between −2 and 2', () => {
    const erf2 = 0.9544997361036416 // erf √2 = Φ(2) − Φ(−2)
    const back = value(erf(div(own.truncatedNormal('t', [3, 5]), Math.SQRT2))).map((e) => (e / erf2 + 1) / 2)
    back.forEach((p, i) => { expect(p).toBeCloseTo(u('t')[i], 13) })
  })
})

describe('a permutation', () => {
  it('holds each number once, whatever its address', () => {
    fc.assert(fc.property(fc.nat(40), arbitrary.seed(), fc.nat(1000), (n, seed, round) => {
      expect(permutation(n, { seed, round }).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    }))
  })

  it('is a function of seed, round and purpose', () => {
    const of = (address: Parameters<typeof permutation>[1]) => permutation(30, address).join()
    expect(of({ seed: 1, round: 2 })).toBe(of({ seed: 1, round: 2 }))
    const all = [of({ seed: 1 }), of({ seed: 2 }), of({ seed: 1, round: 1 }), of({ seed: 1, purpose: 'split' })]
    expect(new Set(all).size).toBe(4)
  })

  it('puts every number in every place as often', () => {
    // 2,000 permutations of 5: the frequency of each of 25 pairs is within Hoeffding's bound of 1/5 at error probability 1e-9 in all.
    const n = 2000
    const counts = Array.from({ length: 25 }, () => 0)
    for (let round = 0; round < n; round++) permutation(5, { seed: 7, round }).forEach((i, at) => { counts[5 * i + at] += 1 / n })
    const bound = Math.sqrt(Math.log((2 * 25) / 1e-9) / (2 * n))
    counts.forEach((often) => { expect(Math.abs(often - 0.2)).toBeLessThan(bound) })
  })
})

bind({ describe, it })('draws', randomLaws(draws))
