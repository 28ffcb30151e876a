/** Loops on the WebAssembly engine: what a step reads and hands out is that of its own step, however it is read. */
import { option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { add, concat, matmul, mul, reshape, scan, slice, sum, tanh, variable, type Expr } from 'tikhonov/expr'

const engine: Engine = O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm({ threads: 1 }))

const [steps, rows, columns] = [5, 4, 3]
const numbers = (count: number, from: number): readonly number[] => Array.from({ length: count }, (_, i) => Math.sin(from + i))
const values: Readonly<Record<string, readonly number[]>> = {
  row: numbers(steps * columns, 1), column: numbers(steps * rows, 2), whole: numbers(steps * rows * columns, 3), one: numbers(steps, 4),
  state: numbers(rows * columns, 5), w: numbers(columns * columns, 6)
}
const row = variable('row', [steps, columns])
const column = variable('column', [steps, rows, 1])
const whole = variable('whole', [steps, rows, columns])
const one = variable('one', [steps])
const state = variable('state', [rows, columns])

const agree = (roots: readonly Expr[]): void => {
  const run = { values: (path: string) => values[path], seed: 0, step: 0, position: 0 }
  const [got, wanted] = [engine, reference()].map((on) => on.evaluate(roots)(run).map((v) => [...v]))
  wanted.forEach((v, k) => {
    expect(got[k]).toHaveLength(v.length)
    v.forEach((x, i) => { expect(got[k][i], `root ${k}, element ${i}`).toBeCloseTo(x, 5) })
  })
}

/** One step: the next state, and what is handed out. */
type Step = (h: Expr, items: readonly Expr[]) => { readonly next: Expr; readonly outputs: readonly Expr[] }

/** A loop with one state over these sequences, forwards and backwards, computes what it does on the reference engine. */
const expectSame = (sequences: readonly Expr[], body: Step): void => {
  for (const reverse of [false, true]) {
    const { final, outputs } = scan({ sequences, initial: [state], reverse }, ([h], items) => {
      const made = body(h, items)
      return { states: [made.next], outputs: made.outputs }
    })
    agree([...final, ...outputs])
  }
}

describe('an item of a loop', () => {
  it('is read whole', () => {
    expectSame([whole], (h, [x]) => ({ next: tanh(add(h, x)), outputs: [mul(h, x)] }))
  })

  it('is read by rows, by columns, as one number', () => {
    expectSame([row, column, one], (h, [x, c, k]) => ({ next: tanh(add(mul(h, x), c, k)), outputs: [add(h, x), mul(h, c), mul(h, k)] }))
  })

  it('is read through a window of its columns', () => {
    expectSame([whole], (h, [x]) => ({
      next: tanh(add(h, x)), outputs: [tanh(slice(x, [0, 1], [rows, 2])), tanh(slice(x, [1, 0], [2, columns]))]
    }))
  })

  it('is handed to products, sums and other names, and handed out as it is', () => {
    expectSame([whole, row], (h, [x, r]) => ({
      next: tanh(add(matmul(x, variable('w', [columns, columns])), h)),
      outputs: [x, sum(x, [1]), reshape(x, [columns, rows]), concat([x, h], 1), r]
    }))
  })
})
