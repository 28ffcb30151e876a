/**
 * A program as a reducer whose state stays in memory. Values live in two generations: a step reads one and writes the other, so that a
 * step that was not finite has changed nothing. A state that comes in is copied in unless it is the one that went out last.
 */
import { either as E } from 'fp-ts'
import { topological } from '../../expr/graph.js'
import { hyperOf, pathOf } from '../../expr/leaf.js'
import type { Expr, Run, Values } from '../../expr/node.js'
import { simplify } from '../../expr/simplify.js'
import { culpritOf } from '../culprit.js'
import type { Executable, Program, Report, TrainState } from '../engine.js'
import { allocator, emission, leavesOf, type Outlet } from './emission.js'
import { instantiate } from './instance.js'
import type { Platform } from './platform.js'

/** The program on this engine. */
export const training = (host: Platform, program: Program): Executable => {
  const { layout, report } = program
  const [penalties, metrics] = [Object.keys(report.penalties), Object.keys(report.metrics)]
  const roots = simplify([
    ...layout.map((p) => program.next[p.path]), report.data, report.total,
    ...penalties.map((p) => report.penalties[p]), ...metrics.map((m) => report.metrics[m])
  ])
  const reported = roots.slice(layout.length)
  const memory = allocator()
  const flag = memory.take(1)
  const generations = [0, 1].map(() => layout.map((p) => memory.take(p.size)))
  const leafOf = new Map(topological(roots).flatMap((e): readonly (readonly [string, Expr])[] => {
    const path = pathOf(e)
    return path === undefined ? [] : [[path, e]]
  }))
  const shared = new Map<Expr, number>()
  const first = { count: 0 }
  const emissions = [0, 1].map((now) => {
    const given = new Map(shared)
    layout.forEach((p, i) => {
      const leaf = leafOf.get(p.path)
      if (leaf !== undefined) given.set(leaf, generations[now][i])
    })
    const outlets = layout.map((p, i): Outlet =>
      ({ root: roots[i], at: generations[1 - now][i], decaying: p.holds === 'slot' || p.holds === 'state' }))
    const code = emission({ prefix: `g${now}_`, index: first.count, memory, flag, given, outlets, others: reported })
    first.count += code.functions.length
    if (now === 0) {
      const own = new Set([...outlets.map((o) => o.root), ...layout.flatMap((p) => leafOf.get(p.path) ?? [])])
      code.places.forEach((at, e) => { if (!own.has(e) && e.primitive.name !== 'reshape') shared.set(e, at) })
    }
    return { code, roots }
  })
  const { floats, runners } = instantiate(host, memory, emissions)
  const held = generations.map((places) => places.map((at, i) => floats(at, layout[i].size)))
  const leaves = leavesOf(roots, emissions[0].code.places)
  const inputs = leaves.filter(({ path }) => path.startsWith('batch/')).map(({ path, at, size }) => ({ path, into: floats(at, size) }))
  const input = (path: string) => inputs.find((i) => i.path === path)?.into
  const [x, y, weightIn, presentIn] = ['batch/x', 'batch/y', 'batch/weight', 'batch/present'].map(input)
  const hypers = leaves.flatMap(({ node, at }) => {
    const hyper = hyperOf(node)
    return hyper === undefined ? [] : [{ ...hyper, name: hyper.path.slice('hyper/'.length), into: floats(at, 1) }]
  })
  const flagged = floats(flag, 1)
  const scalars = reported.map((r) => floats(emissions[0].code.places.get(r) ?? 0, 1))
  const weights = new Float64Array(program.batch)

  let now = 0
  let resident: Values | undefined

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
  const named = (names: readonly string[], from: number) => Object.fromEntries(names.map((name, i) => [name, scalars[from + i][0]]))

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
        const count = batch.count ?? program.batch
        let heavy = false
        for (let i = 0; i < program.batch; i++) {
          weights[i] = i < count ? batch.weight?.[i] ?? 1 : 0
          heavy ||= weights[i] !== 0
        }
        if (!heavy) {
          cursor += count
          continue
        }
        x?.set(batch.x.data)
        y?.set(batch.y.data)
        weightIn?.set(weights)
        presentIn?.fill(1, 0, count).fill(0, count)
        const hyper: Record<string, number> = {}
        for (const h of hypers) {
          hyper[h.name] = batch.hyper?.[h.name] ?? h.at(step)
          h.into[0] = hyper[h.name]
        }
        flagged[0] = 0
        const run: Run = { values: none, seed: from.seed, step, position: cursor + (batch.offset ?? 0) }
        runners[now](run)
        const data = scalars[0][0]
        const total = scalars[1][0]
        if (!(flagged[0] === 0 && Number.isFinite(total))) return E.left({ _tag: 'NonFinite', ...failure(settled(), run) })
        now = 1 - now
        moved = true
        step += 1
        cursor += count
        last = { data, total, hyper, penalties: named(penalties, 2), metrics: named(metrics, 2 + penalties.length) }
        reports.push(last)
      }
      return E.right({ state: settled(), reports })
    }
  }

  /** The step that failed, again, on the reference interpreter; its state is the last good one. */
  function failure(state: TrainState, run: Run) {
    const values: Run['values'] = (path) => {
      const place = layout.find((p) => p.path === path)
      if (place !== undefined) return state.values.subarray(place.offset, place.offset + place.size)
      return inputs.find((i) => i.path === path)?.into ?? [hypers.find((h) => h.path === path)?.into[0] ?? Number.NaN]
    }
    const written = new Map(roots.map((r, i) => [r, i < layout.length ? held[1 - now][i] : scalars[i - layout.length]]))
    const culprit = culpritOf(roots, { ...run, values }, (e) => written.get(e) ?? new Float32Array(0))
    return { state, culprit: culprit ?? { operation: 'total', shape: [], index: 0, value: scalars[1][0], from: [] } }
  }
}

const none = (): readonly number[] => []
