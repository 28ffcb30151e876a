import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitrary, check, law, suite, type Outcome } from 'tikhonov/laws'
import { tensor, type Tensor } from 'tikhonov/tensor'

const drawn = <A>(values: fc.Arbitrary<A>, count = 2_000) => fc.sample(values, { numRuns: count, seed: 7 })

/** The smallest value that a predicate refuses: what a reader of a failing law is shown. */
const smallest = <A>(values: fc.Arbitrary<A>, holds: (value: A) => Outcome): unknown => {
  const [verdict] = check(suite('smallest', values, [law('smallest', 'holds(value)', [values], holds)]), { seed: 7, runs: 1_000 })
  return verdict._tag === 'Failed' ? verdict.values[0] : expect.fail('nothing was refused')
}

const size = ({ shape }: Tensor) => shape.reduce((a, b) => a * b, 1)

describe('numbers', () => {
  it('dyadic: their sums of products are exact in float32, as its comment says', () => {
    const terms = fc.array(fc.tuple(arbitrary.dyadic(), arbitrary.dyadic()), { minLength: 256, maxLength: 256, size: 'max' })
    fc.assert(fc.property(terms, (pairs) => {
      const in64 = pairs.reduce((sum, [a, b]) => sum + a * b, 0)
      const in32 = pairs.reduce((sum, [a, b]) => Math.fround(sum + Math.fround(a * b)), 0)
      expect(in32).toBe(in64)
    }), { seed: 7 })
    expect(drawn(arbitrary.dyadic()).some((x) => Object.is(x, -0))).toBe(false)
    expect(Math.max(...drawn(arbitrary.dyadic()).map(Math.abs))).toBe(4)
  })

  it('real: 0 or of moderate size, of both signs, in every binade, and not all of them exact', () => {
    const xs = drawn(arbitrary.real())
    expect(xs.filter((x) => x !== 0 && !(Math.abs(x) >= 2 ** -10 && Math.abs(x) <= 64))).toEqual([])
    expect(xs).toContain(0)
    expect([xs.some((x) => x < 0), xs.some((x) => x > 0)]).toEqual([true, true])
    const binades = new Set(xs.filter((x) => x !== 0).map((x) => Math.floor(Math.log2(Math.abs(x)))))
    expect([...binades].sort((a, b) => a - b)).toEqual(expect.arrayContaining(Array.from({ length: 16 }, (_, i) => i - 10)))
    expect(xs.filter((x) => !Number.isInteger(x * 64)).length).toBeGreaterThan(1_000)
  })

  it('shrink to what a reader can read', () => {
    expect(smallest(arbitrary.dyadic(), (x) => x < 1)).toBe(1)
    expect(smallest(arbitrary.real(), (x) => x < 3)).toBe(3)
    expect(smallest(arbitrary.single(), (x) => x > -0.5)).toBe(-0.5)
    expect(smallest(arbitrary.rate(), (x) => x < 0.5)).toBe(0.5)
    expect(smallest(arbitrary.positive(), () => false)).toBe(1)
  })

  it('rates and positive numbers lie in their ranges', () => {
    expect(drawn(arbitrary.rate()).every((p) => p >= 0 && p < 1)).toBe(true)
    expect(drawn(arbitrary.positive({ smallest: 0.1, largest: 0.2 })).every((x) => x >= 0.1 && x <= 0.2)).toBe(true)
    expect(drawn(arbitrary.real({ smallest: 2 ** -20, largest: 2 ** -12 })).some((x) => Object.is(x, -0))).toBe(false)
  })
})

describe('shapes', () => {
  it('have every rank and size, none of them 0 unless asked', () => {
    const shapes = drawn(arbitrary.shape())
    expect([...new Set(shapes.map((s) => s.length))].sort()).toEqual([0, 1, 2, 3, 4])
    expect([...new Set(shapes.flat())].sort()).toEqual([1, 2, 3, 4, 5])
    expect(drawn(arbitrary.shape({ empty: true })).some((s) => s.includes(0))).toBe(true)
  })

  it('have one large axis at most, when large ones are asked for', () => {
    const large = drawn(arbitrary.shape({ large: true })).map((s) => s.filter((n) => n > 5))
    expect(Math.max(...large.map((axes) => axes.length))).toBe(1)
    expect(Math.max(...large.flat())).toBeGreaterThan(60)
  })

  it('shrink to fewer and smaller axes', () => {
    expect(smallest(arbitrary.shape(), (s) => s.length < 2)).toEqual([1, 1])
    expect(smallest(arbitrary.shape({ large: true }), (s) => !s.some((n) => n > 5))).toEqual([6])
  })
})

describe('tensors', () => {
  it('fill their shapes', () => {
    expect(drawn(arbitrary.tensor(), 200).every((t) => t.data.length === size(t))).toBe(true)
    expect(drawn(arbitrary.tensor(arbitrary.real(), arbitrary.shape({ empty: true })), 200).some((t) => t.data.length === 0)).toBe(true)
  })

  it('alike have one shape and different elements', () => {
    const triples = drawn(arbitrary.alike(3), 200)
    expect(triples.every((ts) => ts.length === 3 && new Set(ts.map(({ shape }) => shape.join())).size === 1)).toBe(true)
    expect(triples.some(([a, b]) => a.data.some((x, i) => x !== b.data[i]))).toBe(true)
  })

  it('shrink in shape and elements', () => {
    expect(smallest(arbitrary.matrix(), (t) => !(t.data[0] > 1))).toEqual(tensor([[65 / 64]]))
    expect(smallest(arbitrary.vector(), (t) => size(t) < 3)).toEqual(tensor([0, 0, 0]))
  })
})

describe('addresses', () => {
  it('seeds are words, positions safe integers on both sides of 2³²', () => {
    expect(drawn(arbitrary.seed()).every((s) => s >>> 0 === s)).toBe(true)
    const positions = drawn(arbitrary.position())
    expect(positions.every((n) => n >= 0 && Number.isSafeInteger(n + 1_000))).toBe(true)
    expect([positions.some((n) => n < 1_000), positions.some((n) => Math.abs(n - 2 ** 32) <= 100), positions.some((n) => n > 2 ** 33)])
      .toEqual([true, true, true])
  })

  it('names and paths are valid, paths of one to four parts', () => {
    expect(drawn(arbitrary.name()).every((n) => /^[A-Za-z]\w*$/.test(n))).toBe(true)
    expect([...new Set(drawn(arbitrary.path()).map((p) => p.split('/').length))].sort()).toEqual([1, 2, 3, 4])
    expect(smallest(arbitrary.path(), () => false)).toMatch(/^[A-Za-z]$/)
  })
})

describe('orders', () => {
  it('permutations are all had', () => {
    expect(new Set(drawn(arbitrary.permutation(4)).map((p) => p.join())).size).toBe(24)
    expect(drawn(arbitrary.permutation(0), 5)).toEqual([[], [], [], [], []])
  })

  it('splits add up, and all 2ⁿ⁻¹ are had', () => {
    const splits = drawn(arbitrary.split(5))
    expect(splits.every((parts) => parts.reduce((a, b) => a + b, 0) === 5 && parts.every((k) => k > 0))).toBe(true)
    expect(new Set(splits.map((parts) => parts.join())).size).toBe(16)
    expect(drawn(arbitrary.split(0), 3)).toEqual([[], [], []])
    expect(smallest(arbitrary.split(6), () => false)).toEqual([6])
  })
})
