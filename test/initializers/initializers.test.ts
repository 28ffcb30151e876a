import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { evaluate, transpose, matmul, constant as values, type Shape } from 'tikhonov/expr'
import {
  constant, fans, glorotNormal, glorotUniform, heNormal, heUniform, lecunNormal, lecunUniform, ones, orthogonal, randomNormal,
  randomUniform, truncatedNormal, zeros, type Initializer
} from 'tikhonov/initializers'
import { named, showIssue, type Layer } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { bind, initializerLaws, orthogonalLaws, spreadLaws } from 'tikhonov/laws'
import { initialValues, sequential, type Part } from 'tikhonov/model'
import { draws, truncatedDeviation } from 'tikhonov/random'
import { orthonormal } from '../../src/expr/orthonormal.js'

const drawn = (initializer: Initializer, shape: Shape, seed = 1) => evaluate(initializer.initial(shape)('dense/0/kernel'), {}, { seed })

/** The largest distance of two lists, element by element. */
const farthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((v, i) => Math.abs(v - b[i])))

/** c·I. */
const identity = (size: number, c = 1) => Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? c : 0))

const errors = (input: Shape, ...parts: readonly Part[]) => {
  const found = sequential<Shape, readonly Part[]>(input, ...parts)
  return E.isLeft(found) ? found.left.map(showIssue) : []
}

describe('fans', () => {
  it.each([
    [[60, 30], 60, 30], [[5], 5, 5], [[], 1, 1], [[3, 3, 8, 16], 72, 144], [[7, 4, 2], 28, 14], [[0, 3], 1, 3]
  ])('of %j', (shape, fanIn, fanOut) => {
    expect(fans(shape)).toEqual({ fanIn, fanOut })
  })
})

describe('values are the formula of the draw at the parameter’s address', () => {
  const at = { seed: 1 }
  const own = draws('initial', 'dense/0/kernel')
  const shape = [20, 30]

  // The limits of Keras: √(6/(fanIn + fanOut)), √(6/fanIn), √(3/fanIn).
  it.each([['glorotUniform', glorotUniform, 6 / 50], ['heUniform', heUniform, 6 / 20], ['lecunUniform', lecunUniform, 3 / 20]] as const)(
    '%s: uniform up to its limit', (name, initializer, limit) => {
      const u = evaluate(own.uniform(name, shape), {}, at)
      expect(farthest(drawn(initializer, shape), u.map((v) => Math.sqrt(limit) * (2 * v - 1)))).toBeLessThan(1e-15)
    })

  // The deviations of Keras: √(2/(fanIn + fanOut)), √(2/fanIn), √(1/fanIn), each divided by .87962566103423978 before the tails are cut.
  it.each([['glorotNormal', glorotNormal, 2 / 50], ['heNormal', heNormal, 2 / 20], ['lecunNormal', lecunNormal, 1 / 20]] as const)(
    '%s: normal within two deviations', (name, initializer, variance) => {
      const t = evaluate(own.truncatedNormal(name, shape), {}, at)
      const deviation = Math.sqrt(variance) / 0.87962566103423978
      expect(farthest(drawn(initializer, shape), t.map((v) => deviation * v))).toBeLessThan(1e-15)
    })

  it('the deviation of the truncated normal is √(1 − 4φ(2)/(Φ(2) − Φ(−2)))', () => {
    const density = Math.exp(-2) / Math.sqrt(2 * Math.PI)
    expect(truncatedDeviation).toBeCloseTo(Math.sqrt(1 - (4 * density) / 0.9544997361036416), 14)
  })

  it('zeros, ones, constant', () => {
    expect(drawn(zeros, [2, 2])).toEqual([0, 0, 0, 0])
    expect(drawn(ones, [2])).toEqual([1, 1])
    expect(drawn(constant(-0.5), [])).toEqual([-0.5])
  })

  it('a standard deviation of 0 is the mean', () => {
    expect(drawn(randomNormal({ mean: 2, stddev: 0 }), [3])).toEqual([2, 2, 2])
    expect(drawn(truncatedNormal({ stddev: 0 }), [2])).toEqual([0, 0])
    expect(drawn(randomUniform({ min: 3, max: 3 }), [2])).toEqual([3, 3])
  })
})

describe('orthogonal', () => {
  const matrix = (rows: number, columns: number, seed: number) => evaluate(draws('initial', 'a').normal('a', [rows, columns]), {}, { seed })

  it.each([[1, 1], [2, 2], [3, 2], [30, 30], [40, 13]])('%i × %i: A = QR, R triangular, its diagonal positive', (rows, columns) => {
    for (const seed of [1, 2, 3]) {
      const given = matrix(rows, columns, seed)
      const a = values(given, [rows, columns])
      const q = orthonormal(a)
      expect(farthest(evaluate(matmul(q, q, { a: true })), identity(columns))).toBeLessThan(1e-13)
      const r = evaluate(matmul(q, a, { a: true }))
      const below = r.filter((_, i) => Math.floor(i / columns) > i % columns)
      expect(Math.max(0, ...below.map(Math.abs))).toBeLessThan(1e-12)
      expect(Math.min(...r.filter((_, i) => i % (columns + 1) === 0))).toBeGreaterThan(0)
      expect(farthest(evaluate(matmul(q, matmul(q, a, { a: true }))), given)).toBeLessThan(1e-12)
    }
  })

  it('has orthonormal columns even where those of A are not independent', () => {
    for (const a of [[0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1], [0, 1, 0, 0, 0, 0]]) {
      const q = orthonormal(values(a, [3, 2]))
      expect(farthest(evaluate(matmul(q, q, { a: true })), identity(2))).toBeLessThan(1e-14)
    }
  })

  it('holds to 1e-12 at the size of a real layer', () => {
    const [rows, columns] = [200, 120]
    const w = values(drawn(orthogonal(3), [rows, columns]), [rows, columns])
    expect(farthest(evaluate(matmul(w, w, { a: true })), identity(columns, 9))).toBeLessThan(9e-12)
    const wide = values(drawn(orthogonal(), [3, 3, 2, 40]), [18, 40])
    expect(farthest(evaluate(matmul(wide, transpose(wide))), identity(18))).toBeLessThan(1e-12)
  })

  it('of a vector is an issue of the model', () => {
    expect(errors([2], dense(3, { biasInitializer: orthogonal() }))).toEqual([
      'dense/0/bias: found orthogonal [3]: wants a matrix: rank 2 or more, allowed: shapes that fit orthogonal'
    ])
  })
})

describe('options out of range are issues of the model', () => {
  it.each([
    [constant(Number.NaN), 'value: found NaN, allowed: a finite number'],
    [randomNormal({ stddev: -1 }), 'stddev: found -1, allowed: a number, 0 ≤ stddev'],
    [randomNormal({ mean: Infinity }), 'mean: found Infinity, allowed: a finite number'],
    [truncatedNormal({ stddev: Number.NaN }), 'stddev: found NaN, allowed: a number, 0 ≤ stddev'],
    [randomUniform({ min: 1, max: 0 }), 'max: found 0, allowed: a number ≥ min, which is 1'],
    [orthogonal(Infinity), 'gain: found Infinity, allowed: a finite number']
  ])('%#', (initializer, message) => {
    expect(errors([2], dense(3, { kernelInitializer: initializer }))).toEqual([`dense/0/kernelInitializer/${message}`])
  })

  it('and first values of another shape', () => {
    const wrong: Initializer = { ...zeros, initial: () => zeros.initial([2]) }
    expect(errors([2], dense(3, { kernelInitializer: wrong })))
      .toEqual(['dense/0/kernel: found first values of shape [2], allowed: [2, 3]'])
  })
})

describe('first values in a model', () => {
  const kernel = (...before: readonly Layer[]) => {
    const model = sequential<Shape, readonly Part[]>([4], ...before, named('own', dense(4, { kernelInitializer: heNormal })))
    return E.isRight(model) ? initialValues(model.right, 9)['own/kernel'].data : []
  }

  it('of a layer are those of its path, whatever stands before it', () => {
    expect(kernel(named('first', dense(4)))).toEqual(kernel())
    expect([...kernel()]).toEqual(evaluate(heNormal.initial([4, 4])('own/kernel'), {}, { seed: 9 }))
  })
})

const checkAll = bind({ describe, it })
checkAll('zeros', initializerLaws(zeros))
checkAll('glorotUniform', spreadLaws(glorotUniform, {
  variance: ({ fanIn, fanOut }) => 2 / (fanIn + fanOut), farthest: ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut))
}))
checkAll('heNormal', spreadLaws(heNormal, {
  variance: ({ fanIn }) => 2 / fanIn, farthest: ({ fanIn }) => (2 * Math.sqrt(2 / fanIn)) / truncatedDeviation
}))
checkAll('randomNormal', spreadLaws(randomNormal({ mean: 1, stddev: 0.5 }), { mean: 1, variance: () => 0.25 }))
checkAll('orthogonal', orthogonalLaws(orthogonal(1.5), 1.5))
