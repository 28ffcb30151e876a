/**
 * A program as a reducer whose state stays in memory. Values live in two generations: a step reads one and writes the other, so that a
 * step that was not finite has changed nothing. A state that comes in is copied in unless it is the one that went out last.
 */
import { either as E } from 'fp-ts'
import { topological } from '../../expr/graph.js'
import { hyperOf, pathOf } from '../../expr/leaf.js'
import type { Expr, Run, Values } from '../../expr/node.js'
import type { ByPath } from '../../part/path.js'
import { culpritOf } from '../culprit.js'
import type { Batch, Executable, NonFinite, Program, Report, TrainState } from '../engine.js'
import { rootsOf } from '../roots.js'
import { emission, leavesOf, type Outlet } from './emission.js'
import { hosting } from './evaluator.js'
import { instantiate, type Settings } from './instance.js'
import { lower } from './lower.js'
import { allocator } from './memory.js'

const none: Run['values'] = () => []

/** The program on this engine. */
export const training = (settings: Settings, program: Program): Executable => {
  const { layout, batch: rows } = program
  const { next, reported, named } = rootsOf(program)
  const { roots, hosted } = lower([...next, ...reported])
  const scalarRoots = roots.slice(layout.length)
  const memory = allocator()
  const flag = memory.take(1)
  const generations = [0, 1].map(() => layout.map((p) => memory.take(p.size)))
  const leafOf = new Map<string | undefined, Expr>(topological(roots).map((e) => [pathOf(e), e]))
  const given = generations.map((places) => new Map(layout.flatMap((p, i): readonly (readonly [Expr, number])[] => {
    const leaf = leafOf.get(p.path)
    return leaf === undefined ? [] : [[leaf, places[i]]]
  })))
  const outlets = layout.map((p, i): Outlet =>
    ({ root: roots[i], at: [generations[1][i], generations[0][i]], decaying: p.holds === 'slot' || p.holds === 'state' }))
  const code = emission({ write: settings.write, threads: settings.threads, memory, flag, given, outlets, others: scalarRoots })
  const { floats, runners } = instantiate(settings, memory, code, roots)

  const held = generations.map((places) => places.map((at, i) => floats(at, layout[i].size)))
  const leaves = leavesOf(roots, code).map(({ path, at, size, node }) => ({ path, node, into: floats(at, size) }))
  const input = (path: string) => leaves.find((l) => l.path === path)?.into
  const [x, y, weightIn, presentIn] = ['batch/x', 'batch/y', 'batch/weight', 'batch/present'].map(input)
  // Hypers by what they are in the program: those of which the host makes something are no leaves of the engine.
  const hypers = topological([...next, ...reported]).flatMap((e) => hyperOf(e) ?? [])
    .map((h) => ({ ...h, name: h.path.slice('hyper/'.length), into: input(h.path) }))
  const host = hosting(hosted, input)
  const flagged = floats(flag, 1)
  const scalars = scalarRoots.map((r) => floats(code.at(0, r), 1))
  const scalar = (i: number): number => scalars[i][0]

  let now = 0
  let resident: Values | undefined
  let hyper: ByPath<number> | undefined
  let uniform: number | undefined

  const enter = (state: TrainState) => {
    if (state.values === resident) return
    layout.forEach((p, i) => { held[now][i].set(state.values.subarray(p.offset, p.offset + p.size)) })
    resident = state.values
  }
  const leave = (): Values => {
    const block = new Float32Array(layout.reduce((n, p) => n + p.size, 0))
    layout.forEach((p, i) => { block.set(held[now][i], p.offset) })
    resident = block
    return block
  }
  /** Puts the hyper-parameters of a batch where they belong; one record serves as long as they stay. */
  const tune = (batch: Batch, step: number): ByPath<number> => {
    if (hyper !== undefined && hypers.every(({ name, at }) => hyper?.[name] === (batch.hyper?.[name] ?? at(step)))) return hyper
    const chosen = Object.fromEntries(hypers.map(({ name, at }) => [name, batch.hyper?.[name] ?? at(step)]))
    hypers.forEach(({ name, into }) => { into?.fill(chosen[name]) })
    host({ values: (path) => [chosen[path.slice('hyper/'.length)]], seed: 0, step: 0, position: 0 })
    hyper = chosen
    return chosen
  }
  /** Puts weights where they belong; false: all are 0. */
  const weigh = ({ weight, count = rows }: Batch): boolean => {
    if (weight === undefined) {
      if (uniform !== count) for (const into of [weightIn, presentIn]) into?.fill(1, 0, count).fill(0, count)
      uniform = count
      return count > 0
    }
    uniform = undefined
    let heavy = false
    for (let i = 0; i < rows; i++) {
      const w = i < count ? weight[i] : 0
      if (weightIn !== undefined) weightIn[i] = w
      heavy ||= w !== 0
    }
    presentIn?.fill(1, 0, count).fill(0, count)
    return heavy
  }

  return {
    fold: (from, batches) => {
      enter(from)
      const reports: Report[] = []
      let moved = false
      let { step, cursor } = from
      let last = from.report
      const settled = (): TrainState => ({
        _tag: 'TrainState', step, seed: from.seed, cursor, values: moved ? leave() : from.values,
        ...(last === undefined ? {} : { report: last })
      })
      for (const batch of batches) {
        const count = batch.count ?? rows
        if (!weigh(batch)) {
          cursor += count
          continue
        }
        x?.set(batch.x.data)
        y?.set(batch.y.data)
        const used = tune(batch, step)
        flagged[0] = 0
        const run: Run = { values: none, seed: from.seed, step, position: cursor + (batch.offset ?? 0) }
        runners[now](run)
        const { data, total, penalties, metrics } = named(scalar)
        if (!(flagged[0] === 0 && Number.isFinite(total))) return E.left(failure(settled(), run, used))
        now = 1 - now
        moved = true
        step += 1
        cursor += count
        last = { data, total, hyper: used, penalties, metrics }
        reports.push(last)
      }
      return E.right({ state: settled(), reports })
    }
  }

  /** The step that failed, again, on the reference interpreter; its state is the last good one. */
  function failure(state: TrainState, run: Run, used: ByPath<number>): NonFinite {
    const values: Run['values'] = (path) => {
      const place = layout.find((p) => p.path === path)
      if (place !== undefined) return state.values.subarray(place.offset, place.offset + place.size)
      return path.startsWith('hyper/') ? [used[path.slice('hyper/'.length)]] : input(path) ?? []
    }
    const written = new Map([...next.map((r, i) => [r, held[1 - now][i]] as const), ...reported.map((r, i) => [r, scalars[i]] as const)])
    const culprit = culpritOf([...next, ...reported], { ...run, values }, (e) => written.get(e) ?? new Float32Array(0))
    return { _tag: 'NonFinite', state, culprit: culprit ?? { operation: 'total', shape: [], index: 0, value: scalar(1), from: [] } }
  }
}
