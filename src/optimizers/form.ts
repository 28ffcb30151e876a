/** Where Keras and PyTorch put ε. */
import { add } from '../expr/arithmetic.js'
import type { Expr, Scalar } from '../expr/node.js'
import { sqrt } from '../expr/transcendental.js'

/** Whose formula: libraries agree on the idea of an optimizer and differ in where ε stands. */
export type Form = 'keras' | 'torch'

/** What a second moment makes gradients be divided by: √(v + ε) in the Keras form, √v + ε in PyTorch's. */
export const root = (form: Form, v: Expr, epsilon: Scalar): Expr => (form === 'keras' ? sqrt(add(v, epsilon)) : add(sqrt(v), epsilon))
