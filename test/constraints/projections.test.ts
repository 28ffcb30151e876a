import { either as E, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  affine, box, dykstra, halfSpace, hypercube, hyperplane, intersection, l1Ball, l1Sphere, l2Ball, l2Sphere, lInfBall, lInfSphere, maxNorm,
  monotone, nonNegative, orthonormalColumns, simplex, spectralNormBall, symmetric, topK, unitNorm, whole, type Constraint
} from 'tikhonov/constraints'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { hyper, variable, type Precision, type Shape } from 'tikhonov/expr'
import { bind, constrainedLaws, type ConstrainedRun } from 'tikhonov/laws'
import { showIssue, showSpec } from 'tikhonov/layer'
import { conv2d, dense, flatten } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import {
  adagrad, adam, adamw, rmsprop, sgd, torchAdam, torchSgd, type Optimizer
} from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { parametersOf, start, step, trainer, type TrainState } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const simd: Engine = O.getOrElse((): Engine => expect.fail('no WebAssembly SIMD'))(wasm())

const bound = (c: Constraint, shape: Shape, incoming: readonly number[], on: Precision | 'wasm' = 'float64') => {
  const run = (on === 'wasm' ? simd : reference(on)).evaluate([c.project(incoming)(variable('w', shape))])
  return (w: ArrayLike<number>): readonly number[] => Array.from(run({ values: () => w, seed: 0, step: 0, position: 0 })[0])
}
/** Numbers in [−1, 1), the same each time: a Weyl sequence. */
const numbers = (count: number, seed: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (((i + 1) * 0.754877666 + seed * 0.569840291) % 1) * 2 - 1)
const columns = (w: readonly number[], n: number, k: number): readonly (readonly number[])[] =>
  Array.from({ length: k }, (_, j) => Array.from({ length: n }, (_unused, i) => w[i * k + j]))
const total = (v: readonly number[]): number => v.reduce((sum, x) => sum + x, 0)
const sizes = (v: readonly number[]): number => total(v.map(Math.abs))

/** How far outside one unit is, relative to its bound. */
const perUnit: readonly (readonly [string, Constraint, (v: readonly number[]) => number])[] = [
  ['simplex(0.7)', simplex(0.7), (v) => Math.max(Math.abs(total(v) / 0.7 - 1), -Math.min(...v))],
  ['l1Ball(0.7)', l1Ball(0.7), (v) => sizes(v) / 0.7 - 1],
  ['l2Ball(0.7)', l2Ball(0.7), (v) => Math.hypot(...v) / 0.7 - 1],
  ['lInfBall(0.5)', lInfBall(0.5), (v) => Math.max(...v.map(Math.abs)) / 0.5 - 1],
  ['l1Sphere(0.7)', l1Sphere(0.7), (v) => Math.abs(sizes(v) / 0.7 - 1)],
  ['l2Sphere(0.7)', l2Sphere(0.7), (v) => Math.abs(Math.hypot(...v) / 0.7 - 1)],
  ['lInfSphere(0.5)', lInfSphere(0.5), (v) => Math.abs(Math.max(...v.map(Math.abs)) / 0.5 - 1)],
  ['hypercube(0.5)', hypercube(0.5), (v) => Math.max(...v.map((x) => Math.max(-x, x - 0.5)))],
  ['monotone', monotone('increasing'), (v) => Math.max(0, ...v.slice(1).map((x, i) => v[i] - x))],
  ['topK(3)', topK(3), (v) => v.filter((x) => x !== 0).length - 3],
  ['nonNegative ∧ maxNorm(0.7)', intersection(nonNegative, maxNorm(0.7)), (v) => Math.max(Math.hypot(...v) / 0.7 - 1, -Math.min(...v))]
]

describe.each([['float64', 2 ** -52], ['float32', 2 ** -23], ['wasm', 2 ** -23]] as const)('in %s', (on, epsilon) => {
  it.each(perUnit)('%s is within 4nε for n from 1 to 1,000, and the same bits when projected again', (_, c, excess) => {
    for (const n of [1, 2, 3, 7, 30, 1000]) {
      const project = bound(c, [n, 8], [0], on)
      for (let seed = 0; seed < 8; seed++) {
        const w = Float32Array.from(numbers(8 * n, seed), (x, i) => (i % 8 === 0 ? 0 : x * 10 ** ((i % 8) - 4)))
        const once = project(w)
        for (const v of columns(once, n, 8)) expect(excess(v)).toBeLessThanOrEqual(4 * n * epsilon)
        expect(project(once)).toEqual(once)
      }
    }
  })

  const planes = { rows: [[1, -2, 0.5, 3], [0, 1, 1, -1]], bounds: [1, -2] }
  it.each<readonly [string, Constraint, Shape, (w: readonly number[]) => number]>([
    ['halfSpace', halfSpace(planes.rows[0], 1), [4, 3], (w) => Math.max(...columns(w, 4, 3).map((v) =>
      (total(v.map((x, i) => x * planes.rows[0][i])) - 1) / (1 + sizes(v.map((x, i) => x * planes.rows[0][i])))))],
    ['affine', affine(planes.rows, planes.bounds), [4, 3], (w) => Math.max(...columns(w, 4, 3).flatMap((v) => planes.rows.map((row, k) =>
      Math.abs(total(v.map((x, i) => x * row[i])) - planes.bounds[k]) / (2 + sizes(v.map((x, i) => x * row[i]))))))],
    ['symmetric', symmetric, [5, 5], (w) => Math.max(...w.map((x, i) => Math.abs(x - w[(i % 5) * 5 + Math.floor(i / 5)])))],
    ['orthonormalColumns', orthonormalColumns, [6, 3], (w) => {
      const c = columns(w, 6, 3)
      return Math.max(...c.flatMap((a, i) => c.map((b, j) => Math.abs(total(a.map((x, k) => x * b[k])) - (i === j ? 1 : 0)))))
    }],
    ['orthonormalColumns of more units than weights', orthonormalColumns, [2, 5], (w) => {
      const c = columns(w, 2, 5)
      return Math.max(Math.abs(total(c.map(([a]) => a * a)) - 1), Math.abs(total(c.map(([a, b]) => a * b))))
    }]
  ])('%s is within 4nε, and the same bits when projected again', (_, c, shape, excess) => {
    const n = shape.reduce((p, q) => p * q, 1)
    const project = bound(c, shape, [0], on)
    for (let seed = 0; seed < 20; seed++) {
      const once = project(numbers(n, seed).map((x) => x * 10 ** ((seed % 7) - 3)))
      expect(excess(once)).toBeLessThanOrEqual(4 * n * epsilon)
      expect(project(once)).toEqual(once)
    }
  })

  it('spectralNormBall stretches no vector by more than its cap, and keeps its bits when projected again', () => {
    const [m, n] = [7, 4]
    const project = bound(spectralNormBall(0.8), [m, n], [0], on)
    for (let seed = 0; seed < 20; seed++) {
      const once = project(numbers(m * n, seed).map((x) => x * 10 ** ((seed % 7) - 3)))
      for (let k = 0; k < 20; k++) {
        const x = numbers(n, 100 + k)
        const y = Array.from({ length: m }, (_, i) => total(x.map((xj, j) => once[i * n + j] * xj)))
        expect(Math.hypot(...y) / Math.hypot(...x)).toBeLessThanOrEqual(0.8 * (1 + 4 * m * n * epsilon))
      }
      expect(project(once)).toEqual(once)
    }
  })

  it('an intersection without a closed form is within 1e-6 of every member, or float32', () => {
    const all = dykstra(300)(monotone('increasing'), halfSpace([1, 1, 1], 0.5), box(-1, 1))
    const once = bound(all, [3, 8], [0], on)(numbers(24, 5).map((x) => 3 * x))
    for (const v of columns(once, 3, 8)) {
      const excess = Math.max(v[0] - v[1], v[1] - v[2], total(v) - 0.5, ...v.map((x) => Math.abs(x) - 1))
      expect(excess).toBeLessThanOrEqual(Math.max(1e-6, 8 * epsilon))
    }
  })
})

describe('a projection', () => {
  it('goes along the incoming axes of a filter, and over the whole parameter where told', () => {
    const w = numbers(24, 1)
    const each = bound(topK(2), [2, 2, 2, 3], [0, 1, 2])(w)
    expect(columns(each, 8, 3).map((v) => v.filter((x) => x !== 0).length)).toEqual([2, 2, 2])
    const all = bound(whole(topK(2)), [2, 2, 2, 3], [0, 1, 2])(w)
    expect(all.filter((x) => x !== 0).map(Math.abs)).toEqual([...w].map(Math.abs).sort((p, q) => q - p).slice(0, 2).sort((p, q) =>
      w.map(Math.abs).indexOf(p) - w.map(Math.abs).indexOf(q)))
    expect(sizes(bound(whole(l1Ball(1)), [2, 2, 2, 3], [0, 1, 2])(w))).toBeCloseTo(1, 14)
    expect(bound(whole(symmetric), [2, 2], [0])([1, 2, 4, 5])).toEqual([1, 3, 3, 5])
  })
  it('takes each element of a bias for a unit of its own', () => {
    expect(bound(simplex(2), [3], [])([-5, 0.5, 3])).toEqual([2, 2, 2])
    expect(bound(l1Ball(2), [3], [])([-5, 0.5, 3])).toEqual([-2, 0.5, 2])
    expect(bound(topK(1), [3], [])([-5, 0.5, 3])).toEqual([-5, 0.5, 3])
  })
  it.each([
    ['simplex', simplex()], ['l1Ball', l1Ball(1)], ['l1Sphere', l1Sphere(1)], ['lInfBall', lInfBall(1)], ['lInfSphere', lInfSphere(1)],
    ['topK', topK(1)], ['monotone', monotone('increasing')], ['halfSpace', halfSpace([1, 1], 1)], ['hyperplane', hyperplane([1, 1], 1)],
    ['spectralNormBall', spectralNormBall(1)], ['orthonormalColumns', orthonormalColumns],
    ['intersection', intersection(monotone('increasing'), maxNorm(1))]
  ] as const)('%s does not hide what is no number, so that the run ends there', (_, c) => {
    for (const wrong of [NaN, Infinity]) {
      expect(bound(c, [2, 1], [0])([wrong, 0.5]).every(Number.isFinite)).toBe(wrong === Infinity && c.spec.kind.startsWith('lInf'))
    }
  })
  it('gives exact zeros', () => {
    expect(bound(l1Ball(1), [3, 1], [0])([2, -0.5, 0])).toEqual([1, 0, 0])
    expect(bound(simplex(), [3, 1], [0])([2, -0.5, 0])).toEqual([1, 0, 0])
  })
  it('takes bounds that a batch carries', () => {
    const radius = hyper('radius', 1, { min: 0.5, max: 2, open: 'none' })
    const both = intersection(nonNegative, l1Ball(radius))
    for (const c of [l1Ball(radius), simplex(radius), halfSpace([1, 1], radius), spectralNormBall(radius), both]) {
      expect(c.issues).toEqual([])
      const run = reference().evaluate([c.project([0])(variable('w', [2, 1]))])
      const sum = total(Array.from(run({ values: (path) => (path === 'w' ? [3, 3] : [2]), seed: 0, step: 0, position: 0 })[0]))
      expect(sum).toBeCloseTo(c.spec.kind === 'spectralNormBall' ? 2 * Math.SQRT2 : 2, 14)
    }
  })
  it('is told by its spec', () => {
    expect(showSpec(intersection(nonNegative, whole(maxNorm(3))).spec)).toBe(
      'intersection(of [nonNegative, whole(of maxNorm(cap 3))], cycles 100)')
  })
})

describe('an intersection', () => {
  it('is closed, without a loop, where the form is known', () => {
    const nodes = (c: Constraint) => JSON.stringify(showSpec(c.spec)) && c.project([0])(variable('w', [3, 2])).primitive.name
    expect(nodes(intersection(nonNegative, maxNorm(1)))).toBe(nodes(maxNorm(1)))
    expect(nodes(intersection(simplex(), nonNegative))).toBe(nodes(simplex()))
    expect(bound(intersection(box(-1, 2), nonNegative, lInfBall(1.5)), [3, 1], [0])([-3, 1, 3])).toEqual([0, 1, 1.5])
  })
  it('keeps −0 where it is allowed', () => {
    expect(bound(intersection(monotone('increasing'), box(-1, 1)), [2, 1], [0])([-0, 0.5])).toEqual([-0, 0.5])
  })
  it('of planes at 21° is reached to 1e-6 in 100 cycles, each of which leaves cos²(21°) = .872: .872¹⁰⁰ = 1.1e-6 of at most ½', () => {
    const [c, s] = [Math.cos(21 * Math.PI / 180), Math.sin(21 * Math.PI / 180)]
    const project = bound(intersection(hyperplane([1, 0], 0), hyperplane([c, s], 0)), [2, 1], [0])
    for (let k = 0; k < 24; k++) {
      const [x, y] = project([Math.cos(k * Math.PI / 12), Math.sin(k * Math.PI / 12)])
      expect(Math.max(Math.abs(x), Math.abs(c * x + s * y))).toBeLessThanOrEqual(1e-6)
    }
  })
  it('of sets without a common point ends at a point of the last', () => {
    const [a, b] = bound(intersection(hyperplane([1, 1], 4), box(0, 1)), [2, 1], [0])([0.2, 0.1])
    expect([a, b]).toEqual([1, 1])
  })
})

describe('bad options are issues with the path of the option:', () => {
  const told = (kernelConstraint: Constraint) => {
    const model = sequential([3], dense(2, { kernelConstraint }))
    return E.isLeft(model) ? model.left.map(showIssue) : []
  }
  it.each<readonly [string, Constraint, readonly string[]]>([
    ['a normal of another length', halfSpace([1, 2], 0), [
      'halfSpace: found halfSpace [2, 3]: coefficients for 2 weights, where a unit has 3, allowed: shapes that fit halfSpace'
    ]],
    ['rows of another length', affine([[1, 2, 3, 4]], [0]), [
      'affine: found affine [2, 3]: coefficients for 4 weights, where a unit has 3, allowed: shapes that fit affine'
    ]],
    ['rows of different lengths', affine([[1, 2, 3], [1, 2]], [0, 0]), [
      'affine/rows: found rows of 3, 2 numbers, allowed: as many in each, at least 1'
    ]],
    ['too few bounds, one of them NaN', affine([[1, 2, 3], [0, 1, 1]], [NaN]), [
      'affine/bounds: found 1 bounds, allowed: 2, as many as rows', 'affine/bounds/0: found NaN, allowed: a finite number'
    ]],
    ['no rows', affine([], []), ['affine/rows: found rows of no numbers, allowed: as many in each, at least 1']],
    ['a normal of zeros', hyperplane([0, 0, 0], 0), ['hyperplane/normal: found zeros, allowed: rows that are independent']],
    ['a normal that is not finite', hyperplane([0, NaN, 0], 0), [
      'hyperplane/normal: found numbers that are not finite, allowed: finite numbers'
    ]],
    ['no square', symmetric, [
      'symmetric: found symmetric [3, 2]: 3 weights of each of 2 units are no square, allowed: shapes that fit symmetric'
    ]],
    ['an axis that is none', monotone('increasing', { axis: 2 }), [
      'monotone: found transpose [3, 2]: [0, 1, 2] is no order of 2 axes, allowed: shapes that fit transpose'
    ]],
    ['a radius of 0', l1Ball(0), ['l1Ball/radius: found 0, allowed: a number, 0 < radius']],
    ['half a weight', topK(0.5), ['topK/k: found 0.5, allowed: a whole number ≥ 1']],
    ['a box that is empty', box(1, 0), ['box/low: found 1, allowed: a number, low ≤ 0']],
    ['a box without an end', box(0, Infinity), ['box/high: found Infinity, allowed: a finite number']],
    ['a member that is wrong', intersection(nonNegative, maxNorm(-1)), [
      'intersection/1/maxNorm/cap: found -1, allowed: a number, 0 < cap'
    ]],
    ['a part that is wrong', whole(maxNorm(-1)), ['whole/maxNorm/cap: found -1, allowed: a number, 0 < cap']],
    ['no cycles', dykstra(0)(nonNegative, unitNorm), ['intersection/cycles: found 0, allowed: a whole number ≥ 1']]
  ])('%s', (_, c, messages) => { expect(told(c)).toEqual(messages.map((m) => `dense/0/kernel/${m}`)) })
  it('and coefficients for the weights of a filter fit, in their order', () => {
    const kernelConstraint = hyperplane([1, 1, 1, 1], 0)
    expect(E.isRight(sequential([4, 4, 1], conv2d(3, [2, 2], { kernelConstraint }), flatten))).toBe(true)
  })
})

const optimizers: readonly (readonly [string, Optimizer])[] = [
  ['sgd', sgd(1)], ['sgd with momentum', sgd(1, { momentum: 0.9 })],
  ['sgd with Nesterov momentum', sgd(1, { momentum: 0.9, nesterov: true })],
  ['torchSgd', torchSgd(1, { momentum: 0.9 })], ['adam', adam(1)], ['torchAdam', torchAdam(1)], ['adamw', adamw(1, { weightDecay: 0.1 })],
  ['adagrad', adagrad(1)], ['rmsprop', rmsprop(1)]
]
/** Three steps of one dense layer, each of which would leave what is allowed. */
const runOf = (optimizer: Optimizer, engine: Engine): ConstrainedRun => (kernelConstraint, seed) => {
  const batch = { x: tensor([[3, -2], [1, 4]]), y: tensor([[9, -9], [-7, 8]]) }
  const t = right(trainer({ model: right(sequential([2], dense(2, { kernelConstraint }))), loss: mse(), optimizer, engine }))
  return [0, 1, 2].reduce<readonly TrainState[]>((all) => [...all, right(step(t)(all.at(-1) ?? start(t, seed), batch))], [])
    .map((state) => parametersOf(t, state)['dense/0/kernel'])
}
optimizers.forEach(([name, optimizer]) => {
  bind({ describe, it })(`every constraint after every step of ${name}`, constrainedLaws(runOf(optimizer, reference())))
  bind({ describe, it })(`every constraint after every step of ${name}, in WebAssembly`, constrainedLaws(runOf(optimizer, simd)))
})
