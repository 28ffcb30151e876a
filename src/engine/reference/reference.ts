/** The reference engine: float64, one primitive after the other. It is the meaning that other engines are held against. */
import { either as E } from 'fp-ts'
import { interpreter, type Precision } from '../../expr/evaluate.js'
import { topological } from '../../expr/graph.js'
import { hyperOf } from '../../expr/leaf.js'
import type { Run } from '../../expr/node.js'
import { simplify } from '../../expr/simplify.js'
import type { Batch, Engine, Executable, Folded, NonFinite, Place, Program, Report, TrainState } from '../engine.js'
import { culpritOf } from './culprit.js'

const compile = (precision: Precision) => (program: Program): Executable => {
  const { report } = program
  const [penalties, metrics] = [Object.keys(report.penalties), Object.keys(report.metrics)]
  const roots = simplify([
    ...program.layout.map((p) => program.next[p.path]), report.data, report.total,
    ...penalties.map((p) => report.penalties[p]), ...metrics.map((m) => report.metrics[m])
  ])
  const bound = interpreter(roots, precision)
  const hypers = topological(roots).flatMap((e) => hyperOf(e) ?? [])
  const places = new Map<string, Place>(program.layout.map((p) => [p.path, p]))
  const buffers = roots.map(bound.values)
  const scalar = (i: number) => buffers[program.layout.length + i][0]

  const step = (state: TrainState, batch: Batch): E.Either<NonFinite, Folded> => {
    const rows = batch.x.shape[0]
    const present = Float64Array.from({ length: rows }, (_, i) => (i < (batch.count ?? rows) ? 1 : 0))
    const weight = present.map((p, i) => p * (batch.weight?.[i] ?? 1))
    const cursor = state.cursor + (batch.count ?? rows)
    if (weight.every((w) => w === 0)) return E.right({ state: { ...state, cursor }, reports: [] })
    const hyper = Object.fromEntries(hypers.map(({ path, at }) => [path.slice('hyper/'.length), batch.hyper?.[path.slice('hyper/'.length)] ?? at(state.step)]))
    const given: Readonly<Record<string, ArrayLike<number>>> = {
      'batch/x': batch.x.data, 'batch/y': batch.y.data, 'batch/weight': weight, 'batch/present': present,
      ...Object.fromEntries(Object.entries(hyper).map(([name, value]) => [`hyper/${name}`, [value]]))
    }
    const values: Run['values'] = (path) => {
      const place = places.get(path)
      return place === undefined ? given[path] : state.values.subarray(place.offset, place.offset + place.size)
    }
    bound.run({ values, seed: state.seed, step: state.step, position: state.cursor + (batch.offset ?? 0) })
    if (buffers.some((b) => b.some((x) => !Number.isFinite(x)))) {
      const culprit = culpritOf(bound)
      if (culprit !== undefined) return E.left({ _tag: 'NonFinite', state, culprit })
    }
    const next = new Float64Array(state.values.length)
    program.layout.forEach((p, i) => { next.set(buffers[i], p.offset) })
    const reported: Report = {
      data: scalar(0), total: scalar(1), hyper,
      penalties: Object.fromEntries(penalties.map((p, i) => [p, scalar(2 + i)])),
      metrics: Object.fromEntries(metrics.map((m, i) => [m, scalar(2 + penalties.length + i)]))
    }
    return E.right({ state: { _tag: 'TrainState', step: state.step + 1, seed: state.seed, cursor, values: next, report: reported }, reports: [reported] })
  }

  return {
    fold: (from, batches) => {
      const reports: Report[] = []
      let state = from
      for (const batch of batches) {
        const after = step(state, batch)
        if (E.isLeft(after)) return after
        state = after.right.state
        reports.push(...after.right.reports)
      }
      return E.right({ state, reports })
    }
  }
}

/**
 * The reference engine; `float32` rounds after every primitive, which is the best that an engine in single precision may do.
 * @example
 * ```ts
 * import { reference } from 'tikhonov/engine'
 * reference().name // => 'reference'
 * ```
 */
export const reference = (precision: Precision = 'float64'): Engine => ({
  name: precision === 'float64' ? 'reference' : 'reference-float32',
  compile: compile(precision),
  evaluate: (given) => {
    const roots = simplify(given)
    const bound = interpreter(roots, precision)
    return (run) => {
      bound.run(run)
      return roots.map(bound.values)
    }
  }
})
