/** The law of engines with threads: how many there are is nobody's business. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import type { Engine } from 'tikhonov/engine'
import { add, matmul, mul, reduceMax, sum, tanh, transpose, variable, type Expr } from 'tikhonov/expr'
import { dense, relu, softmax } from 'tikhonov/layers'
import { categoricalCrossEntropy } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { adam } from 'tikhonov/optimizers'
import { bits } from 'tikhonov/random'
import { l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer } from 'tikhonov/training'
import { seed as seeds } from './arbitraries/index.js'
import { about, law, same, suite, type Outcome, type Suite } from './kit/index.js'

const right = <A>(e: E.Either<unknown, A>): A => {
  fc.pre(E.isRight(e))
  return e.right
}

/** Numbers that depend on their place and a seed only. */
const numbers = (count: number, from: number): Float64Array => new Float64Array(count).map((_, i) => Math.sin(from + i * 1.7))

const classes = 12

/** What a few steps of a network make, large enough that an engine shares its work. */
const learned = (engine: Engine, [batch, features, units]: readonly [number, number, number], seed: number): readonly number[] => {
  const model = right(sequential([features],
    dense(units, { activation: relu, kernelRegularizer: l2(0.001) }), dropout(0.25), dense(classes, { activation: softmax })))
  const t = right(trainer({ model, loss: categoricalCrossEntropy(), optimizer: adam(0.01), engine }))
  const label = (i: number): readonly number[] => Array.from({ length: classes }, (_, c) => (c === i % classes ? 1 : 0))
  const given = [0, 1].map((k) => ({
    x: tensor(numbers(batch * features, seed + k), [batch, features]),
    y: tensor(Array.from({ length: batch }, (_, i) => label(i + k)))
  }))
  const { state, reports } = right(fold(t)(start(t, seed), given))
  return [...state.values, ...reports.map((r) => r.total)]
}

/** Passes, sums, products, views and draws over matrices. */
const work = (rows: number, columns: number): readonly Expr[] => {
  const [x, y] = [variable('x', [rows, columns]), variable('y', [rows, columns])]
  const z = mul(tanh(x), add(y, 1))
  return [
    z, sum(z), sum(z, [0]), sum(z, [1]), reduceMax(z, [1]), transpose(z), matmul(x, y, { a: true }), matmul(x, y, { b: true }),
    bits('perExample', 'laws/threads', [rows, columns])
  ]
}

const computed = (rows: number, columns: number, seed: number): (engine: Engine) => readonly Float64Array[] => {
  const [x, y, roots] = [numbers(rows * columns, seed), numbers(rows * columns, seed + 0.5), work(rows, columns)]
  return (engine) => engine.evaluate(roots)({ values: (path) => (path === 'x' ? x : y), seed, step: 1, position: seed })
    .map((v) => Float64Array.from(v))
}

/**
 * An engine's results are the same bits for 1, 2 and 4 threads: values of matrices of any size, and whole training steps.
 * @example
 * ```ts
 * import { reference } from 'tikhonov/engine'
 * import { check, threadLaws } from 'tikhonov/laws'
 * check(threadLaws('reference', () => reference('float32')), { runs: 2 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const threadLaws = (name: string, engineOf: (threads: number) => Engine): Suite => {
  const [one, ...more] = [1, 2, 4].map((threads) => ({ threads, engine: engineOf(threads) }))
  const alike = (of: (engine: Engine) => unknown): Outcome => {
    const alone = of(one.engine)
    const against = (found: Outcome, { threads, engine }: (typeof more)[number]): Outcome =>
      found === true ? about(`${threads} threads`, same(of(engine), alone)) : found
    return more.reduce(against, true)
  }
  // One vector less or more, blocks of rows that do not come out even, one row: programs of equal sizes are compiled once.
  const size = fc.constantFrom(1, 3, 65, 127, 200, 257, 300)
  const sizes = fc.tuple(fc.constantFrom(50, 97, 150), fc.constantFrom(1, 33, 90), fc.constantFrom(90, 163))
  return suite('threads', name, [
    law('values do not depend on threads', '⟦e⟧ with n threads = ⟦e⟧ with one, bit for bit',
      [size, size, seeds()],
      (rows, columns, seed) => alike(computed(rows, columns, seed)), { mostRuns: 10 }),
    law('training does not depend on threads', 'fold with n threads = fold with one, bit for bit', [sizes, seeds()],
      (shape, seed) => alike((engine) => learned(engine, shape, seed)), { mostRuns: 4 })
  ])
}
