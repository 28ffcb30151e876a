/**
 * The graph. An expression is an immutable node: a primitive, its arguments, its attributes and the shape inferred when it was
 * built. Nothing computes while it is built; evaluation, gradient, printing and compilation are interpretations of the same graph.
 */
import { showShape, type Shape } from './shape.js'

/** Numbers of a tensor, row-major. */
export type Values = Float64Array | Float32Array

/** What a leaf reads while a graph is evaluated: values by path, and the integers that address random draws. */
export interface Run {
  readonly values: (path: string) => ArrayLike<number>
  readonly seed: number
  readonly step: number
  readonly position: number
}

/** Fills the buffer of a result. */
export type Fill = (out: Values, run: Run) => void

/** One operation of the language: its name, shape rule, evaluation and adjoint, side by side. */
export interface Primitive<A = unknown> {
  readonly name: string
  /** The shape of the result, or what does not fit. Arguments are never invalid here. */
  shape(args: readonly Shape[], attributes: A): Shape | string
  /** What is wrong with the attributes alone: asked even when an argument is invalid. */
  options?(attributes: A): string | undefined
  /** How to fill the result, given the buffers of the arguments. */
  evaluate(args: readonly Values[], node: Expr<A>): Fill
  /** The cotangent of each argument (`undefined`: none), given that of the result; `wanted` says of which arguments it is read. */
  adjoint(node: Expr<A>, dy: Expr, wanted: readonly boolean[]): readonly (Expr | undefined)[]
  /** Attributes as text, for printing and for merging equal nodes; two nodes with equal text are equal. `undefined`: never merged. */
  show?(attributes: A): string | undefined
}

/** A node of an immutable dataflow graph. Build it with the operations (`add`, `matmul`, …), never by hand. */
export interface Expr<A = unknown> {
  readonly _tag: 'Expr'
  readonly primitive: Primitive<A>
  readonly args: readonly Expr[]
  readonly attributes: A
  readonly shape: Shape
}

/** Where a number is wanted, an expression of shape `[]` is welcome, so that λ, a rate or a learning rate may vary. */
export type Scalar = number | Expr

/** Arguments that do not fit an operation. */
export interface ShapeProblem {
  readonly _tag: 'ShapeProblem'
  readonly operation: string
  readonly shapes: readonly Shape[]
  readonly message: string
}

/**
 * A shape problem as one line: `matmul [30, 2] × [3, 1]: inner sizes 2 and 3 differ`.
 * @example
 * ```ts
 * import { add, problems, showShapeProblem, variable } from 'tikhonov/expr'
 * const misfit = add(variable('a', [2]), variable('b', [3]))
 * problems([misfit]).map(showShapeProblem) // => ['add [2] × [3]: do not broadcast to one shape']
 * ```
 */
export const showShapeProblem = ({ operation, shapes, message }: ShapeProblem): string =>
  [operation, shapes.map(showShape).join(' × ')].filter((s) => s !== '').join(' ') + `: ${message}`

/** The absorbing node that a misfit becomes: what is built on it is quiet. */
const invalidPrimitive: Primitive<ShapeProblem | undefined> = {
  name: 'invalid',
  shape: () => [],
  evaluate: () => (out) => { out.fill(Number.NaN) },
  adjoint: (node) => node.args.map(() => undefined)
}

/** Whether a node is the trace of a misfit. */
export const isInvalid = (e: Expr): boolean => e.primitive.name === 'invalid'

/** A misfit as a node. Without a problem it is the quiet consequence of one further up. */
export const invalid = (problem: ShapeProblem | undefined, args: readonly Expr[] = []): Expr =>
  ({ _tag: 'Expr', primitive: invalidPrimitive, args, attributes: problem, shape: [] })

/** The problem that an invalid node itself stands for. */
export const problemOf = (e: Expr): ShapeProblem | undefined =>
  e.primitive === invalidPrimitive ? (e as Expr<ShapeProblem | undefined>).attributes : undefined

/** A node, with its shape inferred; an invalid node where the arguments do not fit. Never throws. */
export const node = <A>(primitive: Primitive<A>, args: readonly Expr[], attributes: A): Expr => {
  const misfit = (message: string | undefined) =>
    invalid(
      message === undefined
        ? undefined
        : { _tag: 'ShapeProblem', operation: primitive.name, shapes: args.filter((a) => !isInvalid(a)).map((a) => a.shape), message },
      args
    )
  const wrong = primitive.options?.(attributes)
  if (wrong !== undefined || args.some(isInvalid)) return misfit(wrong)
  const shape = primitive.shape(args.map((a) => a.shape), attributes)
  return typeof shape === 'string' ? misfit(shape) : { _tag: 'Expr', primitive, args, attributes, shape }
}
