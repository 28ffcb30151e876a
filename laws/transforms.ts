/** Laws of gradient transformations. */
import { topological, type Expr, variable, type Scalar } from 'tikhonov/expr'
import type { ByPath } from 'tikhonov/layer'
import type { GradientTransform } from 'tikhonov/optimizers'
import { positive } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { noIssues, noProblems } from './sound.js'
import {
  along, applied, eachElement, fewCourses, fewParameters, filled, gradientPath, gradients, mapped, moments, points,
  type Parameter, type Point
} from './trajectory.js'

const leavesOf = (roots: readonly Expr[]): readonly string[] =>
  topological(roots).flatMap((e) =>
    // The attributes of a variable are its path and shape.
    (e.primitive.name === 'variable' ? [(e as Expr<{ readonly path: string }>).attributes.path] : []))

const none = (what: string, found: readonly string[]): Outcome => found.length === 0 || `${what}: ${found.join(', ')}`

/**
 * The laws of every gradient transformation: it gives directions for parameters that had one, of their shapes; it remembers what it
 * declares, under its place, and reads nothing else; at another place it is the same with other slots; two builds of it are the same;
 * finite gradients make finite directions, all zeros too.
 * @example
 * ```ts
 * import { check, transformLaws } from 'tikhonov/laws'
 * import { scaleByAdam } from 'tikhonov/optimizers'
 * check(transformLaws(scaleByAdam())).map((verdict) => verdict._tag) // => ['Passed', 'Passed', 'Passed', 'Passed', 'Passed']
 * ```
 */
export const transformLaws = (transform: GradientTransform, parameters: ByPath<Parameter> = fewParameters): Suite => {
  const at = (place: string) => applied(transform, parameters, 1, place)
  const course = moments(transform, parameters)
  const nothing = filled(parameters, 0)
  return suite('gradient transformation', transform, [
    law('keeps to its parameters', 'dom(delta′) ⊆ dom(delta), shape(delta′) = shape(delta)', [], () => {
      const { delta, weights } = at('here')
      return every(
        noIssues(transform.issues),
        noProblems(Object.values(delta)),
        none('directions that it was not given', Object.keys(delta).filter((path) => parameters[path] === undefined)),
        about('shapes', same(mapped(delta, (d) => d.shape), mapped(delta, (_, path) => parameters[path].shape))),
        about('without any direction', same(transform.update('here')({}, weights, 1).delta, {}))
      )
    }),
    law('declares its memory', 'what it reads is given, or a slot under its place', [], () => {
      const { delta, slots } = at('here')
      const known = new Set([...Object.keys(parameters).flatMap((path) => [path, gradientPath(path)]), ...Object.keys(slots)])
      const read = leavesOf([...Object.values(delta), ...Object.values(slots).map((cell) => cell.next)])
      return every(
        none('reads what is no slot of its own', read.filter((path) => !known.has(path))),
        none('slots elsewhere', Object.keys(slots).filter((path) => !path.startsWith('here/'))),
        about('next values', same(mapped(slots, ({ next }) => next.shape), mapped(slots, ({ shape }) => shape))),
        about('first values', same(mapped(slots, ({ initial }, path) => initial(path).shape), mapped(slots, ({ shape }) => shape)))
      )
    }),
    law('lives at its place', 'slots(there) = slots(here), elsewhere', [], () =>
      same(Object.keys(at('there').slots), Object.keys(at('here').slots).map((path) => path.replace(/^here\//, 'there/')))),
    law('is finite', 'g ∈ ℝⁿ ⇒ delta′ ∈ ℝⁿ', [gradients(parameters), points(parameters)], (given, from) =>
      every(...course(along(given, from)).map(({ delta }) =>
        about('is finite', same(mapped(delta, (d) => d.every(Number.isFinite)), mapped(delta, () => true))))),
    { mostRuns: fewCourses, corners: [[Array.from({ length: 40 }, () => nothing), nothing]] }),
    law('built twice', 'update built again is update', [gradients(parameters), points(parameters)], (given, from) =>
      same(moments(transform, parameters)(along(given, from)), course(along(given, from))), { mostRuns: 5 })
  ], [], { parameters })
}

/** What a clip bounds: each element, each parameter's length, the length of all. */
export type ClipBy = 'value' | 'norm' | 'globalNorm'

const blocksOf = (by: ClipBy, point: Point): readonly (readonly number[])[] => {
  const each = Object.keys(fewParameters).map((path) => point[path])
  return by === 'value' ? each.flat().map((x) => [x]) : by === 'norm' ? each : [each.flat()]
}

const length = (block: readonly number[]): number => Math.hypot(...block)

/** Squares, a sum, a root, a quotient and a product are each off by half a unit at most: 4n + 4 halves of one bound them all. */
const rounding = (block: readonly number[]): number => (4 * block.length + 4) * Number.EPSILON

/**
 * The laws of clipping: what is longer than the limit becomes as long as it, in its direction; what is not stays bit for bit. They hold
 * of elements, of each parameter, or of all together, as `by` says, however large the gradients.
 * @example
 * ```ts
 * import { check, clipLaws } from 'tikhonov/laws'
 * import { clipByGlobalNorm, clipByNorm } from 'tikhonov/optimizers'
 * check(clipLaws('globalNorm', clipByGlobalNorm)).map((verdict) => verdict._tag) // => ['Passed', 'Passed', 'Passed']
 * check(clipLaws('globalNorm', clipByNorm)).map((verdict) => verdict._tag) // => ['Failed', 'Passed', 'Failed']
 * ```
 */
export const clipLaws = (by: ClipBy, clip: (limit: Scalar) => GradientTransform): Suite => {
  const course = moments(clip(variable('limit', [])))
  const clipped = (d: Point, limit: number): Point => course(along([d], d, { limit }))[1].delta
  const pairs = (d: Point, limit: number) => {
    const after = blocksOf(by, clipped(d, limit))
    return blocksOf(by, d).map((block, i) => [block, after[i]] as const)
  }
  const huge = filled(fewParameters, -1e200)
  return suite(`clip by ${by}`, clip, [
    law('size', '|clip(d)| = min(|d|, c)', [points(), positive()], (d, limit) =>
      every(...pairs(d, limit).map(([block, after]) => near(length(after), Math.min(length(block), limit), { relative: rounding(block) }))),
    { corners: [[huge, 1], [filled(fewParameters, 0), 1]] }),
    law('identity inside', '|d| ≤ c ⇒ clip(d) = d', [points(), positive(), positive({ largest: 0.99 })], (d, limit, part) => {
      const size = length(Object.values(d).flat())
      const inside = eachElement(d, (x) => (size === 0 ? 0 : (x / size) * limit * part))
      return same(clipped(inside, limit), inside)
    }),
    law('direction', 'clip(d)/|clip(d)| = d/|d|', [points(), positive()], (d, limit) =>
      every(...pairs(d, limit).filter(([block]) => length(block) > 0).map(([block, after]) =>
        near(after.map((x) => x / length(after)), block.map((x) => x / length(block)), { relative: 2 * rounding(block) }))),
    { corners: [[huge, 1]] })
  ])
}
