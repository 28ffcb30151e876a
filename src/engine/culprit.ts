/** Finds where a step ceased to be finite, by running it again on the reference interpreter. */
import { interpreter, type Precision } from '../expr/evaluate.js'
import { topological } from '../expr/graph.js'
import { pathOf } from '../expr/leaf.js'
import type { Expr, Run, Values } from '../expr/node.js'
import type { Culprit } from './engine.js'

const finite = (x: number): boolean => Number.isFinite(x)

const found = (order: readonly Expr[], values: (e: Expr) => Values): Culprit | undefined => {
  const e = order.find((node) => !values(node).every(finite))
  if (e === undefined) return undefined
  const index = values(e).findIndex((x) => !finite(x))
  const from = topological([e]).flatMap((leaf) => pathOf(leaf) ?? [])
  return { operation: e.primitive.name, shape: e.shape, index, value: values(e)[index], from }
}

const interpreted = (roots: readonly Expr[], run: Run, precision: Precision): Culprit | undefined => {
  const bound = interpreter(roots, precision)
  bound.run(run)
  return found(bound.order, bound.values)
}

/**
 * The first node, in the order of evaluation, with an element that is not finite in float64; where all are finite there, the first that
 * is not in float32; else the first of the engine's own results. `undefined` where these are finite.
 */
export const culpritOf = (roots: readonly Expr[], run: Run, values: (e: Expr) => Values): Culprit | undefined =>
  roots.every((r) => values(r).every(finite)) ? undefined
    : interpreted(roots, run, 'float64') ?? interpreted(roots, run, 'float32') ?? found(roots, values)
