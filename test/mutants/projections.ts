import fc from 'fast-check'
import {
  affine, box, constraint, dykstra, halfSpace, hypercube, hyperplane, intersection, kerasMaxNorm, l1Ball, l1Sphere, l2Ball, l2Sphere,
  lInfBall, lInfSphere, maxNorm, monotone, nonNegative, orthonormalColumns, simplex, spectralNormBall, symmetric, topK, whole,
  type Constraint
} from 'tikhonov/constraints'
import {
  abs, add, concat, constant, div, greater, keepAxes, max, min, mul, neg, reduceMax, select, slice, sub, sum, svd, transpose, type Expr
} from 'tikhonov/expr'
import {
  convexProjectionLaws, feasible, intersectionLaws, projectionLaws, type ConstraintTrial, type Layout, type Suite
} from 'tikhonov/laws'
import { l1Norm, lInfNorm } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

/** Units of n weights, one to three of them. */
const units = (n: number): ConstraintTrial => ({
  layouts: fc.constantFrom<Layout>(
    { shape: [n, 1], incoming: [0] }, { shape: [2, n], incoming: [1] }, { shape: [n, 3], incoming: [0] })
})
/** Matrices of which one side has size 1 or 2. */
const matrices: ConstraintTrial = {
  whole: true,
  layouts: fc.tuple(fc.constantFrom([1, 1], [1, 3], [4, 1], [2, 2], [3, 2], [2, 4], [5, 2]), fc.constantFrom([0], [1]))
    .map(([shape, incoming]) => ({ shape, incoming }))
}
const squares: ConstraintTrial = { whole: true, layouts: fc.constantFrom(1, 2, 3).map((n) => ({ shape: [n, n], incoming: [0] })) }
const all: ConstraintTrial = {
  whole: true,
  layouts: fc.constantFrom<Layout>(
    { shape: [2, 3], incoming: [0] }, { shape: [5], incoming: [] }, { shape: [2, 2, 1], incoming: [1] }
  )
}

const first = { row: [1, -2, 2], bound: 3, pivot: 1 }
const planes = [{ row: [1, 0, 3], bound: 0, pivot: 0 }, { row: [0, 2, 1], bound: -1, pivot: 1 }]
const inOrthant = ({ excess, points }: feasible.FeasibleSet): feasible.FeasibleSet => ({
  excess: (v, shape) => Math.max(excess(v, shape), feasible.orthant.excess(v)),
  points: (n, shape) => points(n, shape).map((v) => v.map(Math.abs))
})

/** What two sets hold, given by a map from points of the first into both. */
const common = (
  a: feasible.FeasibleSet, b: feasible.FeasibleSet, into: (v: readonly number[]) => readonly number[]
): feasible.FeasibleSet => ({
  excess: (v, shape) => Math.max(a.excess(v, shape), b.excess(v, shape)),
  points: (n, shape) => a.points(n, shape).map(into)
})
const sorted = common(feasible.ball(2), feasible.monotone('increasing'), (v) => [...v].sort((p, q) => p - q))
/** The ball's points, on the other side of the plane where they are on the wrong one. */
const ballAndCone = common(feasible.ball(2), feasible.flat([{ ...first, bound: 0 }], true), (v) =>
  v.map((x) => (first.row.reduce((total, a, i) => total + a * v[i], 0) > 0 ? -x : x)))
const [ball, half] = [feasible.ball(2), feasible.flat([first], true)]
/** Towards 0, which both hold, until ⟨row, v⟩ is below the bound. */
const ballAndHalf = common(ball, half, (v) => {
  const along = first.row.reduce((total, a, i) => total + a * v[i], 0)
  return along <= first.bound ? v : v.map((x) => x * (first.bound / along) * (1 - 1e-9))
})
const rising = common(feasible.box(-1, 1), feasible.monotone('increasing'), (v) => [...v].sort((p, q) => p - q))
const shares = common(feasible.simplex(1), feasible.flat([{ row: [1, 1, 1], bound: 1, pivot: 0 }]), (v) => v)
const evenMatrix = common(feasible.spectralNormBall(2), feasible.symmetric, ([a, b, c, d]) => [a, (b + c) / 2, (b + c) / 2, d])
const two: ConstraintTrial = { whole: true, layouts: fc.constant({ shape: [2, 2], incoming: [0] }) }

export const suites: readonly Suite[] = [
  convexProjectionLaws(box(-1, 0.5), feasible.box(-1, 0.5)),
  convexProjectionLaws(hypercube(2), feasible.box(0, 2)),
  convexProjectionLaws(simplex(), feasible.simplex(1)),
  convexProjectionLaws(l1Ball(2), feasible.l1Ball(2)),
  convexProjectionLaws(l2Ball(2), feasible.ball(2)),
  convexProjectionLaws(lInfBall(2), feasible.box(-2, 2)),
  projectionLaws(l1Sphere(2), feasible.l1Sphere(2)),
  projectionLaws(l2Sphere(2), feasible.l2Sphere(2)),
  projectionLaws(lInfSphere(2), feasible.lInfSphere(2)),
  projectionLaws(topK(2), feasible.sparse(2)),
  convexProjectionLaws(monotone('increasing'), feasible.monotone('increasing')),
  convexProjectionLaws(monotone('decreasing'), feasible.monotone('decreasing')),
  convexProjectionLaws(halfSpace(first.row, first.bound), feasible.flat([first], true), units(3)),
  convexProjectionLaws(halfSpace([-4], 0), feasible.flat([{ row: [-4], bound: 0, pivot: 0 }], true), units(1)),
  convexProjectionLaws(hyperplane(first.row, first.bound), feasible.flat([first]), units(3)),
  convexProjectionLaws(affine(planes.map((p) => p.row), planes.map((p) => p.bound)), feasible.flat(planes), units(3)),
  convexProjectionLaws(symmetric, feasible.symmetric, squares),
  convexProjectionLaws(spectralNormBall(2), feasible.spectralNormBall(2), matrices),
  projectionLaws(orthonormalColumns, feasible.stiefel, matrices),
  convexProjectionLaws(whole(l1Ball(2)), feasible.l1Ball(2), all),
  projectionLaws(whole(topK(2)), feasible.sparse(2), all),
  convexProjectionLaws(whole(monotone('increasing')), feasible.monotone('increasing'), all),
  convexProjectionLaws(intersection(nonNegative, maxNorm(2)), inOrthant(feasible.ball(2))),
  convexProjectionLaws(intersection(l1Ball(2), nonNegative), inOrthant(feasible.l1Ball(2))),
  convexProjectionLaws(intersection(simplex(2), nonNegative), feasible.simplex(2)),
  convexProjectionLaws(intersection(box(-1, 2), lInfBall(1.5), nonNegative), feasible.box(0, 1.5)),
  projectionLaws(intersection(nonNegative, topK(2)), inOrthant(feasible.sparse(2))),
  convexProjectionLaws(intersection(monotone('increasing'), maxNorm(2)), sorted),
  convexProjectionLaws(intersection(l2Ball(2), halfSpace(first.row, 0)), ballAndCone, units(3)),
  intersectionLaws(intersection(halfSpace(first.row, first.bound), maxNorm(2)), ballAndHalf, units(3)),
  intersectionLaws(intersection(monotone('increasing'), box(-1, 1)), rising),
  intersectionLaws(intersection(hyperplane([1, 1, 1], 1), nonNegative), shares, units(3)),
  intersectionLaws(intersection(symmetric, spectralNormBall(2)), evenMatrix, two)
]

const wrong = (project: (w: Expr, incoming: readonly number[]) => Expr): Constraint =>
  constraint('wrong', {}, (incoming) => (w) => project(w, incoming))
const scaled = (norm: (w: Expr, axes: readonly number[]) => Expr, radius: number): Constraint => wrong((w, incoming) =>
  mul(w, keepAxes(min(1, div(radius, max(norm(w, incoming), 1e-300))), w.shape, incoming)))
const mutant = (name: string, law: string, suite: () => Suite, more: Partial<Mutant> = {}): Mutant =>
  ({ name, origin: 'one edit', law, suite, ...more })
const convex = (
  name: string, law: string, c: Constraint, set: feasible.FeasibleSet, trial?: ConstraintTrial, origin = 'one edit'
): Mutant =>
  mutant(name, law, () => convexProjectionLaws(c, set, trial), { origin })
const other = (name: string, law: string, c: Constraint, set: feasible.FeasibleSet, trial?: ConstraintTrial): Mutant =>
  mutant(name, law, () => projectionLaws(c, set, trial))
const met = (name: string, law: string, c: Constraint, set: feasible.FeasibleSet, trial?: ConstraintTrial): Mutant =>
  mutant(name, law, () => intersectionLaws(c, set, trial))

const nearest = 'variational inequality'
const one = (row: readonly number[]) => constant(row, [row.length, 1])
/** w − (⟨a, w⟩ − bound)·a·factor for the columns of w. */
const along = (row: readonly number[], bound: number, factor: number) => (w: Expr): Expr =>
  sub(w, mul(mul(sub(keepAxes(sum(mul(w, one(row)), [0]), w.shape, [0]), bound), factor), one(row)))
const alternating = (...members: readonly Constraint[]): Constraint => wrong((w, incoming) =>
  Array.from({ length: 100 }).reduce<Expr>((x) => members.reduce((y, c) => c.project(incoming)(y), x), w))
const columns: ConstraintTrial = { layouts: fc.constant({ shape: [3, 2], incoming: [0] }) }

export const mutants: readonly Mutant[] = [
  convex('a box without its lower bound', 'feasible', wrong((w) => min(w, 0.5)), feasible.box(-1, 0.5)),
  convex('a simplex by dividing by the sum', nearest, wrong((w, axes) => {
    const p = add(max(w, 0), 1e-12)
    return div(p, keepAxes(sum(p, axes), w.shape, axes))
  }), feasible.simplex(1)),
  convex('a simplex threshold over all weights', 'feasible', wrong((w, axes) => {
    const n = axes.reduce((count, a) => count * w.shape[a], 1)
    return max(sub(w, keepAxes(div(sub(sum(w, axes), 1), n), w.shape, axes)), 0)
  }), feasible.simplex(1)),
  { ...convex('an l1 ball by scaling', nearest, scaled(l1Norm, 2), feasible.l1Ball(2)), runs: 300 },
  { ...convex('an l∞ ball by scaling', nearest, scaled(lInfNorm, 2), feasible.box(-2, 2)), runs: 300 },
  other('an l1 sphere that leaves what is inside', 'feasible', l1Ball(2), feasible.l1Sphere(2)),
  other('an l1 sphere by scaling', 'nearest', wrong((w, axes) => {
    const n = axes.reduce((count, a) => count * w.shape[a], 1)
    const size = keepAxes(l1Norm(w, axes), w.shape, axes)
    return select(greater(size, 0), mul(2, div(w, select(greater(size, 0), size, 1))), 2 / n)
  }), feasible.l1Sphere(2)),
  other('an l∞ sphere that only clips', 'feasible', lInfBall(2), feasible.lInfSphere(2)),
  other('an l2 sphere of another radius', 'feasible', l2Sphere(2.1), feasible.l2Sphere(2)),
  other('keeps the k smallest', 'nearest', wrong((w, axes) => sub(w, topK(1).project(axes)(w))), feasible.sparse(2), columns),
  other('keeps all that tie', 'feasible', wrong((w, axes) =>
    mul(w, sub(1, greater(keepAxes(reduceMax(abs(w), axes), w.shape, axes), abs(w))))), feasible.sparse(1),
  { elements: fc.constantFrom(0, 1, -1, 2) }),
  other('a count of the whole taken unit by unit', 'feasible', topK(2), feasible.sparse(2), all),
  convex('a running maximum', nearest, wrong((w) => {
    const [a, b, c] = [0, 1, 2].map((i) => slice(w, [i, 0], [1, w.shape[1]]))
    return concat([a, max(a, b), max(max(a, b), c)], 0)
  }), feasible.monotone('increasing'), columns),
  convex('falls where it should rise', 'feasible', monotone('decreasing'), feasible.monotone('increasing')),
  convex('a half space whose normal is not divided by its length', nearest,
    wrong((w) => {
      const over = greater(keepAxes(sum(mul(w, one(first.row)), [0]), w.shape, [0]), first.bound)
      return select(over, along(first.row, first.bound, 1)(w), w)
    }),
    feasible.flat([first], true), columns),
  convex('a hyperplane met from one side only', 'feasible', halfSpace(first.row, first.bound), feasible.flat([first]), units(3)),
  convex('equations met one after the other', 'feasible', wrong((w) =>
    planes.reduce((x, { row, bound }) => along(row, bound, 1 / row.reduce((total, a) => total + a * a, 0))(x), w)),
  feasible.flat(planes), columns),
  convex('the upper triangle, mirrored', nearest, wrong((w) => {
    const [n] = w.shape
    const upper = constant(Array.from({ length: n * n }, (_, i) => (i % n >= Math.floor(i / n) ? 1 : 0)), w.shape)
    return select(upper, w, transpose(w))
  }), feasible.symmetric, squares),
  {
    ...convex('a spectral norm ball by dividing', nearest, wrong((w) => mul(w, min(1, div(2, max(reduceMax(svd(w).s), 1e-300))))),
      feasible.spectralNormBall(2), { ...two, elements: fc.constantFrom(0, 0, 0, 1, 3) }, 'spectral normalisation'),
    runs: 1000
  },
  other('columns of unit length, at any angle', 'feasible', wrong((w) => l2Sphere(1).project([w.shape[0] < w.shape[1] ? 1 : 0])(w)),
    feasible.stiefel, matrices),
  other('the farthest orthonormal columns', 'nearest', wrong((w) => neg(orthonormalColumns.project([0])(w))), feasible.stiefel, matrices),

  { ...convex('the ball before the orthant', nearest, wrong((w, axes) => max(maxNorm(2).project(axes)(w), 0)), inOrthant(feasible.ball(2))),
    runs: 200 },
  { ...convex('the ball before the cone', nearest, wrong((w, axes) => monotone('increasing').project(axes)(maxNorm(2).project(axes)(w))),
    sorted, { ...columns, elements: fc.constantFrom(-8, -1, 0, 1, 8) }), runs: 1000 },
  convex('the orthant forgotten', 'feasible', l1Ball(2), inOrthant(feasible.l1Ball(2))),
  convex('the orthant before the simplex', nearest, wrong((w, axes) => simplex(2).project(axes)(max(w, 0))), feasible.simplex(2)),

  met('one cycle', 'feasible for every member', dykstra(1)(monotone('increasing'), hyperplane([1, 2, 4], 0)),
    common(feasible.monotone('increasing'), feasible.flat([{ row: [1, 2, 4], bound: 0, pivot: 0 }]), (v) => v.map(() => 0)), units(3)),
  met('a member that shrinks what is allowed', 'keeps common points', intersection(monotone('increasing'), kerasMaxNorm(2)),
    common(ball, feasible.monotone('increasing'), (v) => [...v].sort((p, q) => p - q))),
  met('projections in turn, without memory', 'nearest common point', alternating(nonNegative, hyperplane([1, 1, 1], 1)),
    shares, units(3))
]
