/**
 * A program as a reducer whose state stays in memory. Values live in two generations: a step reads one and writes the other, so that a
 * step that was not finite has changed nothing. A state that comes in is copied in unless it is the one that went out last.
 */
import { either as E, function as F } from 'fp-ts'
import { topological } from '../../expr/graph.js'
import { hyperOf } from '../../expr/leaf.js'
import type { Run, Values } from '../../expr/node.js'
import type { ByPath } from '../../part/path.js'
import { culpritOf } from '../culprit.js'
import type { Batch, Executable, NonFinite, Program, Report, TrainState } from '../engine.js'
import { rootsOf, type Roots } from '../roots.js'
import type { Compiler, Training } from './compile.js'
import { leavesOf } from './emission.js'
import { sweptEvery } from './flush.js'
import { hosting } from './evaluator.js'
import { instantiate, type Instance, type TooLarge } from './instance.js'

const none: Run['values'] = () => []

/** The program on this engine, or that there is too little memory for it. */
export const training = ({ settings, training: compile }: Compiler, program: Program): E.Either<TooLarge, Executable> => {
  const roots = rootsOf(program)
  return F.pipe(
    compile(program.layout, [...roots.next, ...roots.reported]),
    E.chain((code) => F.pipe(instantiate(settings, code.of), E.map((instance) => reducer(program, roots, code, instance))))
  )
}

const reducer = (
  { layout, batch: rows }: Program, { next, reported, named }: Roots, { of, roots, hosted, generations, flag }: Training, instance: Instance
): Executable => {
  const { floats, runners } = instance
  const scalarRoots = roots.slice(layout.length)
  const held = generations.map((places) => places.map((at, i) => floats(at, layout[i].size)))
  const leaves = leavesOf(roots, of.code).map(({ path, at, size }) => ({ path, into: floats(at, size) }))
  const input = (path: string) => leaves.find((l) => l.path === path)?.into
  const [x, y, weightIn, presentIn] = ['batch/x', 'batch/y', 'batch/weight', 'batch/present'].map(input)
  // Hypers by what they are in the program: those of which the host makes something are no leaves of the engine.
  const hypers = topological([...next, ...reported]).flatMap((e) => hyperOf(e) ?? [])
    .map((h) => ({ ...h, name: h.path.slice('hyper/'.length), into: input(h.path) }))
  const host = hosting(hosted, input)
  const flagged = floats(flag, 1)
  const scalars = scalarRoots.map((r) => floats(of.code.at(0, r), 1))
  const scalar = (i: number): number => scalars[i][0]

  let now = 0
  let resident: Values | undefined
  let hyper: ByPath<number> | undefined
  let uniform: number | undefined

  let running = false

  const enter = (values: Values) => {
    if (values === resident) return
    layout.forEach((p, i) => { held[now][i].set(values.subarray(p.offset, p.offset + p.size)) })
    resident = values
  }
  const size = layout.reduce((n, p) => n + p.size, 0)
  const leave = (into: Values | undefined): Values => {
    const block = into ?? new Float32Array(size)
    layout.forEach((p, i) => { block.set(held[now][i], p.offset) })
    resident = block
    return block
  }
  /** Puts the hyper-parameters of a batch where they belong; one record serves as long as they stay. */
  const tune = (batch: Batch, step: number): ByPath<number> => {
    if (hyper !== undefined && hypers.every(({ name, at }) => hyper?.[name] === (batch.hyper?.[name] ?? at(step)))) return hyper
    const chosen = Object.fromEntries(hypers.map(({ name, at }) => [name, batch.hyper?.[name] ?? at(step)]))
    hyper = undefined
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

  const folded: Executable['fold'] = (from, batches, into) => {
    enter(from.values)
    const reports: Report[] = []
    let moved = false
    let { step, cursor } = from
    let last = from.report
    const settled = (): TrainState => {
      if (!moved) resident = from.values
      return {
        _tag: 'TrainState', step, seed: from.seed, cursor, values: moved ? leave(into) : from.values,
        ...(last === undefined ? {} : { report: last })
      }
    }
    // What is thrown in the midst, by a schedule or by a source, leaves a state that nobody has.
    resident = undefined
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
      const report = named(scalar, used)
      if (!(flagged[0] === 0 && scalars.every((s) => Number.isFinite(s[0])))) return E.left(failure(settled(), run, used))
      now = 1 - now
      moved = true
      step += 1
      if (step % sweptEvery === 0) runners[2 + now](run)
      cursor += count
      last = report
      reports.push(report)
    }
    return E.right({ state: settled(), reports })
  }

  return {
    fold: (from, batches, into) => {
      // A source may fold by this executable while it is asked: what the fold that asks it has reached is put aside.
      const aside = running ? leave(undefined) : undefined
      running = true
      try {
        return folded(from, batches, into)
      } finally {
        running = aside !== undefined
        if (aside !== undefined) enter(aside)
      }
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
