/** Finds where a step ceased to be finite. */
import { pathOf } from '../../expr/leaf.js'
import type { Interpreter } from '../../expr/evaluate.js'
import { topological } from '../../expr/graph.js'
import type { Culprit } from '../engine.js'

/** The first node, in the order of evaluation, with an element that is not finite. */
export const culpritOf = ({ order, values }: Interpreter): Culprit | undefined => {
  for (const e of order) {
    const at = values(e).findIndex((x) => !Number.isFinite(x))
    if (at >= 0) {
      return {
        operation: e.primitive.name, shape: e.shape, index: at, value: values(e)[at],
        from: topological([e]).flatMap((leaf) => pathOf(leaf) ?? [])
      }
    }
  }
  return undefined
}
