import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Experiment, experiments } from '../../examples/cases.js'
import { type Examples, load } from '../../examples/data/load.js'
import { splitOf } from '../../examples/regularization/split.js'

const [moons, , sonar] = experiments

const dataOf = ({ data }: Experiment): Examples => {
  const found = load(data)
  if (found._tag === 'Left') throw new Error(found.left.join('\n'))
  return found.right
}

const echoes = dataOf(sonar)

/** As many examples as sonar has; the only feature of each is its own number, and so is its class. */
const numbered: Examples = { x: echoes.x.map((_, i) => [i]), y: echoes.y.map((_, i) => i) }

const raw: Experiment = { ...sonar, standardised: false }

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b)

const column = ({ x }: Examples, j: number): readonly number[] => x.map((row) => row[j])

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

const sd = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

describe('a split by permutation', () => {
  it('has 140 examples that train and 68 that test, each example once, and each keeps its class', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
      const { train, test } = splitOf(raw, numbered, seed)
      expect([train.x.length, train.y.length, test.x.length, test.y.length]).toEqual([140, 140, 68, 68])
      expect(ascending([...column(train, 0), ...column(test, 0)])).toEqual(numbered.y)
      expect([...train.y, ...test.y]).toEqual([...column(train, 0), ...column(test, 0)])
    }), { numRuns: 25 })
  })

  it('is the same whenever a seed is asked again, and another for another seed', () => {
    const tests = [1, 2, 3, 4, 5].map((seed) => ascending(splitOf(raw, numbered, seed).test.y))
    expect(tests).toEqual([1, 2, 3, 4, 5].map((seed) => ascending(splitOf(raw, numbered, seed).test.y)))
    expect(new Set(tests.map(String)).size).toBe(5)
  })

  it('draws from the whole file: over many seeds each example tests about a third of the time', () => {
    const seeds = 200
    const times = numbered.y.map(() => 0)
    for (let seed = 1; seed <= seeds; seed++) for (const i of splitOf(raw, numbered, seed).test.y) times[i]++
    // Binomial(200, 68/208): mean 65.4, sd 6.6; five of them on either side.
    expect(Math.min(...times)).toBeGreaterThan(32)
    expect(Math.max(...times)).toBeLessThan(99)
  })
})

describe('a split by order', () => {
  it('trains on the first 30 rows as they stand in the file and tests on the other 70, under every seed', () => {
    const all = dataOf(moons)
    for (const seed of [1, 2]) {
      expect(splitOf(moons, all, seed)).toEqual({
        train: { x: all.x.slice(0, 30), y: all.y.slice(0, 30) },
        test: { x: all.x.slice(30), y: all.y.slice(30) }
      })
    }
  })
})

describe('standardisation', () => {
  it('gives each column of the training part mean 0 and standard deviation 1, and the test part the same shift and scale', () => {
    for (const seed of [1, 2, 3]) {
      const before = splitOf(raw, echoes, seed)
      const { train, test } = splitOf(sonar, echoes, seed)
      expect([train.y, test.y]).toEqual([before.train.y, before.test.y])
      for (let j = 0; j < 60; j++) {
        expect(mean(column(train, j))).toBeCloseTo(0, 12)
        expect(sd(column(train, j))).toBeCloseTo(1, 12)
        const [centre, scale] = [mean(column(before.train, j)), sd(column(before.train, j))]
        const errors = column(test, j).map((value, i) => Math.abs(value - (before.test.x[i][j] - centre) / scale))
        expect(Math.max(...errors)).toBeLessThan(1e-9)
      }
      // A test part that had been standardised by itself would have mean 0 too.
      expect(Math.max(...Array.from({ length: 60 }, (_, j) => Math.abs(mean(column(test, j)))))).toBeGreaterThan(0.05)
    }
  })

  it('does not look at the test part', () => {
    const testing = new Set(splitOf(raw, numbered, 1).test.y)
    const altered = { ...echoes, x: echoes.x.map((row, i) => (testing.has(i) ? row.map((value) => 100 - 7 * value) : row)) }
    const [plain, other] = [splitOf(sonar, echoes, 1), splitOf(sonar, altered, 1)]
    expect(other.train).toEqual(plain.train)
    expect(other.test).not.toEqual(plain.test)
  })

  it('makes constant columns 0 and leaves no number that is not finite, also where the test part is not constant', () => {
    const testing = new Set(splitOf(raw, numbered, 1).test.y)
    const x = echoes.x.map((row, i) => [0, 0.1, 1e9 / 3, testing.has(i) ? 2 : 1, row[0]])
    const { train, test } = splitOf({ ...sonar, features: 5 }, { ...echoes, x }, 1)
    for (const row of [...train.x, ...test.x]) {
      expect(row.every(Number.isFinite)).toBe(true)
      expect(Math.max(...row.slice(0, 3).map(Math.abs))).toBeLessThan(1e-6)
    }
    expect(new Set(column(train, 3))).toEqual(new Set([0]))
    expect(new Set(column(test, 3))).toEqual(new Set([1]))
    expect(sd(column(train, 4))).toBeCloseTo(1, 12)
  })
})
