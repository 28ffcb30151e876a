/** What an optimizer does to a few parameters, step by step: what its laws look at. */
import fc from 'fast-check'
import { reference } from 'tikhonov/engine'
import { add, topological, variable, type Expr, type Hyper, type Scalar, type Shape } from 'tikhonov/expr'
import type { ByPath, Role } from 'tikhonov/layer'
import type { GradientTransform, Optimizer, Updated, Weight } from 'tikhonov/optimizers'
import { real, small } from './arbitraries/index.js'

/** A parameter that a law makes up. */
export interface Parameter {
  readonly shape: Shape
  readonly role: Role
}

/** The elements of several tensors, by path. */
export type Point = ByPath<readonly number[]>

/** A kernel, its bias, and a kernel whose path begins like that of the first. */
export const fewParameters: ByPath<Parameter> = {
  'a/kernel': { shape: [2, 2], role: 'kernel' }, 'a/bias': { shape: [2], role: 'bias' }, 'ab/kernel': { shape: [3], role: 'kernel' }
}

/** The same paths with each value put through a function. */
export const mapped = <A, B>(by: ByPath<A>, f: (a: A, path: string) => B): ByPath<B> =>
  Object.fromEntries(Object.entries(by).map(([path, a]) => [path, f(a, path)]))

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** Moderate numbers, one in six small. */
const number = (): fc.Arbitrary<number> =>
  fc.oneof({ withCrossShrink: true }, { arbitrary: real(), weight: 5 }, { arbitrary: small(), weight: 1 })

/** Points for parameters, of moderate and of small numbers. */
export const points = (parameters: ByPath<Parameter> = fewParameters): fc.Arbitrary<Point> =>
  fc.record(mapped(parameters, ({ shape }) => fc.array(number(), { minLength: sizeOf(shape), maxLength: sizeOf(shape), size: 'max' })))

/** The same number everywhere. */
export const filled = (parameters: ByPath<Parameter>, x: number): Point =>
  mapped(parameters, ({ shape }) => Array.from({ length: sizeOf(shape) }, () => x))

/** How long courses are: three steps mostly, one in four so many that what begins late, or adds up, has happened. */
export const lengths = (): fc.Arbitrary<number> =>
  fc.oneof({ withCrossShrink: true }, { arbitrary: fc.constant(3), weight: 3 }, { arbitrary: fc.integer({ min: 20, max: 40 }), weight: 1 })

/** Points for the gradients of a few steps, or of many. */
export const gradients = (parameters: ByPath<Parameter> = fewParameters): fc.Arbitrary<readonly Point[]> =>
  lengths().chain((n) => fc.array(points(parameters), { minLength: n, maxLength: n, size: 'max' }))

/** The point with each element put through a function. */
export const eachElement = (point: Point, f: (x: number, i: number, path: string) => number): Point =>
  mapped(point, (values, path) => values.map((x, i) => f(x, i, path)))

/** How the leaves of a law's update are called: gradients, and the scalars that it gives. */
export const gradientPath = (path: string): string => `gradient/${path}`

/** A transformation applied to the leaves of parameters, which begin where the course does; its slots live under `place`. */
export const applied = (
  transform: GradientTransform, parameters: ByPath<Parameter>, learningRate: Scalar, place: string
): Updated & { readonly weights: ByPath<Weight> } => {
  const weights = mapped(parameters, ({ shape, role }, path): Weight =>
    ({ value: variable(path, shape), initial: variable(path, shape), role, incoming: [] }))
  const gradients = mapped(parameters, ({ shape }, path) => variable(gradientPath(path), shape))
  return { ...transform.update(place)(gradients, weights, learningRate), weights }
}

/** After a step: parameters, the directions that they were moved by (none for a frozen one), and what is remembered. */
export interface Moment {
  readonly at: Point
  readonly delta: Point
  readonly slots: Point
}

/** How to move: where from, what the gradient is at a point and step, for how many steps, and the values of other scalars at a step. */
export interface Course {
  readonly from: Point
  readonly gradient: (at: Point, step: number) => Point
  readonly steps: number
  readonly scalars?: (step: number) => ByPath<number>
}

/** The course along given gradients. */
export const along = (given: readonly Point[], from: Point, scalars: ByPath<number> = {}): Course =>
  ({ from, gradient: (_, step) => given[step], steps: given.length, scalars: () => scalars })

/** The hyper-parameters that a graph reads. */
const hypersOf = (roots: readonly Expr[]): readonly Hyper[] =>
  topological(roots).flatMap((e) =>
    // The attributes of a hyper-parameter are its description.
    (e.primitive.name === 'hyper' ? [(e as Expr<Hyper>).attributes] : []))

/** How many courses a law is tried on: each is some steps of some parameters. */
export const fewCourses = 25

const valuesOf = (roots: ByPath<Expr>) => {
  const paths = Object.keys(roots)
  const run = reference().evaluate(paths.map((path) => roots[path]))
  return (given: Point): Point => {
    const values = run({ values: (path) => given[path] ?? [], seed: 0, step: 0, position: 0 })
    return Object.fromEntries(paths.map((path, i) => [path, Array.from(values[i])]))
  }
}

const marked = (mark: string, by: ByPath<Expr>): ByPath<Expr> =>
  Object.fromEntries(Object.entries(by).map(([path, e]) => [`${mark}:${path}`, e]))

const unmarked = (mark: string, point: Point): Point =>
  Object.fromEntries(Object.entries(point).flatMap(([path, values]) =>
    (path.startsWith(`${mark}:`) ? [[path.slice(mark.length + 1), values]] : [])))

/**
 * The moments of a transformation's course, the one before the first step included, whose directions are none. Graphs are made once; each
 * course runs them in float64 on the reference engine. Variables of their own take their values from the course's `scalars`,
 * hyper-parameters what they are at the step.
 */
export const moments = (transform: GradientTransform, parameters: ByPath<Parameter> = fewParameters, learningRate: Scalar = 1) => {
  const { delta, slots, weights } = applied(transform, parameters, learningRate, 'optimizer')
  const moved = mapped(weights, ({ value }, path) => (delta[path] === undefined ? value : add(value, delta[path])))
  const roots = { ...marked('at', moved), ...marked('delta', delta), ...marked('slots', mapped(slots, (cell) => cell.next)) }
  const hypers = hypersOf(Object.values(roots))
  const step = valuesOf(roots)
  const fresh = valuesOf(mapped(slots, (cell, path) => cell.initial(path)))
  return ({ from, gradient, steps, scalars = () => ({}) }: Course): readonly Moment[] =>
    Array.from({ length: steps }).reduce<readonly Moment[]>((before, _, i) => {
      const { at, slots: remembered } = before[i]
      const given = mapped({ ...Object.fromEntries(hypers.map((h) => [h.path, h.at(i)])), ...scalars(i) }, (x) => [x])
      const slopes = Object.fromEntries(Object.entries(gradient(at, i)).map(([path, g]) => [gradientPath(path), g]))
      const after = step({ ...given, ...at, ...remembered, ...slopes })
      return [...before, { at: unmarked('at', after), delta: unmarked('delta', after), slots: unmarked('slots', after) }]
    }, [{ at: from, delta: {}, slots: fresh(from) }])
}

/**
 * Where an optimizer goes: the parameters at the start and after each step, in float64. It needs no model: the gradient is any function
 * of the point and the step.
 * @example
 * ```ts
 * import { trajectory } from 'tikhonov/laws'
 * import { sgd } from 'tikhonov/optimizers'
 * const downTheBowl = trajectory(sgd(0.25), { w: { shape: [1], role: 'kernel' } })
 * downTheBowl({ from: { w: [8] }, gradient: ({ w }) => ({ w: w.map((x) => 2 * x) }), steps: 3 }).map(({ w }) => w[0]) // => [8, 4, 2, 1]
 * ```
 */
export const trajectory = ({ transform, learningRate }: Optimizer, parameters: ByPath<Parameter> = fewParameters) => {
  const course = moments(transform, parameters, learningRate)
  return (along: Course): readonly Point[] => course(along).map(({ at }) => at)
}

/** A learning rate of a law: its value comes with each course, as the scalar `eta`. */
export const eta: Expr = variable('eta', [])
