/** Lanes of a loop: rows that nothing crosses run through all steps by themselves, and no value shows it. */
import { option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import {
  add, concat, gradient, matmul, mul, reshape, reverse, scan, simplify, slice, sum, tanh, topological, variable, type Expr, type Shape
} from 'tikhonov/expr'
import { gruOver, lstmOver, simpleRnnOver, type RecurrentMasks } from 'tikhonov/layers'
import { lanesOf } from '../../src/engine/wasm/lanes.js'
import { loopOf } from '../../src/expr/loop.js'

const wasmOf = (threads: number): Engine =>
  O.getOrElse((): Engine => { throw new Error('this host has no WebAssembly SIMD') })(wasm({ threads }))

const lanesIn = (roots: readonly Expr[]): readonly (readonly number[])[] =>
  topological(simplify(roots)).flatMap((e) => {
    const loop = loopOf(e)
    return loop === undefined ? [] : [lanesOf(loop.body)?.map((lane) => lane.from) ?? []]
  })

const valuesOf = (roots: readonly Expr[], engine: Engine): readonly (readonly number[])[] => {
  const shapes = new Map(topological(roots).flatMap((e) =>
    (e.primitive.name === 'variable' ? [[(e as Expr<{ readonly path: string }>).attributes.path, e.shape] as const] : [])))
  const numbers = (path: string): readonly number[] =>
    Array.from({ length: (shapes.get(path) ?? []).reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(path.charCodeAt(0) * 7 + i) / 2)
  return engine.evaluate(roots)({ values: numbers, seed: 0, step: 0, position: 0 }).map((v) => [...v])
}

const expectAgreement = (roots: readonly Expr[]): void => {
  const [got, wanted] = [wasmOf(1), reference()].map((engine) => valuesOf(roots, engine))
  wanted.forEach((v, k) => {
    const scale = Math.max(1, ...v.map(Math.abs))
    expect(got[k]).toHaveLength(v.length)
    v.forEach((x, i) => { expect(got[k][i] / scale, `root ${k}, element ${i}`).toBeCloseTo(x / scale, 5) })
  })
}

/** As many units as rows, so that no shape tells a row from a unit. */
const recurrences = (rows: number) => {
  const [time, features, units] = [3, 2, rows]
  const x = variable('x', [rows, time, features])
  const masks = (of: Readonly<Record<string, Shape>>): RecurrentMasks =>
    Object.fromEntries(Object.entries(of).map(([name, shape]) => [name, variable(name, shape)]))
  const weights = (gates: number, bias: Shape = [gates * units]) =>
    ({
      kernel: variable('k', [features, gates * units]), recurrentKernel: variable('u', [units, gates * units]), bias: variable('b', bias)
    })
  const learned = ({ kernel, recurrentKernel, bias }: ReturnType<typeof weights>, y: Expr): readonly Expr[] =>
    [y, ...gradient(sum(mul(y, y)), [kernel, recurrentKernel, bias, x])]
  const [one, three, two, four] = [weights(1), weights(3), weights(3, [2, 3 * units]), weights(4)]
  const lstm = (options: Parameters<typeof lstmOver>[1]) => learned(four, lstmOver(four, options)(x).sequence)
  return {
    simpleRnn: learned(one, simpleRnnOver(one)(x).sequence),
    'gru, reset before': learned(three, gruOver(three, { resetAfter: false })(x).sequence),
    'gru, reset after': learned(two, gruOver(two)(x).sequence),
    lstm: lstm({}),
    'lstm with variational masks': lstm({ masks: masks({ input: [rows, features], recurrent: [rows, units] }) }),
    'lstm with a mask for each gate': lstm({ masks: { recurrent: ['p', 'q', 'r', 's'].map((name) => variable(name, [rows, units])) } }),
    'lstm with zoneout and a candidate\'s mask': lstm({
      masks: { zoneout: [variable('z', [rows, time, units]), 0.1], candidate: variable('c', [rows, time, units]) }
    }),
    'lstm with padding': lstm({ masking: {} }),
    'lstm, truncated': lstm({ truncate: 2 })
  }
}

describe('a recurrence', () => {
  Object.entries(recurrences(33)).forEach(([name, roots]) => {
    it(`has lanes forwards and backwards: ${name}`, () => {
      expect(lanesIn(roots)).toEqual([[0, 16], [0, 16]])
      expectAgreement(roots)
    })
  })

  it('has the same bits on one thread and on four', () => {
    const { lstm } = recurrences(70)
    expect(lanesIn(lstm)).toEqual([[0, 16, 36, 52], [0, 16, 36, 52]])
    expect(valuesOf(lstm, wasmOf(4))).toEqual(valuesOf(lstm, wasmOf(1)))
  })
})

describe('a loop', () => {
  const [rows, columns] = [32, 3]
  const x = variable('x', [4, rows, columns])
  const run = (body: (h: Expr, item: Expr) => Expr): readonly Expr[] => {
    const { final, outputs } = scan({ sequences: [x], initial: [variable('h', [rows, columns])] }, ([h], [item]) => {
      const next = body(h, item)
      return { states: [next], outputs: [next] }
    })
    return [...final, ...outputs]
  }

  it('has lanes through whatever keeps rows apart', () => {
    const [rows, four] = [41, 4]
    const [w, row, column] = [variable('w', [four, four]), variable('r', [four]), variable('c', [rows, 1])]
    const { final, outputs } = scan({
      sequences: [variable('x', [3, rows, four]), variable('s', [3])], initial: [variable('h', [rows, four])], reverse: true
    }, ([h], [x, s]) => {
      const squares = reshape(add(h, x), [rows, 2, 2])
      const folded = reshape(matmul(squares, squares, { b: true }), [rows, four])
      const turned = concat([slice(h, [0, 2], [rows, 2]), slice(h, [0, 0], [rows, 2])], 1)
      const next = tanh(add(mul(s, matmul(turned, w, { b: true })), mul(column, folded), row))
      return { states: [next], outputs: [sum(mul(next, x), [1]), mul(next, column)] }
    })
    expect(lanesIn([...final, ...outputs])).toEqual([[0, 20]])
    expectAgreement([...final, ...outputs])
  })

  it('of few rows is whole', () => {
    const few = scan({ sequences: [variable('x', [4, 31, 3])], initial: [variable('h', [31, 3])] }, ([h], [item]) =>
      ({ states: [tanh(add(h, item))], outputs: [] }))
    expect(lanesIn(few.final)).toEqual([[]])
  })

  it('whose rows meet is whole: in a sum, in a product, in another order', () => {
    const w = variable('w', [rows, rows])
    for (const body of [
      (h: Expr, item: Expr) => tanh(add(h, item, sum(h, [0]))),
      (h: Expr, item: Expr) => tanh(add(item, matmul(w, h))),
      (h: Expr, item: Expr) => tanh(add(item, reverse(h, 0)))
    ]) {
      expect(lanesIn(run(body))).toEqual([[]])
      expectAgreement(run(body))
    }
  })
})
