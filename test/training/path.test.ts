import { either as E, function as F } from 'fp-ts'
import { from, lastValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { reference } from 'tikhonov/engine'
import { hyper, type Range } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { batchNormalization, dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { fista, sgd, type Optimizer } from 'tikhonov/optimizers'
import { kkt, stationarity } from 'tikhonov/probes'
import { exact, groupLasso, l1, ridge, type Proximal, type Regularizer } from 'tikhonov/regularizers'
import { take as takeRows, tensor } from 'tikhonov/tensor'
import {
  batches, batchIssues, crossValidation, evaluate, fold, foldsOf, lambdaMax, parametersOf, regularizationPath, start, trainer,
  validationCurve, valuesOf, type Batch, type CrossValidationOptions
} from 'tikhonov/training'
import { coordinateDescent } from '../../examples/lasso-path/coordinateDescent.js'
import { batchOf, diabetes } from '../../examples/lasso-path/data.js'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const nonNegative: Range = { min: 0, max: Infinity, open: 'max' }
const lambda = hyper('lambda', 1, nonNegative)

const table = right(diabetes())
const { columns, wanted } = table
const n = wanted.length
const batch = batchOf(table)
const slopeAtZero = columns.map((x) => (-2 / n) * x.reduce((sum, each, i) => sum + each * wanted[i], 0))
/** The largest eigenvalue of xᵀx/n, 4.024, makes 2·4.024 the largest curvature. */
const rate = 1 / 8.1
const linear = (kernelRegularizer: Regularizer, optimizer: Optimizer = fista(rate)) => right(trainer({
  model: right(sequential([10], dense(1, { useBias: false, kernelRegularizer }))),
  loss: mse(), optimizer, engine: reference(), probes: [kkt, stationarity]
}))

const length = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v))

describe('the lasso path of diabetes', () => {
  const lasso = linear(exact(l1(lambda)))
  const most = right(lambdaMax(lasso, batch))
  const lambdas = Array.from({ length: 20 }, (_, i) => most * 1000 ** (-i / 19))
  const fits = [...right(regularizationPath(lasso, batch, lambdas, { tolerance: 1e-10 }))].map(right)

  it('begins at the largest slope at 0', () => {
    expect(most).toBeCloseTo(Math.max(...slopeAtZero.map(Math.abs)), 14)
    expect(fits[0].nonzeros['dense/0/kernel']).toBe(0)
  })

  it('is that of coordinate descent to 1e-6 relative, for 20 λ from λmax to λmax/1000, zeros included', () => {
    const expected = lambdas.reduce<readonly (readonly number[])[]>((done, each) =>
      [...done, coordinateDescent(table, each, done.at(-1) ?? columns.map(() => 0))], [])
    fits.forEach(({ parameters, converged }, i) => {
      const w = parameters['dense/0/kernel'].data
      expect(converged).toBe(true)
      expect(length(expected[i].map((each, j) => each - w[j]))).toBeLessThanOrEqual(1e-6 * length(expected[i]))
      expect(Array.from(w, (each) => each === 0)).toEqual(expected[i].map((each) => each === 0))
    })
  })

  it('is one program, computed as it is asked for', async () => {
    const path = right(regularizationPath(lasso, batch, [...lambdas, ...lambdas], { tolerance: 1e-3 }))
    expect(await lastValueFrom(from(path).pipe(take(2), toArray()))).toHaveLength(2)
  })

  it('is validated over folds that are paired', () => {
    const curve = right(crossValidation(lasso, batch, lambdas.slice(0, 8), { folds: 3, tolerance: 1e-3 }))
    expect(curve.points.map((p) => p.lambda)).toEqual(lambdas.slice(0, 8))
    expect(curve.oneStandardError.lambda).toBeGreaterThanOrEqual(curve.best.lambda)
    expect(curve.best.mean).toBeLessThan(0.6)
    expect(right(crossValidation(lasso, batch, lambdas.slice(0, 8), { folds: 3, tolerance: 1e-3 }))).toEqual(curve)
  })
})

describe('λmax', () => {
  it('is that of any penalty that keeps weights at 0', () => {
    const grouped = linear(exact(groupLasso(lambda)))
    expect(right(lambdaMax(grouped, batch))).toBeCloseTo(length(slopeAtZero), 12)
  })

  it('is not there where no λ does', () => {
    const separable: Proximal = ridge(lambda)
    expect(lambdaMax(linear(exact(separable), sgd(rate)), batch)).toMatchObject({ _tag: 'Left', left: [{ path: 'lambda' }] })
  })
})

describe('what is wrong with a path', () => {
  it('is told together', () => {
    const bare = right(trainer({ model: right(sequential([10], dense(1))), loss: mse(), optimizer: sgd(0.1), engine: reference() }))
    const wrong = regularizationPath(bare, batch, [-1], { tolerance: 0, most: 0.5, every: 0, seed: -1 })
    expect(E.isLeft(wrong) ? wrong.left.map((i) => i.path) : [])
      .toEqual(['trainer/probes', 'hyper', 'tolerance', 'most', 'every', 'seed', 'lambdas/0'])
    expect(crossValidation(linear(exact(l1(lambda))), batch, [1], { folds: 1 })).toMatchObject({ _tag: 'Left', left: [{ path: 'folds' }] })
  })

  it('is told of a largest λ together, of its batch and of the state that it is to begin with', () => {
    const t = linear(exact(l1(lambda)))
    const from = { ...start(t), values: new Float64Array(3) }
    expect(F.pipe(lambdaMax(t, { ...batch, weight: [1] }, { from }), E.match((wrong) => wrong.map(showIssue), () => []))).toEqual([
      `batch/weight: found 1 weights, allowed: ${n}, one an example`,
      `from/state: found 3 values, allowed: ${start(t).values.length}, as this trainer's states have`
    ])
  })

  it('is told of a cross-validation together, as of a batch', () => {
    const four = { x: tensor([[1], [2], [3], [4]]), y: tensor([[1], [2], [3], [4]]) }
    const t = right(trainer({
      model: right(sequential([1], dense(1, { useBias: false, kernelRegularizer: exact(l1(lambda)) }))), loss: mse(),
      optimizer: sgd(0.01), engine: reference(), probes: [stationarity]
    }))
    const issues = (more: Partial<Batch>, told: CrossValidationOptions): readonly string[] =>
      F.pipe(crossValidation(t, { ...four, ...more }, [1], { most: 2, ...told }), E.match((wrong) => wrong.map(showIssue), () => []))
    expect(issues({ weight: [1] }, { folds: 2 })).toEqual(['batch/weight: found 1 weights, allowed: 4, one an example'])
    expect(issues({ weight: [1] }, { folds: 2 })).toEqual(batchIssues(t, { ...four, weight: [1] }).map(showIssue))
    expect(issues({ count: 2 }, { folds: 4 })).toEqual(['folds: found 4, allowed: a whole number, 2 ≤ folds ≤ 2, the number of examples'])
    expect(issues({ count: 1 }, {})).toEqual(['batch: found 1 examples, allowed: at least 2: one to leave out, one to learn from'])
    expect(issues({ weight: [1, 0, 0, 0] }, { folds: 2 }))
      .toEqual([expect.stringMatching(/^batch\/weight: found no example that counts among rows \d, \d, allowed: a weight above 0 in each fold$/)])
    expect(issues({ count: 5 }, { folds: 2.5, foldSeed: -1, tolerance: 0 })).toEqual([
      'batch/count: found 5, allowed: a whole number, 0 ≤ count ≤ 4',
      'folds: found 2.5, allowed: a whole number, 2 ≤ folds ≤ 4, the number of examples',
      'foldSeed: found -1, allowed: a whole number, 0 ≤ seed < 2³²',
      'tolerance: found 0, allowed: a number, 0 < tolerance'
    ])
    expect(issues({ x: undefined as never }, { folds: 4 })).toEqual(['batch/x: found undefined, allowed: a tensor, its data a typed array'])
    expect(issues({}, { folds: 4 })).toEqual([])
    expect(issues({ x: tensor([[1e300], [1], [1], [1]]) }, { folds: 2 }).map((line) => line.split(' ')[0]))
      .toEqual([expect.stringMatching(/^folds\/\d\/(path|loss):$/)])
  })

  it('in a step ends it', () => {
    const path = [...right(regularizationPath(linear(exact(l1(lambda)), sgd(1e200)), batch, [0.1, 0.01]))]
    expect(path).toMatchObject([{ _tag: 'Left', left: { _tag: 'NonFinite' } }])
  })
})

describe('folds', () => {
  it('are a permutation of the rows, cut', () => {
    expect(foldsOf(10, 3, 1).flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(foldsOf(10, 3, 1)).toEqual(foldsOf(10, 3, 1))
    expect(foldsOf(10, 3, 1)).not.toEqual(foldsOf(10, 3, 2))
  })

  it('that cannot be cut, and tables that are none, are mistakes of the caller', () => {
    expect(() => foldsOf(5, 2.5)).toThrow(new RangeError('k: found 2.5, allowed: a whole number, 1 ≤ k ≤ 5: each fold has a row'))
    expect(() => foldsOf(5, 0, -1)).toThrow(RangeError)
    expect(() => validationCurve([1, 2], [[2, 1]])).toThrow(new RangeError(
      'losses: found 1 folds, allowed: at least 2: one has no deviation'))
    expect(() => validationCurve([1, 2], [[2, NaN], [2]])).toThrow(new RangeError(
      'losses[0][1]: found NaN, allowed: a finite number; losses[1]: found 1 losses, allowed: 2, one a λ'))
  })

  it('hide what they leave out from layers and penalties that see activations', () => {
    // The mean of x = 1 … 4 is 2.5; at a weight of 0 the fifth row would make it 202.
    const rows = { x: tensor([[1], [2], [3], [4], [1000]]), y: tensor([[1], [2], [3], [4], [0]]) }
    const four = { x: takeRows(rows.x, [0, 1, 2, 3]), y: takeRows(rows.y, [0, 1, 2, 3]) }
    const t = right(trainer({
      model: right(sequential([1], batchNormalization({ momentum: 0 }), dense(1, { kernelRegularizer: exact(l1(lambda)) }))),
      loss: mse(), optimizer: sgd(0.1), engine: reference(), probes: [stationarity]
    }))
    const told = { most: 40, every: 20 }
    const [fit] = [...right(regularizationPath(t, four, [0], told))].map(right)
    expect(valuesOf(t, fit.state)['batchNormalization/0/movingMean'].data[0]).toBeCloseTo(2.5, 12)
    const losses = foldsOf(5, 5).map((out) => {
      const [kept, held] = [(i: number) => !out.includes(i), (i: number) => out.includes(i)].map((of) => {
        const taken = [0, 1, 2, 3, 4].filter(of)
        return { x: takeRows(rows.x, taken), y: takeRows(rows.y, taken) }
      })
      const [{ state }] = [...right(regularizationPath(t, kept, [0], told))].map(right)
      return right(evaluate(t)(state, { ...held, hyper: { lambda: 0 } })).data
    })
    const { best } = right(crossValidation(t, rows, [0], { folds: 5, ...told }))
    expect(best.mean).toBeCloseTo(losses.reduce((sum, each) => sum + each, 0) / 5, 9)
  })

  it('judge by the rule of one standard error', () => {
    // Means 5, 2, 1.5; deviation of the last over two folds is √.5/√2 = .5.
    const { best, oneStandardError } = validationCurve([3, 2, 1], [[5, 2, 1], [5, 2, 2]])
    expect([best, oneStandardError.lambda]).toEqual([{ lambda: 1, mean: 1.5, standardError: 0.5 }, 2])
  })
})

describe('dropout of the inputs of a linear fit', () => {
  it('comes to the ridge solution: Σⱼ rate/(1 − rate)·mean(xⱼ²)·wⱼ², in the mean over masks', () => {
    const [drop, x, y] = [0.5, [[1, 0.5], [-0.5, 1], [1, -1], [0.5, 0.25]], [1, 2, -1, 0.5]]
    const t = right(trainer({
      model: right(sequential([2], dropout(drop), dense(1, { useBias: false }))), loss: mse(),
      optimizer: sgd(0.02), engine: reference()
    }))
    // (xᵀx/4 + diag(mean xⱼ²))·w = xᵀy/4 at a rate of a half.
    const [a, b, c] = [[0, 0], [0, 1], [1, 1]].map(([i, j]) => x.reduce((sum, row) => sum + row[i] * row[j], 0) / 4)
    const [p, q] = [0, 1].map((j) => x.reduce((sum, row, i) => sum + row[j] * y[i], 0) / 4)
    const [d, e] = [2 * a, 2 * c]
    const solution = [(e * p - b * q) / (d * e - b * b), (d * q - b * p) / (d * e - b * b)]
    const times = 400
    const repeated = {
      x: tensor(Array.from({ length: times }, () => x).flat()),
      y: tensor(Array.from({ length: times }, () => y.map((each) => [each])).flat())
    }
    const { state } = right(fold(t)(start(t, 1), right(batches(repeated, { size: Infinity, epochs: 400 }))))
    const w = parametersOf(t, state)['dense/0/kernel'].data
    // The variance of one example's gradient at the solution, over its four masks; a step's is the mean of 1,600.
    const variance = x.reduce((sum, row, i) => {
      const slopes = [[0, 0], [0, 2], [2, 0], [2, 2]].map((mask) => {
        const kept = row.map((each, j) => each * mask[j])
        return kept.map((each) => 2 * each * (kept[0] * solution[0] + kept[1] * solution[1] - y[i]))
      })
      const spread = [0, 1].map((j) => slopes.reduce((s, g) => s + g[j] ** 2, 0) / 4 - (slopes.reduce((s, g) => s + g[j], 0) / 4) ** 2)
      return sum + (spread[0] + spread[1]) / 4
    }, 0) / (4 * times)
    // Steps of η down a bowl whose curvatures lie between 1.9 and 3 are at rest with a variance of at most η·variance/(1.9·(2 − 3η)).
    // 6 standard deviations are left with a probability below 1e-8.
    const bound = 6 * Math.sqrt((0.02 * variance) / (1.9 * (2 - 3 * 0.02)))
    expect(bound).toBeLessThan(0.1)
    solution.forEach((each, j) => { expect(Math.abs(w[j] - each)).toBeLessThan(bound) })
  })
})
