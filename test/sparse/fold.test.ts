import { either as E, function as F, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { maxNorm } from 'tikhonov/constraints'
import { reference, wasm } from 'tikhonov/engine'
import { hyper } from 'tikhonov/expr'
import { ones } from 'tikhonov/initializers'
import { named, showIssue } from 'tikhonov/layer'
import { conv1d, dense, flatten, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import {
  adam, adamw, addDecay, after, before, clipByGlobalNorm, cumulativePenalty, decoupledDecay, ftrl, momentum, optimizer, rda, sgd,
  truncatedGradient, type Optimizer
} from 'tikhonov/optimizers'
import { exact, l1, l2, ridge } from 'tikhonov/regularizers'
import { exponential } from 'tikhonov/schedules'
import { csr, foldSparse, sparseBatches, sparseTrainer, toDense } from 'tikhonov/sparse'
import { tensor } from 'tikhonov/tensor'
import { fold, parametersOf, start, trainer } from 'tikhonov/training'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)

const features = 2000

/** Rows with 0 … 4 features each, by a fixed rule. */
const examples = (() => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    [...new Set(Array.from({ length: i % 5 }, (_, j) => (7919 * (i + 3 * j + 1) ** 2) % features))].sort((a, b) => a - b))
  const offsets = rows.reduce<readonly number[]>((ends, row) => [...ends, ends[ends.length - 1] + row.length], [0])
  const indices = rows.flat()
  return {
    x: right(csr([rows.length, features], offsets, indices, indices.map((column) => (column % 9) - 4))),
    y: tensor(rows.map((_, i) => [(i % 7) - 3]))
  }
})()

const model = right(sequential([features], dense(3, { activation: relu }), dense(1)))

describe('on the default engine', () => {
  it.each<readonly [string, Optimizer]>([
    ['ftrl', ftrl(0.1, { penalty: l1(0.5) })], ['rda', rda(0.05, { penalty: l1(0.01) })],
    ['truncated gradient', truncatedGradient(0.02, { gravity: 0.01 })], ['cumulative penalty', cumulativePenalty(0.02, { lambda: 0.01 })],
    ['decay', after(decoupledDecay(0.1), sgd(0.02))]
  ])('a sparse run is the dense one in float32, %s', (_, of) => {
    const t = right(sparseTrainer({ model, loss: mse(), optimizer: of }))
    const batches = [...sparseBatches(examples, { size: 3 })]
    const got = right(foldSparse(t)(start(t, 1), batches))
    const expected = right(fold(t)(start(t, 1), batches.map((batch) => ({ ...batch, x: toDense(batch.x) }))))
    const apart = Math.max(...got.state.values.map((v, i) => Math.abs(v - expected.state.values[i])))
    // 14 steps; each rounds at most 2⁻²⁴ of numbers below 8 a few times, and the network does not expand differences by more than 2⁶.
    expect(apart).toBeLessThan(14 * 8 * 2 ** -24 * 2 ** 6)
  })

  it('states go on densely and back', () => {
    const t = right(sparseTrainer({ model, loss: mse(), optimizer: rda(0.05, { penalty: l1(0.01) }), engine: reference() }))
    const [first, second, third] = [0, 1, 2].map((i) => [...sparseBatches(examples)].slice(i * 4, i * 4 + 4))
    const run = F.pipe(
      foldSparse(t)(start(t, 1), first),
      E.chain(({ state }) => fold(t)(state, second.map((batch) => ({ ...batch, x: toDense(batch.x) })))),
      E.chain(({ state }) => foldSparse(t)(state, third))
    )
    const whole = right(foldSparse(t)(start(t, 1), [...first, ...second, ...third])).state.values
    const apart = right(run).state.values.map((v, i) => Math.abs(v - whole[i]))
    expect(Math.max(...apart)).toBeLessThan(1e-12)
  })
})

describe('what does not fit is an issue', () => {
  const issues = (of: Optimizer, options: Parameters<typeof dense>[1] = {}): readonly string[] => F.pipe(
    sequential([features], dense(1, options)),
    E.chain((m) => sparseTrainer({ model: m, loss: mse(), optimizer: of })),
    E.match((found) => found.map((i) => `${i.path}: ${i.found}`), (): readonly string[] => [])
  )

  it.each<readonly [string, Optimizer, string]>([
    ['momentum', sgd(0.1, { momentum: 0.9 }), 'sgd(learningRate 0.1, momentum 0.9)'],
    ['adam', adam(), 'adam(learningRate 0.001, beta1 0.9, beta2 0.999, epsilon 1e-7)'],
    ['decay as a part of the gradient', before(addDecay(0.1), sgd(0.1)), 'before('],
    ['something after decay', optimizer('mine', 0.1, {}, after(momentum(0.5), after(decoupledDecay(0.1), sgd(0.1))).transform), 'mine('],
    ['rda whose rate changes', rda(exponential(0.1, { decaySteps: 1, decayRate: 0.5 })), 'rda('],
    ['adamw', adamw(), 'adamw('],
    ['ftrl whose λ changes', ftrl(0.1, { penalty: l1(hyper('lambda', 1, { min: 0, max: 9, open: 'none' })) }), 'hyper/lambda']
  ])('%s', (_, of, found) => {
    const said = issues(of)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(`optimizer: ${found}`)
  })

  it.each<readonly [string, Optimizer, Parameters<typeof dense>[1], readonly string[]]>([
    ['the gradient of a penalty', sgd(0.1), { kernelRegularizer: l2(0.1) }, ['dense/0/kernel/l2: l2(lambda 0.1)']],
    ['an exact penalty whose missed steps do not add up', sgd(0.1), { kernelRegularizer: exact(ridge(0.1)) },
      ['dense/0/kernel/ridge: ridge(lambda 0.1)']],
    ['a constraint', ftrl(0.1), { kernelConstraint: maxNorm(1) }, ['dense/0/kernel/maxNorm: maxNorm(max 1)']]
  ])('%s', (_, of, options, found) => {
    expect(issues(of, options).map((said) => said.replace(/maxNorm\(.*\)/, 'maxNorm(max 1)'))).toEqual(found)
  })

  it('penalties of biases, of other layers and of activities are none', () => {
    expect(issues(sgd(0.1), { biasRegularizer: l2(0.1), activityRegularizer: l2(0.1) })).toEqual([])
    expect(issues(before(clipByGlobalNorm(1), sgd(0.1)), { kernelRegularizer: exact(l1(0.1)) })).toEqual([])
  })

  it('another first layer', () => {
    const first = (m: Parameters<typeof sparseTrainer>[0]['model']) =>
      F.pipe(sparseTrainer({ model: m, loss: mse(), optimizer: sgd(0.1) }), E.mapLeft((found) => found.map(showIssue)))
    const allowed = 'allowed: dense on [features] as the first layer, whose kernel has a row for each feature'
    expect(first(right(sequential([4], flatten, dense(1))))).toEqual(E.left([`model: found flatten on [4], ${allowed}`]))
    expect(E.isRight(first(right(sequential([4], named('words', dense(1))))))).toBe(true)
    // A model of another rank does not compile; where the type does not say, it is an issue.
    const images = right(sequential([4, 1], conv1d(1, 2), flatten, dense(1)))
    // @ts-expect-error its examples are no rows of features
    const made = sparseTrainer({ model: images, loss: mse(), optimizer: sgd(0.1) })
    expect(E.isLeft(made)).toBe(true)
  })
})

describe('a batch that does not fit', () => {
  const t = right(sparseTrainer({ model, loss: mse(), optimizer: rda(0.05, { penalty: l1(0.01) }), engine: reference() }))
  const [first, second] = [...sparseBatches(examples)].slice(6)

  it('ends the run with the last good state, caught up', () => {
    const wide = { x: right(csr([1, features + 1], [0, 1], [0], [1])), y: tensor([[1]]) }
    const broken = { ...second, x: { ...second.x, values: second.x.values.map(() => NaN) } }
    const ended = foldSparse(t)(start(t), [first, second, wide])
    const good = right(foldSparse(t)(start(t), [first, second])).state
    expect(ended).toMatchObject(E.left({ _tag: 'BadBatch', state: good }))
    expect(F.pipe(ended, E.mapLeft((e) => (e._tag === 'BadBatch' ? e.issues.map(showIssue) : [])))).toEqual(
      E.left([`batch/x: found ${features + 1} columns, allowed: ${features}, the features of the model`]))
    expect(foldSparse(t)(start(t), [first, second, broken])).toMatchObject(E.left({ _tag: 'BadBatch', state: good }))
  })

  it('by its wanted values and weights is told as by a dense trainer, all at once', () => {
    const bad = { ...first, y: tensor([[NaN]]), weight: [-1], count: 2 }
    expect(F.pipe(foldSparse(t)(start(t), [bad]), E.mapLeft((e) => (e._tag === 'BadBatch' ? e.issues.map((i) => i.path) : [])))).toEqual(
      E.left(['batch/count', 'batch/weight[0]', 'batch/y[0]']))
  })

  it('a step that is not finite leaves all as it was', () => {
    const huge = { ...first, y: tensor([[1e300]]) }
    const ended = foldSparse(t)(start(t), [first, huge])
    expect(ended).toMatchObject(E.left({ _tag: 'NonFinite', state: right(foldSparse(t)(start(t), [first])).state }))
  })
})

describe('what is exactly 0', () => {
  it('is so on every engine, for every optimizer of exact sparsity', () => {
    const engines = [reference(), ...O.match(() => [], (engine: ReturnType<typeof reference>) => [engine])(wasm())]
    const linear = right(sequential([features], dense(1, { kernelInitializer: ones })))
    const heavy = [
      ftrl(0.1, { penalty: l1(1e6) }), rda(0.1, { penalty: l1(1e6) }), cumulativePenalty(0.1, { lambda: 1e6 }),
      truncatedGradient(0.1, { gravity: 1e6, every: 2 })
    ]
    const left = engines.flatMap((engine) => heavy.map((of) => {
      const t = right(sparseTrainer({ model: linear, loss: mse(), optimizer: of, engine }))
      const { data } = parametersOf(t, right(foldSparse(t)(start(t), sparseBatches(examples))).state)['dense/0/kernel']
      return data.filter((w) => w !== 0).length
    }))
    expect(left).toEqual(left.map(() => 0))
  })
})

describe('an exact penalty of a dense trainer', () => {
  it('is the same run sparsely: soft thresholds of missed steps add up', () => {
    const penalised = right(sequential([features], dense(1, { kernelInitializer: ones, kernelRegularizer: exact(l1(0.01)) })))
    const parts = { model: penalised, loss: mse(), optimizer: sgd(0.01), engine: reference() }
    const [t, plain] = [right(sparseTrainer(parts)), right(trainer(parts))]
    const batches = [...sparseBatches(examples)]
    const got = right(foldSparse(t)(start(t), batches)).state.values
    const expected = right(fold(plain)(start(plain), batches.map((batch) => ({ ...batch, x: toDense(batch.x) })))).state.values
    expect(Math.max(...got.map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(1e-12)
  })
})
