/** The meaning of an expression: the value of each node from those of its arguments, in float64. */
import { problems, topological } from './graph.js'
import { pathOf } from './leaf.js'
import { isPlaceholder } from './placeholder.js'
import { showShapeProblem, type Expr, type Run, type Values } from './node.js'
import { showShape, sizeOf } from './shape.js'

/** float64, or float32 after every operation: what an engine in single precision may at best reach. */
export type Precision = 'float64' | 'float32'

/** A graph bound to its buffers. The same buffers are filled at every run: copy what is to last. */
export interface Interpreter {
  readonly order: readonly Expr[]
  readonly values: (e: Expr) => Values
  readonly run: (run: Run) => void
}

const varies = (order: readonly Expr[]): ReadonlySet<Expr> => {
  const varying = new Set<Expr>()
  for (const e of order) {
    if ((e.args.length === 0 && e.primitive.name !== 'constant') || e.args.some((a) => varying.has(a))) varying.add(e)
  }
  return varying
}

/** Binds each node to a buffer once; what depends on constants only is computed here. What is `given` a buffer is filled by who gave it. */
export const interpreter = (
  roots: readonly Expr[],
  precision: Precision = 'float64',
  given: ReadonlyMap<Expr, Values> = new Map()
): Interpreter => {
  const order = topological(roots)
  const make = precision === 'float64' ? Float64Array : Float32Array
  const buffers = new Map<Expr, Values>(order.map((e) => [e, given.get(e) ?? new make(sizeOf(e.shape))]))
  const values = (e: Expr): Values => buffers.get(e) ?? new make(0)
  const varying = varies(order)
  const fills = order.map((e) => ({ e, out: values(e), fill: e.primitive.evaluate(e.args.map(values), e) }))
  const still = { values: () => [], seed: 0, step: 0, position: 0 }
  for (const { e, out, fill } of fills) if (!varying.has(e)) fill(out, still)
  const moving = fills.filter(({ e }) => varying.has(e) && !given.has(e))
  return { order, values, run: (run) => { for (const { out, fill } of moving) fill(out, run) } }
}

const faults = (e: Expr, values: Readonly<Record<string, ArrayLike<number>>>): readonly string[] => [
  ...problems([e]).map(showShapeProblem),
  ...topological([e]).flatMap((leaf) => {
    if (isPlaceholder(leaf)) return ['what stands for a state or an item of a loop is read outside of its body']
    const path = pathOf(leaf)
    const given = path === undefined ? undefined : values[path]
    return path === undefined || given?.length === sizeOf(leaf.shape) ? []
      : [`'${path}' ${showShape(leaf.shape)} was given ${given === undefined ? 'no values' : `${given.length} values`}`]
  })
]

/**
 * The value of an expression, given its variables by path (float64, row-major). A misfit in the graph, or a variable without its
 * values, is a mistake of the caller: a RangeError that lists them all.
 * @example
 * ```ts
 * import { evaluate, exp, variable } from 'tikhonov/expr'
 * evaluate(exp(variable('x', [2])), { x: [0, 1] }) // => [1, 2.718281828459045]
 * ```
 */
export const evaluate = (
  e: Expr,
  values: Readonly<Record<string, ArrayLike<number>>> = {},
  at: Partial<Omit<Run, 'values'>> = {}
): readonly number[] => {
  const wrong = faults(e, values)
  if (wrong.length > 0) throw new RangeError(wrong.join('; '))
  const bound = interpreter([e])
  bound.run({ values: (path) => values[path] ?? [], seed: 0, step: 0, position: 0, ...at })
  return Array.from(bound.values(e))
}
