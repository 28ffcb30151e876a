/** Laws of constraints: of what every one keeps, of projections, of projections onto convex sets, and of steps towards them. */
import fc from 'fast-check'
import type { Constraint } from 'tikhonov/constraints'
import { problems, variable, type Shape } from 'tikhonov/expr'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { alike, real, shape } from './arbitraries/index.js'
import type { FeasibleSet } from './feasible.js'
import { inner, length, rounding, weight } from './functional.js'
import { about, atMost, every, law, near, same, suite, type Suite } from './kit/index.js'
import { prepared } from './prepared.js'

/** A shape of parameters, and the axes over which the incoming weights of a unit lie. */
export interface Layout {
  readonly shape: Shape
  readonly incoming: readonly number[]
}

/** What constraints are tried on. */
export interface ConstraintTrial {
  /** Weights: moderate ones, large ones and many zeros unless told. */
  readonly elements?: fc.Arbitrary<number>
  /** Layouts, where a constraint does not take any; rank 1 … 3, sizes 1 … 3 and any axes unless told. */
  readonly layouts?: fc.Arbitrary<Layout>
  /** Whether all elements are one unit's, however they lie: of a constraint on a whole parameter, or on a matrix. No unless told. */
  readonly whole?: boolean
}

/** Parameters of one shape, and the axes over which the incoming weights of a unit lie. */
interface Parameters {
  readonly ws: readonly Tensor[]
  readonly incoming: readonly number[]
}

const anyWeight = (): fc.Arbitrary<number> => {
  const large = real({ smallest: 2 ** -6, largest: 2 ** 12 })
  return fc.oneof({ withCrossShrink: true }, { arbitrary: weight(), weight: 4 }, { arbitrary: large, weight: 1 })
}

/** A constraint as a function of a parameter and its incoming axes. */
const asFunction = (c: Constraint) => prepared<readonly number[]>((w, incoming) => c.project(incoming)(w))

const count = (sizes: Shape): number => sizes.reduce((n, d) => n * d, 1)

/** For each unit, where its incoming weights lie. */
const units = (sizes: Shape, incoming: readonly number[], { whole }: ConstraintTrial): readonly (readonly number[])[] => {
  const kept = whole === true ? [] : sizes.map((_, axis) => axis).filter((axis) => !incoming.includes(axis))
  const coordinate = (i: number, axis: number) => Math.floor(i / count(sizes.slice(axis + 1))) % sizes[axis]
  const unitOf = (i: number) => kept.reduce((u, axis) => u * sizes[axis] + coordinate(i, axis), 0)
  const all = Array.from({ length: count(sizes) }, (_, i) => i)
  return Array.from({ length: count(kept.map((axis) => sizes[axis])) }, (_, u) => all.filter((i) => unitOf(i) === u))
}

/** Some units as they are, the others 0 or as in another tensor. */
const mixed = (
  w: Tensor, other: Tensor, incoming: readonly number[], trial: ConstraintTrial, from: (unit: number) => boolean
): Tensor => {
  const own = new Set(units(w.shape, incoming, trial).flatMap((at, u) => (from(u) ? at : [])))
  return tensor(w.data.map((x, i) => (own.has(i) ? x : other.data[i])), w.shape)
}

/** Any layout: rank 1 … 3, sizes 1 … 3. */
const anyLayout = (): fc.Arbitrary<Layout> =>
  fc.tuple(shape({ minRank: 1, maxRank: 3, maxSize: 3 }), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }))
    .map(([sizes, axes]) => ({ shape: sizes, incoming: sizes.flatMap((_, axis) => (axes[axis] ? [axis] : [])) }))

/** As many tensors of one layout as asked, one unit in four 0. */
const parameters = (many: number, trial: ConstraintTrial): fc.Arbitrary<Parameters> => {
  const { elements = anyWeight(), layouts = anyLayout() } = trial
  return layouts.chain(({ shape: sizes, incoming }) => fc.tuple(alike(many, elements, fc.constant(sizes)), fc.nat()).map(([ws, zeros]) => {
    const zero = tensor(new Float64Array(count(sizes)), sizes)
    return { incoming, ws: ws.map((w) => mixed(w, zero, incoming, trial, (u) => (zeros >> u) % 4 !== 3)) }
  }))
}

/** Weights that are all 0, where any layout will do. */
const nothing = ({ layouts }: ConstraintTrial): readonly [Parameters][] =>
  (layouts === undefined ? [[{ ws: [tensor([[0, 0], [0, 0], [0, 0]])], incoming: [0] }]] : [])

/**
 * What every constraint keeps, projection or not: the shape, finiteness, and that units do not see each other: what becomes of one unit's
 * incoming weights depends on them alone, so that two builds of it are the same.
 * @example
 * ```ts
 * import { minMaxNorm } from 'tikhonov/constraints'
 * import { check, constraintLaws } from 'tikhonov/laws'
 * check(constraintLaws(minMaxNorm({ min: 1, max: 2, rate: 0.5 }))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const constraintLaws = (c: Constraint, trial: ConstraintTrial = {}): Suite => {
  const project = asFunction(c)
  return suite('constraint', c, [
    law('keeps the shape', 'shape(P(w)) = shape(w)', [parameters(1, trial)], ({ ws: [w], incoming }) => {
      const y = c.project(incoming)(variable('w', w.shape))
      return every(about('issues', same(c.issues, [])), about('problems', same(problems([y]), [])), about('shape', same(y.shape, w.shape)))
    }, { mostRuns: 25 }),
    law('built twice', 'P built again is P', [parameters(1, trial)], ({ ws: [w], incoming }) =>
      same(asFunction(c)(w, incoming), project(w, incoming)), { mostRuns: 25 }),
    law('finite', 'P(w) ∈ ℝⁿ', [parameters(1, trial)], ({ ws: [w], incoming }) => project(w, incoming).every(Number.isFinite), {
      corners: nothing(trial)
    }),
    law('units apart', 'vᵤ = wᵤ ⇒ P(v)ᵤ = P(w)ᵤ', [parameters(2, trial), fc.nat()], ({ ws: [w, v], incoming }, pick) => {
      const all = units(w.shape, incoming, trial)
      const unit = pick % all.length
      const [got, expected] = [mixed(w, v, incoming, trial, (u) => u === unit), w].map((x) => project(x, incoming))
      return about(`unit ${unit}`, same(all[unit].map((i) => got[i]), all[unit].map((i) => expected[i])))
    })
  ])
}

/**
 * What a constraint with axes of its own obeys: which way a layer's units lie is nothing to it.
 * @example
 * ```ts
 * import { kerasMaxNorm, maxNorm } from 'tikhonov/constraints'
 * import { check, ownAxesLaws } from 'tikhonov/laws'
 * check(ownAxesLaws(kerasMaxNorm(2))).map((verdict) => verdict._tag) // => ['Passed']
 * check(ownAxesLaws(maxNorm(2))).map((verdict) => verdict._tag) // => ['Failed']
 * ```
 */
export const ownAxesLaws = (c: Constraint, trial: ConstraintTrial = {}): Suite => {
  const project = asFunction(c)
  return suite('own axes', c, [
    law('the units are not seen', 'P over I (w) = P over no axes (w)', [parameters(1, trial)], ({ ws: [w], incoming }) =>
      same(project(w, incoming), project(w, [])))
  ])
}

/** What a constraint makes of the weights of a unit alone. */
export const alone = (c: Constraint) => {
  const project = asFunction(c)
  return (v: readonly number[], { shape: sizes, incoming }: Layout): readonly number[] =>
    project(tensor(Float64Array.from(v), sizes), incoming)
}
const minus = (v: readonly number[], w: readonly number[]): readonly number[] => v.map((x, i) => x - w[i])
/** Layouts of one unit: columns, of 1 … 5 elements unless told. */
const lone = ({ layouts, whole = false }: ConstraintTrial): fc.Arbitrary<Layout> =>
  layouts !== undefined && whole ? layouts
  : (layouts?.map(({ shape: sizes, incoming }) => count(incoming.map((a) => sizes[a]))) ?? fc.integer({ min: 1, max: 5 }))
    .map((n) => ({ shape: [n, 1], incoming: [0] }))
/** The weights of units of one layout, from what makes them. */
export const together = (trial: ConstraintTrial, ...makers: readonly FeasibleSet['points'][]) =>
  lone(trial).chain((layout) => fc.tuple(fc.constant(layout), ...makers.map((make) => make(count(layout.shape), layout.shape))))
/** The weights of a unit. */
export const vectors = ({ elements = anyWeight() }: ConstraintTrial) => (n: number) => fc.array(elements, { minLength: n, maxLength: n })

/**
 * What a projection onto a set obeys, in floating point: P(w) is allowed, to 4·n·ε of the bound, n the number of a unit's weights;
 * P(P(w)) = P(w) and P(v) = v for every v that is allowed, bit for bit; no point that is allowed is nearer to w than P(w).
 * `set` says what is allowed of one unit (`feasible.ball(cap)`, …). Parent: `constraintLaws`.
 * @example
 * ```ts
 * import { kerasMaxNorm, maxNorm } from 'tikhonov/constraints'
 * import { check, feasible, projectionLaws } from 'tikhonov/laws'
 * const failed = check(projectionLaws(kerasMaxNorm(2), feasible.ball(2))).flatMap((v) => (v._tag === 'Failed' ? [v.law] : []))
 * failed.includes('projection › idempotent') && failed.includes('projection › keeps what is allowed') // => true
 * check(projectionLaws(maxNorm(2), feasible.ball(2))).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const projectionLaws = (c: Constraint, set: FeasibleSet, trial: ConstraintTrial = {}): Suite => {
  const [project, one] = [asFunction(c), alone(c)]
  return suite('projection', c, [
    law('feasible', 'P(w) is allowed', [parameters(1, trial)], ({ ws: [w], incoming }) => {
      const p = project(w, incoming)
      return every(...units(w.shape, incoming, trial).map((at, u) =>
        about(`the excess of unit ${u}`, atMost(set.excess(at.map((i) => p[i]), w.shape), 4 * at.length * Number.EPSILON))))
    }, { corners: nothing(trial) }),
    law('idempotent', 'P(P(w)) = P(w)', [parameters(1, trial)], ({ ws: [w], incoming }) => {
      const p = project(w, incoming)
      return same(project(tensor(Float64Array.from(p), w.shape), incoming), p)
    }),
    law('keeps what is allowed', 'v ∈ C ⇒ P(v) = v', [together(trial, set.points)], ([layout, v]) => same(one(v, layout), v)),
    law('nearest', '|w − P(w)| ≤ |w − v| for v ∈ C', [together(trial, vectors(trial), set.points)], ([layout, w, v]) =>
      atMost(length(minus(w, one(w, layout))), length(minus(w, v)) + rounding(w.length) * (length(w) + length(v))))
  ], [constraintLaws(c, trial)])
}

/**
 * What a projection onto a convex set obeys besides: the angle at P(w) is not acute, ⟨w − P(w), v − P(w)⟩ ≤ 0 for every v that is allowed,
 * which is what nearest means there; and it brings no two points apart, ‖P(v) − P(w)‖ ≤ ‖v − w‖. Parent: `projectionLaws`.
 * @example
 * ```ts
 * import { nonNegative } from 'tikhonov/constraints'
 * import { check, convexProjectionLaws, feasible } from 'tikhonov/laws'
 * check(convexProjectionLaws(nonNegative, feasible.orthant)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const convexProjectionLaws = (c: Constraint, set: FeasibleSet, trial: ConstraintTrial = {}): Suite => {
  const one = alone(c)
  return suite('convex projection', c, [
    law('variational inequality', '⟨w − P(w), v − P(w)⟩ ≤ 0 for v ∈ C', [together(trial, vectors(trial), set.points)], ([layout, w, v]) => {
      const p = one(w, layout)
      return atMost(inner(minus(w, p), minus(v, p)), rounding(w.length) * (length(w) + length(v)) ** 2)
    }),
    law('non-expansive', '|P(v) − P(w)| ≤ |v − w|', [together(trial, vectors(trial), vectors(trial))], ([layout, v, w]) =>
      atMost(length(minus(one(v, layout), one(w, layout))), length(minus(v, w)) + rounding(w.length) * (length(v) + length(w))))
  ], [projectionLaws(c, set, trial)])
}

/**
 * What a relaxation of a projection P obeys: it goes the part `rate` of the way, R(w) = w + rate·(P(w) − w), and what P keeps it keeps, bit
 * for bit. Parent: `constraintLaws`.
 * @example
 * ```ts
 * import { minMaxNorm } from 'tikhonov/constraints'
 * import { check, relaxationLaws } from 'tikhonov/laws'
 * const [half, whole] = [0.5, 1].map((rate) => minMaxNorm({ min: 1, max: 2, rate }))
 * check(relaxationLaws(half, whole, 0.5)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const relaxationLaws = (relaxed: Constraint, projection: Constraint, rate: number, trial: ConstraintTrial = {}): Suite => {
  const [part, whole] = [relaxed, projection].map(asFunction)
  return suite('relaxation', relaxed, [
    law('goes part of the way', 'R(w) = w + rate·(P(w) − w)', [parameters(1, trial)], ({ ws: [w], incoming }) => {
      const p = whole(w, incoming)
      const scale = length([...w.data]) + length(p)
      const expected = p.map((x, i) => w.data[i] + rate * (x - w.data[i]))
      return near(part(w, incoming), expected, { absolute: rounding(p.length) * scale })
    }, { corners: nothing(trial) }),
    law('keeps what the projection keeps', 'P(v) = v ⇒ R(v) = v', [parameters(1, trial)], ({ ws: [w], incoming }) => {
      const p = whole(w, incoming)
      return same(part(tensor(Float64Array.from(p), w.shape), incoming), p)
    })
  ], [constraintLaws(relaxed, trial)])
}
