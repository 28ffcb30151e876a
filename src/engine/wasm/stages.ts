/**
 * The order of work: element-wise nodes of one shape and one level become one pass over memory; what is not element-wise is a stage of
 * its own. A node's level is one more than that of anything it reaches through a node that is not element-wise, so that a pass
 * never waits for itself.
 */
import { constantValues } from '../../expr/leaf.js'
import type { Expr } from '../../expr/node.js'
import { sizeOf, type Shape } from '../../expr/shape.js'
import { topological } from '../../expr/graph.js'
import { operations } from './operations.js'

/** One unit of work: a fused pass over the elements of a shape, or one node. */
export type Stage =
  | { readonly _tag: 'Pass'; readonly nodes: readonly Expr[]; readonly shape: Shape }
  | { readonly _tag: 'Node'; readonly node: Expr }

/** How a broadcast reads its source: one number, the same row each time, or one number a row. */
export type Reading =
  | { readonly _tag: 'Scalar' }
  | { readonly _tag: 'Row'; readonly width: number }
  | { readonly _tag: 'Column'; readonly width: number }

/** Whether a node is computed element by element from values of its own shape. */
const isElementwise = (e: Expr): boolean => e.primitive.name in operations

/** Whether a node computes nothing: a leaf, or another name for the same memory. */
export const isAlias = (e: Expr): boolean => e.primitive.name === 'reshape'

/** The one number that a constant leaf holds, else `undefined`. */
export const numberOf = (e: Expr): number | undefined => {
  const values = constantValues(e)
  return values?.length === 1 ? values[0] : undefined
}

/** How a broadcast can be read where it is used; `undefined` where it has to be written out. */
export const readingOf = (e: Expr): Reading | undefined => {
  if (e.primitive.name !== 'broadcast') return undefined
  const padded = [...Array.from({ length: e.shape.length - e.args[0].shape.length }, () => 1), ...e.args[0].shape]
  const axes = e.shape.map((size, a) => ({ size, kept: padded[a] === size, a })).filter(({ size }) => size !== 1)
  if (axes.every((x) => !x.kept)) return { _tag: 'Scalar' }
  const turns = axes.filter((x, i) => i > 0 && x.kept !== axes[i - 1].kept).length
  if (turns !== 1) return undefined
  const kept = sizeOf(axes.filter((x) => x.kept).map((x) => x.size))
  return axes[0].kept ? { _tag: 'Column', width: sizeOf(e.shape) / kept } : { _tag: 'Row', width: kept }
}

/** The stages of a graph, each after what it needs. */
export const stagesOf = (roots: readonly Expr[]): readonly Stage[] => {
  const levels = new Map<Expr, number>()
  const singles = new Map<number, Expr[]>()
  const passes = new Map<number, Map<string, Expr[]>>()
  for (const e of topological(roots)) {
    const below = Math.max(0, ...e.args.map((a) => levels.get(a) ?? 0))
    if (e.args.length === 0 && e.primitive.name !== 'bits') levels.set(e, 0)
    else if (isElementwise(e)) {
      levels.set(e, below)
      const key = e.shape.join()
      const level = passes.get(below) ?? new Map<string, Expr[]>()
      passes.set(below, level)
      level.set(key, [...(level.get(key) ?? []), e])
    } else {
      levels.set(e, below + 1)
      singles.set(below + 1, [...(singles.get(below + 1) ?? []), e])
    }
  }
  const top = Math.max(0, ...levels.values())
  return Array.from({ length: top + 1 }, (_, level) => level).flatMap((level): readonly Stage[] => [
    ...(singles.get(level) ?? []).map((node): Stage => ({ _tag: 'Node', node })),
    ...[...(passes.get(level)?.values() ?? [])].map((nodes): Stage => ({ _tag: 'Pass', nodes, shape: nodes[0].shape }))
  ])
}
