import { describe, expect, it } from 'vitest'
import {
  constant, evaluate, foldPatches, gradient, maxPool, mul, patches, pick, print, problems, pullback, showShapeProblem, sum, unpool,
  variable, type Expr, type PoolWindow, type Shape, type Window
} from 'tikhonov/expr'

const messages = (e: Expr): readonly string[] => problems([e]).map(showShapeProblem)

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** An image of 1, 2, 3, …, row-major. */
const counting = (shape: Shape): Expr => constant(Array.from({ length: sizeOf(shape) }, (_, i) => i + 1), shape)

/** Numbers without order: no two alike, and no pattern. */
const scrambled = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => Math.sin(37.1 * i) * 5)

describe('patches', () => {
  it.each<readonly [string, Shape, Window, Shape, readonly number[]]>([
    ['valid', [1, 3, 3, 1], { size: [2, 2] }, [1, 2, 2, 2, 2, 1], [1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9]],
    ['same: the odd row and column at the bottom and right', [1, 2, 2, 1], { size: [2, 2], padding: 'same' }, [1, 2, 2, 2, 2, 1],
      [1, 2, 3, 4, 2, 0, 4, 0, 3, 4, 0, 0, 4, 0, 0, 0]],
    ['same with strides: ⌈5/2⌉ places', [1, 5, 1], { size: [3], strides: [2], padding: 'same' }, [1, 3, 3, 1], [0, 1, 2, 2, 3, 4, 4, 5, 0]],
    ['same with strides and an even input', [1, 4, 1], { size: [3], strides: [2], padding: 'same' }, [1, 2, 3, 1], [1, 2, 3, 3, 4, 0]],
    ['causal and dilated', [1, 4, 1], { size: [2], dilation: [2], padding: 'causal' }, [1, 4, 2, 1], [0, 1, 0, 2, 1, 3, 2, 4]],
    ['causal with strides', [1, 3, 1], { size: [2], strides: [2], padding: 'causal' }, [1, 2, 2, 1], [0, 1, 2, 3]],
    ['channels stay side by side', [1, 2, 2], { size: [1] }, [1, 2, 1, 2], [1, 2, 3, 4]],
    ['images follow each other', [2, 2, 1], { size: [2] }, [2, 1, 2, 1], [1, 2, 3, 4]],
    ['a window wider than the image', [1, 1, 1], { size: [5], padding: 'same' }, [1, 1, 5, 1], [0, 0, 1, 0, 0]],
    ['a stride wider than the window', [1, 5, 1], { size: [1], strides: [3] }, [1, 2, 1, 1], [1, 4]],
    ['strides and dilation together', [1, 6, 1], { size: [2], strides: [2], dilation: [3] }, [1, 2, 2, 1], [1, 4, 3, 6]],
    ['an axis that is its own', [1, 2, 3, 1], { size: [2, 1], strides: [1, 2] }, [1, 1, 2, 2, 1, 1], [1, 4, 3, 6]],
    ['no space at all', [2, 2], { size: [] }, [2, 2], [1, 2, 3, 4]]
  ])('%s', (_, shape, window, wanted, values) => {
    const cut = patches(counting(shape), window)
    expect(cut.shape).toEqual(wanted)
    expect(evaluate(cut)).toEqual(values)
  })

  it('three axes of space are as good as one: each cell by its index', () => {
    const [d, h, w] = [3, 4, 5]
    const values = evaluate(patches(counting([1, d, h, w, 1]), { size: [2, 3, 2], strides: [1, 1, 3] }))
    const wanted = [0, 1].flatMap((i) => [0, 1].flatMap((j) => [0, 3].flatMap((k) =>
      [0, 1].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1].map((c) => ((i + a) * h + j + b) * w + k + c + 1))))))
    expect(values).toEqual(wanted)
  })

  it('pieces that overlap are added up, and what was beyond the edge is dropped', () => {
    const window: Window = { size: [3], padding: 'same' }
    expect(evaluate(foldPatches(counting([1, 3, 3, 1]), window, [3]))).toEqual([2 + 4, 3 + 5 + 7, 6 + 8])
    const untouched = foldPatches(counting([1, 1, 1, 1]), { size: [1], strides: [2] }, [2])
    expect(evaluate(untouched)).toEqual([1, 0])
  })

  it('each is printed with its window, so that two that differ are not merged', () => {
    const x = variable('x', [1, 4, 4, 1])
    const [one, two] = [patches(x, { size: [2, 2] }), patches(x, { size: [2, 2], dilation: [1, 2], padding: 'same' })]
    expect(print([one]).split('\n')[1]).toBe('%1 = patches %0 [2, 2] by [1, 1], valid : [1, 3, 3, 2, 2, 1]')
    expect(print([two]).split('\n')[1]).toBe('%1 = patches %0 [2, 2] by [1, 1], dilated [1, 2], same : [1, 4, 4, 2, 2, 1]')
    expect(print([foldPatches(one, { size: [2, 2] }, [4, 4])]).split('\n')[2])
      .toBe('%2 = foldPatches %1 into [4, 4] from [2, 2] by [1, 1], valid : [1, 4, 4, 1]')
  })
})

describe('pooling', () => {
  const two: PoolWindow = { size: [2], strides: [2] }
  const at = (e: Expr, x: readonly number[]) => evaluate(e, { x })
  const line = (n: number) => variable('x', [1, n, 1])
  const slope = (e: Expr) => gradient(sum(mul(e, counting(e.shape))), [line(4)])[0]

  it('the first of equal largest values gets all of the gradient', () => {
    expect(at(slope(maxPool(line(4), two)), [5, 5, 3, 3])).toEqual([1, 0, 2, 0])
  })
  it('a winner of several windows gets them all', () => {
    expect(at(slope(maxPool(line(4), { size: [3] })), [0, 9, 1, 2])).toEqual([0, 1 + 2, 0, 0])
  })
  it('what lies beyond the edge never wins, not even against −∞', () => {
    const pooled = maxPool(line(4), { size: [3], padding: 'same' })
    expect(at(pooled, [-5, -6, -7, -Infinity])).toEqual([-5, -5, -6, -7])
    expect(at(maxPool(line(1), { size: [3], padding: 'same' }), [-Infinity])).toEqual([-Infinity])
    expect(at(maxPool(line(3), { size: [2], padding: 'causal' }), [-1, -2, -3])).toEqual([-1, -1, -2])
  })
  it('NaN passes through, wherever it stands in its window', () => {
    expect(at(maxPool(line(4), two), [Number.NaN, 1, 1, Number.NaN])).toEqual([Number.NaN, Number.NaN])
    expect(at(slope(maxPool(line(4), two)), [1, Number.NaN, Number.NaN, Number.NaN])).toEqual([0, 1, 2, 0])
  })
  it('0 and −0 are equal: the first one wins', () => {
    expect(at(maxPool(line(4), two), [-0, 0, 0, -0])).toEqual([-0, 0])
  })
  it('each channel and each image has winners of its own', () => {
    const x = constant([1, 9, 2, 8, 7, 3, 6, 4], [2, 2, 2])
    expect(evaluate(maxPool(x, two))).toEqual([2, 9, 7, 4])
    expect(evaluate(unpool(x, constant([1, 2, 3, 4], [2, 1, 2]), two))).toEqual([0, 2, 1, 0, 3, 0, 0, 4])
  })
  it('pick reads one image at the winners of another', () => {
    expect(evaluate(pick(constant([3, 1, 1, 3], [1, 4, 1]), counting([1, 4, 1]), two))).toEqual([1, 4])
  })
  it('the gradient of the gradient reads at the winner: ∂²/∂x∂dy', () => {
    const [x, dy] = [variable('x', [1, 4, 1]), variable('dy', [1, 2, 1])]
    const [dx] = pullback(maxPool(x, two), dy, [x])
    const [back] = gradient(sum(mul(dx, counting([1, 4, 1]))), [dy])
    expect(evaluate(back, { x: [1, 2, 9, 3], dy: [0, 0] })).toEqual([2, 3])
  })
  it('in two dimensions the first in row-major order wins', () => {
    const window: PoolWindow = { size: [2, 2], strides: [1, 1] }
    const x = variable('x', [1, 3, 3, 1])
    const [dx] = gradient(sum(maxPool(x, window)), [x])
    expect(evaluate(dx, { x: [1, 1, 1, 1, 1, 1, 1, 1, 1] })).toEqual([1, 1, 0, 1, 1, 0, 0, 0, 0])
    expect(evaluate(dx, { x: [0, 0, 0, 0, 5, 0, 0, 0, 0] })).toEqual([0, 0, 0, 0, 4, 0, 0, 0, 0])
  })
})

describe('misfits say what is wanted', () => {
  const image = variable('x', [2, 4, 5, 3])
  const bad = (window: Partial<Window>): Window => ({ size: [2, 2], ...window })
  it.each<readonly [string, Expr, string]>([
    ['rank', patches(image, { size: [2] }), 'patches [2, 4, 5, 3]: wants images of rank 3: batch, 1 of space, channels'],
    ['too large', patches(image, { size: [2, 6] }), 'patches [2, 4, 5, 3]: a window that reaches over [2, 6] does not fit in [4, 5]'],
    ['too large by dilation', patches(image, bad({ dilation: [4, 1] })),
      'patches [2, 4, 5, 3]: a window that reaches over [5, 2] does not fit in [4, 5]'],
    ['size', patches(image, { size: [0, 2] }), 'patches [2, 4, 5, 3]: sizes, strides and dilations of a window are whole numbers ≥ 1'],
    ['strides', patches(image, bad({ strides: [1.5, 1] })),
      'patches [2, 4, 5, 3]: sizes, strides and dilations of a window are whole numbers ≥ 1'],
    ['number of strides', patches(image, bad({ strides: [1] })), 'patches [2, 4, 5, 3]: a window of 2 axes has 1 strides and 2 dilations'],
    ['fold', foldPatches(variable('p', [2, 3, 3, 2, 2, 1]), { size: [2, 2] }, [4, 5]),
      'foldPatches [2, 3, 3, 2, 2, 1]: the patches of images [4, 5] are [3, 4, 2, 2]'],
    ['fold into no shape', foldPatches(variable('p', [2, 3, 2, 1]), { size: [2] }, [-1]),
      'foldPatches [2, 3, 2, 1]: [-1] is no shape: sizes are whole numbers ≥ 0'],
    ['fold of something else', foldPatches(variable('p', []), { size: [2] }, [3]), 'foldPatches []: the patches of images [3] are [2, 2]'],
    ['pick', pick(image, variable('v', [2, 4, 5, 1]), { size: [2, 2] }), 'pick [2, 4, 5, 3] × [2, 4, 5, 1]: differ in shape'],
    ['unpool', unpool(image, variable('dy', [2, 2, 2, 1]), { size: [2, 2], strides: [2, 2] }),
      'unpool [2, 4, 5, 3] × [2, 2, 2, 1]: [2, 4, 5, 3] pools to [2, 2, 2, 3]']
  ])('%s', (_, e, message) => { expect(messages(e)).toEqual([message]) })

  it('after a misfit both are quiet', () => {
    const wrong = patches(image, { size: [2] })
    expect(messages(maxPool(foldPatches(wrong, { size: [2, 2] }, [4, 5]), { size: [2, 2] }))).toHaveLength(1)
  })
})

describe('sizes of 0 are sizes', () => {
  it.each<readonly [string, Shape]>([['no images', [0, 3, 2]], ['no pixels', [2, 0, 2]], ['no channels', [2, 3, 0]]])('%s', (_, shape) => {
    const x = variable('x', shape)
    const window: Window = { size: [2], padding: 'same' }
    const all = [patches(x, window), foldPatches(patches(x, window), window, shape.slice(1, -1)), maxPool(x, window)]
    expect(problems(all)).toEqual([])
    all.forEach((e) => { expect(evaluate(e, { x: [] })).toEqual([]) })
    expect(evaluate(gradient(sum(maxPool(x, window)), [x])[0], { x: [] })).toEqual([])
  })
})

describe('many images of many channels', () => {
  it('are cut cell by cell', () => {
    const x = variable('x', [8, 28, 28, 8])
    const values = scrambled(sizeOf(x.shape))
    const cut = evaluate(patches(x, { size: [3, 3], padding: 'same' }), { x: values })
    expect(cut).toHaveLength(8 * 28 * 28 * 9 * 8)
    expect(cut.slice(9 * 8 * 29 + 4 * 8, 9 * 8 * 29 + 5 * 8)).toEqual(values.slice(29 * 8, 30 * 8))
  })
})
