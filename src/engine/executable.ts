/** A program as a reducer, over whatever computes its expressions: the part of training that all engines share. */
import { either as E } from 'fp-ts'
import { topological } from '../expr/graph.js'
import { hyperOf } from '../expr/leaf.js'
import type { Expr, Run, Values } from '../expr/node.js'
import { culpritOf } from './culprit.js'
import type { Batch, Executable, NonFinite, Place, Program, Report, TrainState } from './engine.js'
import { rootsOf } from './roots.js'

/** Expressions bound to memory: `run` computes them, `values` is where one lies until the next run. */
export interface Bound {
  readonly run: (run: Run) => void
  readonly values: (e: Expr) => Values
}

/** How an engine binds expressions. */
export type Bind = (roots: readonly Expr[]) => Bound

/** Padding beyond `count` is not present; what is present counts by its weight. */
const presence = ({ x, count, weight }: Batch): { readonly present: Float64Array; readonly weight: Float64Array } => {
  const rows = x.shape[0]
  const present = new Float64Array(rows).fill(1, 0, count ?? rows)
  return { present, weight: weight === undefined ? present : present.map((p, i) => p * weight[i]) }
}

/** The program as a reducer on this engine. */
export const executable = (bind: Bind, program: Program): Executable => {
  const { layout } = program
  const { next: places, reported, named } = rootsOf(program)
  const roots = [...places, ...reported]
  const bound = bind(roots)
  const hypers = topological(roots).flatMap((e) => hyperOf(e) ?? []).map((h) => ({ ...h, name: h.path.slice('hyper/'.length) }))
  const held = new Map<string, Place>(layout.map((p) => [p.path, p]))
  const buffers = roots.map(bound.values)
  const scalars = buffers.slice(layout.length)

  const step = (state: TrainState, batch: Batch): E.Either<NonFinite, { readonly state: TrainState; readonly report?: Report }> => {
    const { present, weight } = presence(batch)
    const cursor = state.cursor + (batch.count ?? present.length)
    if (weight.every((w) => w === 0)) return E.right({ state: { ...state, cursor } })
    const hyper = Object.fromEntries(hypers.map(({ name, at }) => [name, batch.hyper?.[name] ?? at(state.step)]))
    const given: Readonly<Record<string, ArrayLike<number>>> = {
      'batch/x': batch.x.data, 'batch/y': batch.y.data, 'batch/weight': weight, 'batch/present': present,
      ...Object.fromEntries(hypers.map(({ name, path }) => [path, [hyper[name]]]))
    }
    const values: Run['values'] = (path) => {
      const place = held.get(path)
      return place === undefined ? given[path] : state.values.subarray(place.offset, place.offset + place.size)
    }
    const run = { values, seed: state.seed, step: state.step, position: state.cursor + (batch.offset ?? 0) }
    bound.run(run)
    const culprit = culpritOf(roots, run, bound.values)
    if (culprit !== undefined) return E.left({ _tag: 'NonFinite', state, culprit })
    const next = new Float64Array(state.values.length)
    layout.forEach((p, i) => { next.set(buffers[i], p.offset) })
    const report: Report = named((i) => scalars[i][0], hyper)
    const after: TrainState = { _tag: 'TrainState', step: state.step + 1, seed: state.seed, cursor, values: next, report }
    return E.right({ state: after, report })
  }

  return {
    fold: (from, batches) => {
      const reports: Report[] = []
      let state = from
      for (const batch of batches) {
        const after = step(state, batch)
        if (E.isLeft(after)) return after
        state = after.right.state
        if (after.right.report !== undefined) reports.push(after.right.report)
      }
      return E.right({ state, reports })
    }
  }
}
