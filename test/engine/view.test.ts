import { describe, expect, it } from 'vitest'
import {
  broadcast, concat, constant, evaluate, gather, pad, reverse, scatterAdd, slice, transpose,
  variable, type Expr, type Shape
} from 'tikhonov/expr'
import { emitters } from '../../src/engine/wasm/emitters.js'
import { emitted, firstDifference, whole, type Split } from './alone.js'

const sizeOf = (shape: Shape) => shape.reduce((n, d) => n * d, 1)
const x = (...shape: readonly number[]) => variable('x', shape)
const y = (...shape: readonly number[]) => variable('y', shape)

const one: Split = ({ extent }) => Array.from({ length: Math.max(0, extent - 1) }, (_, i) => i + 1)
const uneven: Split = ({ extent }) => [Math.floor(extent / 3), Math.floor(extent / 3), Math.floor((2 * extent) / 3)]

const permutations: readonly (readonly number[])[] = [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

const views: readonly (readonly [string, readonly Expr[]])[] = [
  ['transpose', [
    ...[[2, 3], [4, 4], [1, 5], [5, 1], [17, 33], [64, 96], [3, 600], [600, 3], [270, 530], [16, 2], [0, 3]].map((s) => transpose(x(...s))),
    ...permutations.flatMap((order) => [[2, 3, 4], [5, 7, 9], [16, 1, 18], [33, 6, 2], [4, 300, 3]].map((s) => transpose(x(...s), order))),
    transpose(x(2, 3, 4, 5), [0, 2, 1, 3]), transpose(x(3, 4, 2, 5), [3, 1, 2, 0]), transpose(x(2, 9, 5, 6), [2, 3, 0, 1])
  ]],
  ['slice', [
    slice(x(10), [3], [5]), slice(x(5000), [1], [4990]), slice(x(3, 5000), [1, 7], [2, 4099]), slice(x(6, 7), [1, 2], [4, 3]),
    slice(x(6, 7), [0, 6], [6, 1]),
    slice(x(6, 70), [2, 3], [3, 64]), slice(x(4, 5, 6), [1, 2, 3], [2, 2, 2]), slice(x(4, 5, 6), [0, 2, 0], [4, 1, 6]),
    slice(x(4, 5, 6), [1, 1, 1], [0, 2, 2]),
    slice(x(2, 3, 4, 50), [0, 1, 1, 1], [2, 2, 2, 19])
  ]],
  ['pad', [
    pad(x(3), [2], [9]), pad(x(3), [0], [3]), pad(x(4, 5), [1, 2], [7, 9]), pad(x(4, 5), [0, 4], [4, 9]), pad(x(4, 5), [3, 0],
    [7, 5]), pad(x(2, 3, 4), [1, 1, 1], [4, 5, 6]),
    pad(x(2, 1), [0, 3], [2, 5]), pad(x(0, 3), [1, 0], [2, 3]), pad(x(8, 100), [1, 1], [10, 102]), pad(x(3000), [5], [9000]),
    pad(x(2, 3, 4), [0, 1, 0], [2, 5, 4])
  ]],
  ['reverse', [
    reverse(x(7), 0), reverse(x(1), 0), reverse(x(3), 0), reverse(x(64), 0), reverse(x(5000), 0), reverse(x(4, 5), 0),
    reverse(x(4, 5), 1), reverse(x(3, 70), 1),
    reverse(x(3, 4, 5), 1), reverse(x(3, 4, 2), 2), reverse(x(0, 3), 0)
  ]],
  ['broadcast', [
    broadcast(x(), [1]), broadcast(x(), [7]), broadcast(x(), [3000]), broadcast(x(3), [5, 3]), broadcast(x(33), [4, 33]),
    broadcast(x(4, 1), [4, 5]), broadcast(x(4, 1), [4, 40]),
    broadcast(x(2, 1, 3), [2, 4, 3]), broadcast(x(1, 4, 1), [3, 4, 2]), broadcast(x(2, 1, 3, 1), [2, 5, 3, 2]),
    broadcast(x(6, 1, 1), [5, 6, 3, 4]), broadcast(x(1, 3), [0, 3]),
    broadcast(x(20, 1), [20, 3000])
  ]],
  ['concat', [
    concat([x(2), y(3)]), concat([x(2, 3), y(2, 4)]), concat([x(2, 3), y(5, 3)], 0), concat([x(4, 3, 2), y(4, 1, 2), x(4, 3, 2)],
    1), concat([x(4, 1), y(4, 1)]),
    concat([x(0), y(3)]), concat([x(30, 20), y(30, 44)]), concat([x(3000), y(2000)])
  ]],
  ['gather', [
    gather(x(5), constant([4, 0, 2, 2])), gather(x(5, 3), constant([4, 0, 1, 1], [2, 2])), gather(x(5, 40), constant([3, 3, 0])),
    gather(x(3, 2, 5), constant([2, -0])),
    gather(x(3, 7), constant([0, -1, 3, 0.5, NaN, Infinity, 1e10, 2])), gather(x(3, 2), constant([0, 3, 1])), gather(x(0, 2),
    constant([0, 1])), gather(x(4, 2), constant([]))
  ]],
  ['scatterAdd', [
    scatterAdd(x(5), constant([1, 0, 1, 1, 3]), 4), scatterAdd(x(4, 3), constant([2, 2, 0, 5]), 6), scatterAdd(x(4, 37),
    constant([2, 2, 0, 1]), 3),
    scatterAdd(x(2, 2, 5), constant([1, 0, 1, 1], [2, 2]), 3), scatterAdd(x(3, 2), constant([0, 7, 1]), 2), scatterAdd(x(0, 2),
    constant([]), 3), scatterAdd(x(2, 4), constant([-1, 1]), 2)
  ]]
]

const shown = (e: Expr): string => `${e.args.map((a) => `[${a.shape.join()}]`).join(' ')} to [${e.shape.join()}]`

describe.each(views)('%s is that of the reference to the bit, however it is split', (name, all) => {
  it.each(all.map((e) => [shown(e), e] as const))('%s', (_, e) => {
    const made = emitted(emitters[name], e.primitive.name === name ? e : { ...e })
    if (made === undefined) throw new Error('not emitted')
    const values = Object.fromEntries(['x', 'y'].map((path, k) => {
      const leaf = e.args.find((a) => a.primitive.name === 'variable' && (a as Expr<{ readonly path: string }>).attributes.path === path)
      return [path, Float32Array.from({ length: leaf === undefined ? 0 : sizeOf(leaf.shape) }, (__,
      i) => (i % 11 === 3 ? NaN : i + 0.5 + k * 1e4))]
    }))
    made.set(values)
    const exact = Float32Array.from(evaluate(e, values))
    for (const split of [whole, one, uneven]) {
      made.result().fill(-7)
      made.run(split)
      expect(firstDifference(made.result(), exact)).toBe(-1)
      expect(made.untouched()).toBe(true)
    }
  })
})
