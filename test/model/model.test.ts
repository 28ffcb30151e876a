import { either as E, function as F, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { maxNorm } from 'tikhonov/constraints'
import { dropout } from 'tikhonov/dropout'
import { reference, wasm } from 'tikhonov/engine'
import { add, broadcast, mean, mul, sub, type Shape } from 'tikhonov/expr'
import { layer, named, same, showIssue, spec } from 'tikhonov/layer'
import { dense, flatten, relu, reshape, sigmoid } from 'tikhonov/layers'
import { binaryCrossEntropy, mse } from 'tikhonov/losses'
import { andThen, initialValues, predict, sequential, showSummary, summary, type Model, type Part } from 'tikhonov/model'
import { adam, sgd } from 'tikhonov/optimizers'
import { l1, l2 } from 'tikhonov/regularizers'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { fold, parametersOf, slotsOf, start, trainer, valuesOf, withValues } from 'tikhonov/training'

const right = <A>(e: E.Either<readonly object[] | object, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}
const built = (input: Shape, ...parts: readonly Part[]): Model => right(sequential<Shape, readonly Part[]>(input, ...parts))
const xor = { x: tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), y: tensor([[0], [1], [1], [0]]) }

describe('a model', () => {
  it('is summarised: paths, shapes, parameters, penalties, constraints', () => {
    const hidden = named('hidden', dense(8, { activation: relu, kernelRegularizer: l2(0.001), activityRegularizer: l1(0.1) }))
    const model = built([4, 6], flatten, hidden, dropout(0.5), dense(1, { kernelConstraint: maxNorm(3), useBias: false }))
    expect(summary(model).rows.map((r) => [r.path, r.output, r.parameters])).toEqual([
      ['flatten/0', [24], 0], ['hidden', [8], 200], ['dropout/0', [8], 0], ['dense/0', [1], 8]
    ])
    expect(showSummary(summary(model)).split('\n')).toEqual([
      'layer      output  parameters  penalties                                           constraints',
      '─'.repeat(105),
      'input      [4, 6]           0',
      'flatten/0  [24]             0',
      'hidden     [8]            200  kernel: l2(lambda 0.001), activity: l1(lambda 0.1)',
      'dropout/0  [8]              0',
      'dense/0    [1]              8                                                      kernel: maxNorm(cap 3)',
      '208 parameters'
    ])
  })

  it('has first values that depend on the seed and each path only: a layer more changes no others', () => {
    const one = initialValues(built([3], dense(4)), 7)
    const more = initialValues(built([3], dense(4), dropout(0.5), dense(2)), 7)
    expect(more['dense/0/kernel']).toEqual(one['dense/0/kernel'])
    expect(initialValues(built([3], dense(4)), 8)['dense/0/kernel']).not.toEqual(one['dense/0/kernel'])
  })

  it('predicts any number of rows, a chunk at a time, as it does row by row', () => {
    const model = built([3], dense(5, { activation: relu }), dropout(0.5), dense(2))
    const of = predict(model, initialValues(model, 3))
    const x = tensor(Array.from({ length: 600 }, (_, i) => [i / 100, -i / 50, 1]))
    const all = right(of(x))
    expect(all.shape).toEqual([600, 2])
    for (const i of [0, 255, 256, 599]) {
      const one = right(of(tensor([[i / 100, -i / 50, 1]])))
      expect([...all.data.subarray(2 * i, 2 * i + 2)]).toEqual([...one.data])
    }
    expect(right(of(tensor(new Float64Array(0), [0, 3]))).shape).toEqual([0, 2])
  })

  it('refuses values that are missing or misshapen and examples that do not fit, all at once', () => {
    const model = built([2], dense(1))
    const predicted = predict(model, { 'dense/0/kernel': tensor([1]) })(tensor([[1, 2, Number.NaN]]))
    expect(F.pipe(predicted, E.mapLeft((issues) => issues.map(showIssue)))).toEqual(E.left([
      'dense/0/kernel: found shape [1], allowed: [2, 1]',
      'dense/0/bias: found no value, allowed: a tensor [1]',
      'x: found shape [1, 3], allowed: [examples, 2]',
      'x[0, 2]: found NaN, allowed: a finite number'
    ]))
  })

  it('refuses data that does not fill its shape, or is none, as it may come out of JSON', () => {
    const model = built([2], dense(1))
    const values = { 'dense/0/kernel': tensor([[1], [2]]), 'dense/0/bias': tensor([0]) }
    const short: Tensor = { _tag: 'Tensor', shape: [2, 2], data: new Float64Array(3) }
    const parsed = JSON.parse('{ "_tag": "Tensor", "shape": [1], "data": [0] }') as Tensor
    const issues = F.pipe(predict(model, { ...values, 'dense/0/bias': parsed })(short), E.mapLeft((found) => found.map(showIssue)))
    expect(issues).toEqual(E.left([
      'dense/0/bias: found data that is no typed array, allowed: 1 numbers in a typed array',
      'x: found 3 numbers, allowed: 4 numbers in a typed array'
    ]))
  })

  it('refuses numbers that are infinite in the precision of its engine, before and after', () => {
    const model = built([1], dense(1))
    const values = (w: number) => ({ 'dense/0/kernel': tensor([[w]]), 'dense/0/bias': tensor([0]) })
    const found = (w: number, x: number, precision: 'float32' | 'float64') =>
      F.pipe(predict(model, values(w), reference(precision))(tensor([[1], [x]])), E.match((issues) => issues.map(showIssue), () => []))
    expect([found(1, 1e39, 'float32'), found(1, 1e39, 'float64')]).toEqual([
      ['x[1, 0]: found 1e+39, allowed: a finite number in float32'], []
    ])
    // The largest number, and what would be rounded to the next.
    expect([found(1, 3.4028235677973362e38, 'float32'), found(1, 3.4028235677973366e38, 'float32')]).toEqual([
      [], ['x[1, 0]: found 3.4028235677973366e+38, allowed: a finite number in float32']
    ])
    expect(found(NaN, 1, 'float32')).toEqual(['dense/0/kernel[0, 0]: found NaN, allowed: a finite number'])
    expect(found(1e30, 1e30, 'float32')).toEqual(['predictions[1, 0]: found Infinity, allowed: a finite number'])
  })

  it('goes on: andThen is sequential of both', () => {
    const [head, tail] = [built([6], dense(4, { activation: relu })), built([4], dense(2))]
    const both = right(andThen(head, tail, reshape([2, 1])))
    expect(both.output).toEqual([2, 1])
    expect(Object.keys(initialValues(both))).toEqual(['dense/0/kernel', 'dense/0/bias', 'dense/1/kernel', 'dense/1/bias'])
  })
})

describe('values by path', () => {
  const t = right(E.chain((model: Model) => trainer({ model, loss: binaryCrossEntropy(), optimizer: adam(0.01) }))(
    sequential([2], dense(4, { activation: relu }), named('out', dense(1, { activation: sigmoid }))))
  )
  const trained = right(fold(t)(start(t, 5), [xor, xor, xor])).state

  it('are read: parameters, slots, what predict needs', () => {
    expect(Object.keys(parametersOf(t, trained))).toEqual(['dense/0/kernel', 'dense/0/bias', 'out/kernel', 'out/bias'])
    expect(Object.keys(slotsOf(t, trained)).every((path) => path.startsWith('optimizer/'))).toBe(true)
    expect(right(predict(t.model, valuesOf(t, trained))(xor.x)).shape).toEqual([4, 1])
  })

  it('are replaced in a new state, for fine-tuning; the rest stays', () => {
    const kernel = tensor([[1, 2, 3, 4], [5, 6, 7, 8]])
    const tuned = right(withValues(t, trained, { 'dense/0/kernel': kernel }))
    expect([...parametersOf(t, tuned)['dense/0/kernel'].data]).toEqual([...kernel.data])
    expect(parametersOf(t, tuned)['out/kernel']).toEqual(parametersOf(t, trained)['out/kernel'])
    expect([...parametersOf(t, trained)['dense/0/kernel'].data]).not.toEqual([...kernel.data])
    expect(right(fold(t)(tuned, [xor])).state.step).toBe(4)
  })

  it('are refused where they are too large for the precision of the engine', () => {
    const large = { 'out/bias': tensor([1e39]) }
    const found = [wasm(), O.some(reference())].map(O.map((engine) => {
      const each = right(trainer({ model: t.model, loss: binaryCrossEntropy(), optimizer: adam(0.01), engine }))
      return F.pipe(withValues(each, start(each), large), E.match((issues) => issues.map((i) => i.found), () => []))
    }))
    expect(found).toEqual([O.some(['1e+39']), O.some([])])
  })

  it('are refused where the path, the shape or a number is wrong, all at once', () => {
    const kernel = tensor([[1], [2], [3], [Infinity]])
    const wrong = withValues(t, trained, { nowhere: tensor([1]), 'out/bias': tensor([1, 2]), 'out/kernel': kernel })
    expect(F.pipe(wrong, E.mapLeft((issues) => issues.map((i) => [i.path, i.found])))).toEqual(E.left([
      ['nowhere', 'no such value'], ['out/bias', 'shape [2]'], ['out/kernel[3, 0]', 'Infinity']
    ]))
  })
})

describe('a layer with state of its own', () => {
  const centred = layer({
    spec: spec('centred'),
    rule: same,
    state: (x) => ({ mean: { shape: x.slice(1), initial: () => broadcast(0, x.slice(1)) } }),
    apply: (_, { mode, state }) => (x) => ({
      y: sub(x, state.mean),
      state: { mean: mode._tag === 'Train' ? add(mul(0.5, state.mean), mul(0.5, mean(x, [0]))) : state.mean }
    })
  })

  it('has it folded through the states of the run, and kept in inference', () => {
    const t = right(E.chain((model: Model) => trainer({ model, loss: mse(), optimizer: sgd(0) }))(sequential([1], centred, dense(1))))
    const batch = { x: tensor([[2], [4]]), y: tensor([[0], [0]]) }
    const states = [1, 2].map((n) => right(fold(t)(start(t), Array.from({ length: n }, () => batch))).state)
    expect(states.map((s) => [...valuesOf(t, s)['centred/0/mean'].data])).toEqual([[1.5], [2.25]])
    const values = { ...valuesOf(t, states[1]), 'dense/0/kernel': tensor([[1]]), 'dense/0/bias': tensor([0]) }
    const y = right(predict(t.model, values)(tensor([[2.25]])))
    expect([...y.data]).toEqual([0])
  })
})
