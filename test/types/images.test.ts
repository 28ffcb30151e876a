/** What the types of convolutions and poolings promise, checked by tsc; run time says the same. */
import { either as E } from 'fp-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { showIssue } from 'tikhonov/layer'
import type { Apply } from 'tikhonov/layer'
import {
  averagePooling2d, conv1d, conv2d, conv2dTranspose, dense, depthwiseConv2d, flatten, globalAveragePooling2d, globalMaxPooling1d,
  maxPooling1d, maxPooling2d, separableConv2d, type Conv1dRule, type Conv2dRule, type MaxPooling2dRule
} from 'tikhonov/layers'
import { sequential, type Model, type ModelError } from 'tikhonov/model'

const built = <A>(m: E.Either<readonly ModelError[], A>): A => {
  if (E.isLeft(m)) throw new Error(m.left.map(showIssue).join('; '))
  return m.right
}
const refused = (m: E.Either<readonly ModelError[], unknown>): string | undefined => E.isLeft(m) ? m.left[0]?.allowed : undefined

describe('what is inferred', () => {
  test('filters are literal, sizes of space are numbers', () => {
    const lenet = built(sequential([28, 28, 1], conv2d(6, 5), maxPooling2d(), conv2d(16, 5), maxPooling2d()))
    expectTypeOf(lenet).toEqualTypeOf<Model<readonly [28, 28, 1], readonly [number, number, 16]>>()
    expect(lenet.output).toEqual([4, 4, 16])
    const whole = built(sequential([28, 28, 1], conv2d(6, 5), averagePooling2d(), flatten, dense(10)))
    expectTypeOf(whole).toEqualTypeOf<Model<readonly [28, 28, 1], readonly [10]>>()
  })
  test('poolings keep the channels, global ones keep nothing else', () => {
    expectTypeOf(built(sequential([9, 4], conv1d(8, 3), maxPooling1d(2)))).toEqualTypeOf<Model<readonly [9, 4], readonly [number, 8]>>()
    expectTypeOf(built(sequential([9, 4], conv1d(8, 3), globalMaxPooling1d))).toEqualTypeOf<Model<readonly [9, 4], readonly [8]>>()
    const pooled = built(sequential([9, 9, 3], separableConv2d(12, 3), conv2dTranspose(7, 2), globalAveragePooling2d))
    expectTypeOf(pooled).toEqualTypeOf<Model<readonly [9, 9, 3], readonly [7]>>()
  })
  test('depthwise channels are multiplied', () => {
    const twice = built(sequential([9, 9, 3], depthwiseConv2d(3, { depthMultiplier: 4 })))
    expectTypeOf(twice).toEqualTypeOf<Model<readonly [9, 9, 3], readonly [number, number, 12]>>()
    const once = built(sequential([9, 9, 3], depthwiseConv2d([3, 1])))
    expectTypeOf(once).toEqualTypeOf<Model<readonly [9, 9, 3], readonly [number, number, 3]>>()
    expect([twice.output, once.output]).toEqual([[7, 7, 12], [7, 9, 3]])
  })
})

describe('what does not compile, and is refused at run time with the same sentence', () => {
  test('conv2d after rank 1', () => {
    expect(refused(sequential([60], dense(30),
      // @ts-expect-error conv2d takes images; dense gave [30]
      conv2d(8, 3),
      flatten
    ))).toBe('conv2d needs an input of rank 3 [height, width, channels], found [30]' satisfies Apply<Conv2dRule<8>, readonly [30]>)
  })
  test('conv1d after flatten', () => {
    expect(refused(sequential([9, 4], flatten,
      // @ts-expect-error conv1d takes series; flatten gave [36]
      conv1d(8, 3)
    ))).toBe('conv1d needs an input of rank 2 [time, channels], found [36]' satisfies Apply<Conv1dRule<8>, readonly [36]>)
  })
  test('a pooling of images after a series', () => {
    expect(refused(sequential([9, 4],
      // @ts-expect-error a series has one axis of space
      maxPooling2d()
    ))).toBe('maxPooling2d needs an input of rank 3 [height, width, channels], found [9, 4]' satisfies
      Apply<MaxPooling2dRule, readonly [9, 4]>)
  })
  test('options of another layer, and sizes that are none', () => {
    const wrong = () => [
      // @ts-expect-error only what has a before and an after is causal
      conv2d(8, 3, { padding: 'causal' }),
      // @ts-expect-error a pooling has no kernel
      maxPooling2d(2, { kernelRegularizer: undefined }),
      // @ts-expect-error an image has two axes
      conv2d(8, [3, 3, 3]),
      // @ts-expect-error pooling is not dilated
      averagePooling2d(2, { dilationRate: 2 }),
      // @ts-expect-error it is spelt strides
      conv1d(8, 3, { stride: 2 })
    ]
    expect(wrong).toBeTypeOf('function')
  })
})
