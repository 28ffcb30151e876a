/** Leaves: constants, variables that an interpreter looks up by path, and hyper-parameters that a batch may carry. */
import { invalid, node, type Expr, type Primitive, type Scalar } from './node.js'
import { shapeProblem, showShape, sizeOf, type Shape } from './shape.js'
import { tabulate } from './tabulate.js'

interface Constant { readonly values: ArrayLike<number>; readonly shape: Shape }

const showNumber = (x: number): string => (Object.is(x, -0) ? '-0' : String(x))

const constantPrimitive: Primitive<Constant> = {
  name: 'constant',
  options: ({ values, shape }) =>
    shapeProblem(shape) ?? (values.length === sizeOf(shape) ? undefined : `${values.length} values for ${showShape(shape)}`),
  shape: (_, { shape }) => shape,
  evaluate: (_, { attributes: { values } }) => tabulate((i) => values[i]),
  adjoint: () => [],
  show: ({ values, shape }) => `${showShape(shape)} ${Array.from(values, showNumber).join(' ')}`
}

/**
 * A tensor of known values; a number alone is a scalar.
 * @example
 * ```ts
 * import { constant, print } from 'tikhonov/expr'
 * constant([1, 2, 3, 4], [2, 2]).shape // => [2, 2]
 * ```
 */
export const constant = (values: number | ArrayLike<number>, shape?: Shape): Expr =>
  typeof values === 'number'
    ? node(constantPrimitive, [], { values: [values], shape: [] })
    : node(constantPrimitive, [], { values: Array.from(values), shape: shape ?? [values.length] })

/** The values of a constant node, else `undefined`. */
export const constantValues = (e: Expr): ArrayLike<number> | undefined =>
  e.primitive.name === 'constant' ? (e as Expr<Constant>).attributes.values : undefined

/** A number as a constant; an expression as it is. */
export const lift = (x: Scalar): Expr => (typeof x === 'number' ? constant(x) : x)

interface Variable { readonly path: string; readonly shape: Shape }

const variablePrimitive: Primitive<Variable> = {
  name: 'variable',
  options: ({ shape }) => shapeProblem(shape),
  shape: (_, { shape }) => shape,
  evaluate: (_, { attributes: { path } }) => (out, run) => { out.set(run.values(path)) },
  adjoint: () => [],
  show: ({ path, shape }) => `'${path}' ${showShape(shape)}`
}

/**
 * A named leaf: an input, a parameter, an optimizer slot, a layer's state. Two variables of one path are one variable.
 * @example
 * ```ts
 * import { variable } from 'tikhonov/expr'
 * variable('dense/0/kernel', [2, 500]).shape // => [2, 500]
 * ```
 */
export const variable = (path: string, shape: Shape): Expr =>
  shape.some(Number.isNaN) ? invalid(undefined) : node(variablePrimitive, [], { path, shape })

/** An interval of numbers; an open end excludes its bound. */
export interface Range { readonly min: number; readonly max: number; readonly open: 'none' | 'min' | 'max' | 'both' }

/** A hyper-parameter: its name, what it is at a step where the batch says nothing, and what it may be. */
export interface Hyper { readonly path: string; readonly at: (step: number) => number; readonly range: Range }

const hyperPrimitive: Primitive<Hyper> = {
  name: 'hyper',
  shape: () => [],
  evaluate: (_, { attributes: { path } }) => (out, run) => { out.set(run.values(path)) },
  adjoint: () => [],
  show: ({ path }) => `'${path}'`
}

/** Any finite number. */
export const anyNumber: Range = { min: -Infinity, max: Infinity, open: 'both' }

/**
 * A scalar whose value each batch may carry, so that λ, a rate or a learning rate can change without a new program. Where a batch
 * says nothing it has its default: a number, or a function of the step (a schedule).
 * @example
 * ```ts
 * import { hyper } from 'tikhonov/expr'
 * hyper('lambda', 0.001).shape // => []
 * ```
 */
export const hyper = (name: string, initial: number | ((step: number) => number), range: Range = anyNumber): Expr =>
  node(hyperPrimitive, [], { path: `hyper/${name}`, at: typeof initial === 'number' ? () => initial : initial, range })

/** The description of a hyper-parameter leaf, else `undefined`. */
export const hyperOf = (e: Expr): Hyper | undefined => (e.primitive.name === 'hyper' ? (e as Expr<Hyper>).attributes : undefined)

/** The path of a variable or hyper-parameter, else `undefined`. */
export const pathOf = (e: Expr): string | undefined =>
  e.primitive.name === 'variable' || e.primitive.name === 'hyper' ? (e as Expr<{ readonly path: string }>).attributes.path : undefined
