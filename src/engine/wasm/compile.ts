/** Graphs to code: lowered, emitted, compiled, once for each structure. */
import { either as E, function as F } from 'fp-ts'
import { topological } from '../../expr/graph.js'
import { pathOf } from '../../expr/leaf.js'
import type { Expr } from '../../expr/node.js'
import type { Place } from '../engine.js'
import { emission, type Action, type Outlet } from './emission.js'
import { sweepKernel } from './flush.js'
import { compiled, type Compiled, type Settings, type TooLarge } from './instance.js'
import { lower, type Hosted } from './lower.js'
import { allocator } from './memory.js'
import { newest, structureOf } from './structure.js'

/** Code for a graph: where its nodes lie is told by the roots of the graph that it was made of. */
export interface Evaluation { readonly of: Compiled; readonly roots: readonly Expr[]; readonly hosted: readonly Hosted[] }

/**
 * Code for the steps of a program, from one generation of its places to the other and back, and to flush the parameters of each; with where
 * the places of each generation lie, and the flag that a step was not finite.
 */
export interface Training extends Evaluation { readonly generations: readonly (readonly number[])[]; readonly flag: number }

/** What compiles. Code of the newest graphs is kept: an equal one, made anew, is not compiled again. */
export interface Compiler {
  readonly settings: Settings
  readonly evaluation: (roots: readonly Expr[]) => E.Either<TooLarge, Evaluation>
  /** Roots: the next value of each place, then what is reported. */
  readonly training: (layout: readonly Place[], roots: readonly Expr[]) => E.Either<TooLarge, Training>
}

/** How many graphs' code is kept. */
const kept = 64

const evaluation = (settings: Settings, given: readonly Expr[]): E.Either<TooLarge, Evaluation> => {
  const { roots, hosted } = lower(given)
  const memory = allocator()
  const { write, threads } = settings
  const code = emission({ write, threads, memory, flag: memory.take(1), given: [new Map()], outlets: [], others: roots })
  return F.pipe(compiled(settings, memory, code, roots), E.map((of) => ({ of, roots, hosted })))
}

const training = (settings: Settings, layout: readonly Place[], given: readonly Expr[]): E.Either<TooLarge, Training> => {
  const { roots, hosted } = lower(given)
  const memory = allocator()
  const flag = memory.take(1)
  const generations = [0, 1].map(() => layout.map((p) => memory.take(p.size)))
  const leafOf = new Map<string | undefined, Expr>(topological(roots).map((e) => [pathOf(e), e]))
  const leaves = generations.map((places) => new Map(layout.flatMap((p, i): readonly (readonly [Expr, number])[] => {
    const leaf = leafOf.get(p.path)
    return leaf === undefined ? [] : [[leaf, places[i]]]
  })))
  const outlets = layout.map((p, i): Outlet =>
    ({ root: roots[i], at: [generations[1][i], generations[0][i]], decaying: p.holds === 'slot' || p.holds === 'state' }))
  const { write, threads } = settings
  const steps = emission({ write, threads, memory, flag, given: leaves, outlets, others: roots.slice(layout.length) })
  // A parameter that is its own next value is frozen: nothing moves it.
  const moved = layout.map((p, i) => !['slot', 'state'].includes(p.holds) && roots[i] !== leafOf.get(p.path) && p.size > 0)
  const sweeps = generations.map((places) => layout.flatMap((p, i): readonly Action[] =>
    (moved[i] ? [{ _tag: 'Run', kernel: sweepKernel(write, places[i], p.size) }] : [])))
  const code = { ...steps, actions: [...steps.actions, ...sweeps] }
  return F.pipe(compiled(settings, memory, code, roots), E.map((of) => ({ of, roots, hosted, generations, flag })))
}

/** A compiler with a memory of what it compiled. */
export const compiler = (settings: Settings): Compiler => {
  const evaluations = newest<E.Either<TooLarge, Evaluation>>(kept)
  const trainings = newest<E.Either<TooLarge, Training>>(kept)
  return {
    settings,
    evaluation: (roots) => evaluations(structureOf(roots), () => evaluation(settings, roots)),
    training: (layout, roots) => {
      const structure = structureOf(roots)
      const places = layout.map(({ path, holds }) => `${path} ${holds}`)
      return trainings(structure === undefined ? undefined : [structure, ...places].join('\n'), () => training(settings, layout, roots))
    }
  }
}
