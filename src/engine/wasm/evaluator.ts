/** Expressions compiled for one evaluation after another. */
import { interpreter } from '../../expr/evaluate.js'
import type { Expr, Run, Values } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import { emission, leavesOf } from './emission.js'
import { instantiate, type Settings } from './instance.js'
import { lower, type Hosted } from './lower.js'
import { allocator } from './memory.js'

/** Computes in float64 what the host is left, and puts it where its leaf lies. */
export const hosting = (hosted: readonly Hosted[], into: (path: string) => Float32Array | undefined): ((run: Run) => void) => {
  if (hosted.length === 0) return () => undefined
  const bound = interpreter(hosted.map(({ of }) => of))
  const places = hosted.map(({ path, of }) => ({ to: into(path), values: bound.values(of) }))
  return (run) => {
    bound.run(run)
    for (const { to, values } of places) to?.set(values)
  }
}

/** The values of roots at a run; overwritten by the next. */
export const evaluator = (settings: Settings, given: readonly Expr[]): ((run: Run) => readonly Values[]) => {
  const { roots, hosted } = lower(given)
  const memory = allocator()
  const code = emission({
    write: settings.write, threads: settings.threads, memory, flag: memory.take(1), given: [new Map()], outlets: [], others: roots
  })
  const { floats, runners: [runner] } = instantiate(settings, memory, code, roots)
  const leaves = leavesOf(roots, code).map(({ path, at, size }) => ({ path, into: floats(at, size) }))
  const own = new Set(hosted.map(({ path }) => path))
  const outside = leaves.filter(({ path }) => !own.has(path))
  const host = hosting(hosted, (path) => leaves.find((l) => l.path === path)?.into)
  const values = roots.map((r) => floats(code.at(0, r), sizeOf(r.shape)))
  return (run) => {
    for (const { path, into } of outside) into.set(run.values(path))
    host(run)
    runner(run)
    return values
  }
}
