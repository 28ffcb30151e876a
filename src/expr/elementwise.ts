/** What is done element by element. */
import { dependents } from './body.js'
import type { Expr } from './node.js'
import { sameShape } from './shape.js'

/** The operations, by name, each element of whose result is made of the same element of their arguments. */
export const elementwise: ReadonlySet<string> = new Set([
  'abs', 'add', 'cos', 'div', 'equal', 'erf', 'erfinv', 'exp', 'floor', 'greater', 'log', 'log1p', 'max', 'min', 'mul', 'neg', 'pow',
  'reciprocal', 'select', 'sigmoid', 'sign', 'sin', 'softplus', 'sqrt', 'stopGradient', 'sub', 'tanh'
])

/** Whether each element of y is made of the same element of x and of no other: so says the graph between them. */
export const isElementwise = (y: Expr, x: Expr): boolean =>
  sameShape(y.shape, x.shape) &&
  [...dependents([y], [x])].every((e) => e === x || (elementwise.has(e.primitive.name) && sameShape(e.shape, x.shape)))
