import { either as E, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { constraint } from 'tikhonov/constraints'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { add, isotonic, mul, order, scan, sort, sum, svd, takeAlong, variable, type Expr } from 'tikhonov/expr'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { parametersOf, start, step, trainer, type TrainState } from 'tikhonov/training'

const right = <A>(e: E.Either<object, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const engines = [1, 2].map((threads): Engine => O.getOrElse((): Engine => expect.fail('no WebAssembly SIMD'))(wasm({ threads })))

const nuclear = regularizer('nuclear', {}, (w) => mul(0.05, sum(svd(w).s)))
const increasing = constraint('increasing', {}, () => isotonic)

/** The kernel after each of eight steps. */
const kernels = (engine: Engine): readonly (readonly number[])[] => {
  const model = right(sequential([5], dense(4, { activation: tanh, kernelRegularizer: nuclear, kernelConstraint: increasing }), dense(1)))
  const t = right(trainer({ model, loss: mse(), optimizer: sgd(0.1, { momentum: 0.5 }), engine }))
  const batch = (k: number) => ({
    x: tensor(Array.from({ length: 6 }, (_, i) => [1, 2, 3, 4, 5].map((j) => Math.sin(k + i * j)))),
    y: tensor(Array.from({ length: 6 }, (_, i) => [Math.cos(k * i)]))
  })
  return Array.from({ length: 8 }, (_, k) => k)
    .reduce<readonly TrainState[]>((all, k) => [...all, right(step(t)(all.at(-1) ?? start(t, 3), batch(k)))], [])
    .map((state) => Array.from(parametersOf(t, state)['dense/0/kernel'].data))
}
const expectNear = (got: ArrayLike<number>, wanted: ArrayLike<number>): void => {
  expect(got).toHaveLength(wanted.length)
  Array.from(wanted).forEach((x, i) => { expect(got[i]).toBeCloseTo(x, 5) })
}

describe.each([['one thread', engines[0]], ['two threads', engines[1]]])('what is left to the reference evaluation, on %s', (_, engine) => {
  it('is computed at every step of training, from parameters as they are then', () => {
    const wanted = kernels(reference())
    expect(wanted[7].every((x, i) => x === wanted[6][i])).toBe(false)
    kernels(engine).forEach((kernel, k) => { expectNear(kernel, wanted[k]) })
  })

  it.each<readonly [string, (x: Expr) => Expr]>([
    ['sorts', sort], ['orders', order], ['pools', isotonic],
    ['factorises', (x) => svd(x).s],
    ['runs in a loop', (x) => scan({ sequences: [x], initial: [variable('y', [4])] }, ([state], [item]) => {
      const next = sort(add(state, takeAlong(item, order(state))))
      return { states: [next], outputs: [isotonic(mul(next, item))] }
    }).outputs[0]]
  ])('%s again at each evaluation', (_name, of) => {
    const roots = [of(variable('x', [3, 4]))]
    const [mine, theirs] = [engine, reference()].map((on) => on.evaluate(roots))
    for (const k of [1, 2]) {
      const values = (path: string) => Array.from({ length: path === 'x' ? 12 : 4 }, (_unused, i) => Math.sin(k * 3 + i * 1.7))
      const run = { values, seed: 0, step: 0, position: 0 }
      expectNear(mine(run)[0], theirs(run)[0])
    }
  })
})
