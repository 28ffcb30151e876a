import { either as E } from 'fp-ts'
import { concat, from, map, of, take, tap, throwError, toArray, type Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { showIssue } from 'tikhonov/layer'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { rda, type Optimizer } from 'tikhonov/optimizers'
import { l1 } from 'tikhonov/regularizers'
import { csr, foldSparse, sparseBatches, sparseTrainer, type SparseBatch } from 'tikhonov/sparse'
import { trainSparse, trainSparseWithReports, type TrainOptions } from 'tikhonov/stream'
import { tensor } from 'tikhonov/tensor'
import { start, type BadBatch } from 'tikhonov/training'
import { right } from './fixture.js'
import { record } from './record.js'

const features = 30
const rows = Array.from({ length: 12 }, (_, i) => [...new Set([i, (7 * i) % features, (i * i) % features])].sort((a, b) => a - b))
const offsets = rows.reduce<readonly number[]>((ends, row) => [...ends, ends[ends.length - 1] + row.length], [0])
const examples = {
  x: right(csr([rows.length, features], offsets, rows.flat(), rows.flat().map((column, i) => ((column + i) % 5) - 2))),
  y: tensor(rows.map((_, i) => [(i % 3) - 1]))
}
const batches = [...sparseBatches(examples)]

/** Rows that wait shrink meanwhile: what is emitted has to catch up, and the run must not see it. */
const optimizer: Optimizer = rda(0.25, { penalty: l1(0.05) })
const model = right(sequential([features], dense(3, { activation: tanh }), dense(1)))
const t = right(sparseTrainer({ model, loss: mse(), optimizer }))
const first = start(t, 3)
const folded = (some: readonly SparseBatch[]) => right(foldSparse(t)(first, some))

/** All is learned at once, whatever the machine does. */
const states = (source: Observable<SparseBatch>, options: TrainOptions = {}) =>
  source.pipe(trainSparse(t, { from: first, slice: Infinity, ...options }))

describe('training on sparse rows as they arrive', () => {
  it.each([1, 3, 5, Infinity])('emits states of foldSparse, bit for bit, each %s steps and at the end; none is written later', (emit) => {
    const { values, end } = record(states(from(batches), { emit }))
    const due = batches.map((_, i) => i + 1).filter((n) => n % emit === 0 || n === batches.length)
    expect(values).toEqual(due.map((n) => folded(batches.slice(0, n)).state))
    expect(end).toBe('complete')
  })

  it('has the reports of all steps, at any cadence', () => {
    const { values } = record(from(batches).pipe(trainSparseWithReports(t, { from: first, slice: Infinity, emit: 5 })))
    expect(values.map(({ reports }) => reports.length)).toEqual([5, 5, 2])
    expect(values.flatMap(({ reports }) => reports)).toEqual(folded(batches).reports)
  })

  it('is a run of its own for each subscription, and emits where it began if nothing comes', () => {
    const stream = states(from(batches), { emit: 4 })
    expect(record(stream)).toEqual(record(stream))
    expect(record(states(of()))).toEqual({ values: [first], end: 'complete' })
  })

  it('stops when nobody wants more', () => {
    const seen: number[] = []
    const source = from(batches).pipe(map((batch, i) => ({ ...batch, offset: i })), tap(({ offset }) => { seen.push(offset) }))
    expect(record(states(source).pipe(take(2), map(({ step }) => step), toArray())).values).toEqual([[1, 2]])
    expect(seen).toEqual([0, 1])
  })

  it('ends with the error of foldSparse after the last good state', () => {
    const unfit = { x: right(csr([1, features + 1], [0, 1], [features], [1])), y: tensor([[1]]) }
    const { values, end } = record(states(from([...batches.slice(0, 4), unfit, ...batches]), { emit: Infinity }))
    expect(values).toEqual([folded(batches.slice(0, 4)).state])
    expect(E.left(end)).toEqual(foldSparse(t)(first, [...batches.slice(0, 4), unfit]))
  })

  it('ends with what is no batch of sparse rows as with one that does not fit, and says what is missing', () => {
    const [{ x, y }] = batches
    const kinds: readonly (readonly [given: unknown, issues: readonly string[]])[] = [
      [undefined, ['batch: found undefined, allowed: a batch, { x, y }']],
      [{ x }, ['batch/y: found undefined, allowed: a tensor, its data a typed array']],
      [{ x: y, y }, ['batch/x: found another object, allowed: sparse rows']],
      [{}, ['batch/x: found undefined, allowed: sparse rows', 'batch/y: found undefined, allowed: a tensor, its data a typed array']]
    ]
    for (const [given, wanted] of kinds) {
      const { values, end } = record(states(from([...batches.slice(0, 4), given as SparseBatch, ...batches]), { emit: Infinity }))
      const { state } = folded(batches.slice(0, 4))
      expect(values).toEqual([state])
      expect(end).toMatchObject({ _tag: 'BadBatch', state })
      expect((end as BadBatch).issues.map(showIssue)).toEqual(wanted)
    }
  })

  it('ends with the error of the source after what it pushed', () => {
    const broken = concat(from(batches.slice(0, 2)), throwError(() => 'broken'))
    expect(record(states(broken, { emit: Infinity }))).toEqual({ values: [folded(batches.slice(0, 2)).state], end: 'broken' })
  })

  it('refuses options that make no sense, a state of another model, and by type a trainer that is not for sparse rows', () => {
    expect(record(states(from(batches), { emit: 0 })).end).toMatchObject({ _tag: 'BadOptions' })
    expect(record(states(from(batches), { from: { ...first, values: first.values.slice(1) } })).end).toMatchObject({ _tag: 'BadOptions' })
    const { sparse: _, ...plain } = t
    // @ts-expect-error an ordinary trainer has no steps over some rows
    expect(record(of(...batches).pipe(trainSparse(plain))).end).toBeInstanceOf(TypeError)
  })
})
