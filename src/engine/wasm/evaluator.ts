/** Expressions compiled for one evaluation after another. */
import type { Expr, Run, Values } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { allocator, emission, leavesOf } from './emission.js'
import { instantiate } from './instance.js'
import type { Platform } from './platform.js'

/** The values of roots at a run; overwritten by the next. */
export const evaluator = (host: Platform, roots: readonly Expr[]): ((run: Run) => readonly Values[]) => {
  const memory = allocator()
  const code = emission({ prefix: 'f', index: 0, memory, flag: memory.take(1), given: new Map(), outlets: [], others: roots })
  const { floats, runners: [runner] } = instantiate(host, memory, [{ code, roots }])
  const leaves = leavesOf(roots, code.places).map(({ path, at, size }) => ({ path, into: floats(at, size) }))
  const values = roots.map((r) => floats(code.places.get(r) ?? 0, sizeOf(r.shape)))
  return (run) => {
    for (const { path, into } of leaves) into.set(run.values(path))
    runner(run)
    return values
  }
}
