/** Expressions compiled for one evaluation after another. */
import { either as E, function as F } from 'fp-ts'
import { interpreter } from '../../expr/evaluate.js'
import type { Expr, Run, Values } from '../../expr/node.js'
import { sizeOf } from '../../expr/shape.js'
import type { Compiler } from './compile.js'
import { leavesOf } from './emission.js'
import { instantiate, type TooLarge } from './instance.js'
import type { Hosted } from './lower.js'

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

/** The values of roots at a run, overwritten by the next; or that there is too little memory for them. */
export const evaluator = (engine: Compiler, given: readonly Expr[]): E.Either<TooLarge, (run: Run) => readonly Values[]> =>
  F.pipe(
    engine.evaluation(given),
    E.chain(({ of, hosted, roots }) => F.pipe(
      instantiate(engine.settings, of),
      E.map(({ floats, runners: [runner] }) => {
        const leaves = leavesOf(roots, of.code).map(({ path, at, size }) => ({ path, into: floats(at, size) }))
        const own = new Set(hosted.map(({ path }) => path))
        const outside = leaves.filter(({ path }) => !own.has(path))
        const host = hosting(hosted, (path) => leaves.find((l) => l.path === path)?.into)
        const values = roots.map((r) => floats(of.code.at(0, r), sizeOf(r.shape)))
        return (run: Run) => {
          for (const { path, into } of outside) into.set(run.values(path))
          host(run)
          runner(run)
          return values
        }
      })
    ))
  )
