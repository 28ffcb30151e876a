/** What the types of the dropout family promise: ranks, shapes and how a layer decides. Types and run time say the same. */
import { either as E } from 'fp-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  concreteDropout, dropBlock2d, dropConnect, featureAlphaDropout, maxPoolingDropout1d, maxPoolingDropout2d, spatialDropout1d,
  spatialDropout2d, spatialDropout3d, stochasticDepth, tokenDropout, wordDropout
} from 'tikhonov/dropout'
import { dense, embedding, flatten } from 'tikhonov/layers'
import { sequential, type ModelError } from 'tikhonov/model'

/** The first message of a composition that must fail at run time as well. */
const refused = (m: E.Either<readonly ModelError[], unknown>): string | undefined => (E.isLeft(m) ? m.left[0]?.allowed : undefined)
const output = <A>(m: E.Either<readonly ModelError[], { readonly output: A }>): A => {
  if (E.isLeft(m)) throw new Error(m.left.map(({ path }) => path).join())
  return m.right.output
}

describe('shapes', () => {
  test('a rank that a variant does not take does not compile, and does not build', () => {
    // @ts-expect-error spatialDropout1d needs rank 2
    expect(refused(sequential([8], spatialDropout1d(0.1)))).toBe('spatialDropout1d needs an input of rank 2 [time, channels], found [8]')
    // @ts-expect-error spatialDropout2d needs rank 3
    expect(refused(sequential([8, 3], spatialDropout2d(0.1)))).toMatch(/rank 3 \[height, width, channels\], found \[8, 3\]$/)
    // @ts-expect-error spatialDropout3d needs rank 4
    expect(refused(sequential([8, 8, 3], spatialDropout3d(0.1)))).toMatch(/rank 4/)
    // @ts-expect-error dropBlock2d needs rank 3
    expect(refused(sequential([8, 3], dropBlock2d(0.1)))).toMatch(/rank 3/)
    // @ts-expect-error tokenDropout needs rank 2
    expect(refused(sequential([8], tokenDropout(0.1)))).toMatch(/rank 2/)
    // @ts-expect-error featureAlphaDropout needs channels
    expect(refused(sequential([], featureAlphaDropout(0.1)))).toMatch(/rank 1 or more/)
    // @ts-expect-error maxPoolingDropout2d needs rank 3
    expect(refused(sequential([8, 3], maxPoolingDropout2d(0.1)))).toMatch(/rank 3/)
  })

  test('layers in a branch keep the shape', () => {
    // @ts-expect-error a branch of 4 values does not add to 3
    expect(refused(sequential([3], stochasticDepth(0.1, dense(4))))).toBe('stochasticDepth needs layers that keep the shape [3], found [4]')
    expect(output(sequential([3], stochasticDepth(0.1, dense(4), dense(3)), dense(2)))).toEqual([2])
    // @ts-expect-error the branch itself does not fit
    expect(refused(sequential([], stochasticDepth(0.1, dense(4))))).toMatch(/^dense needs/)
  })

  test('flow through what wraps a layer', () => {
    const words = output(sequential([7], wordDropout(0.1, embedding(20, 5)), tokenDropout(0.1), flatten))
    expectTypeOf(words).toEqualTypeOf<readonly [35]>()
    expect(words).toEqual([35])
    const wrapped = output(sequential([7], dropConnect(0.1, dense(4)), concreteDropout(dense(2))))
    expectTypeOf(wrapped).toEqualTypeOf<readonly [2]>()
    expect(wrapped).toEqual([2])
    const pooled = output(sequential([9, 3], maxPoolingDropout1d(0.1)))
    expectTypeOf(pooled).toEqualTypeOf<readonly [number, 3]>()
    expect(pooled).toEqual([4, 3])
  })
})

describe('how a layer decides', () => {
  test('stands in its type', () => {
    expectTypeOf(spatialDropout2d(0.1).decision).toEqualTypeOf<{ readonly of: 'channel of an example'; readonly by: 'example' }>()
    expectTypeOf(dropConnect(0.1, dense(2)).decision).toEqualTypeOf<{ readonly of: 'weight'; readonly by: 'step' }>()
    expectTypeOf(wordDropout(0.1, embedding(3, 2)).decision).toEqualTypeOf<{ readonly of: 'word of an example'; readonly by: 'example' }>()
    expect([
      spatialDropout1d(0.1), dropBlock2d(0.1), stochasticDepth(0.1, dense(2)), tokenDropout(0.1), concreteDropout(dense(1)),
      maxPoolingDropout2d(0.1), featureAlphaDropout(0.1), dropConnect(0.1, dense(1))
    ].map(({ decision }) => `${decision.of} by ${decision.by}`)).toEqual([
      'channel of an example by example', 'block of a channel of an example by example', 'example by example',
      'position of an example by example', 'element of an example by example', 'element of an example by example',
      'channel of an example by example', 'weight by step'
    ])
  })
})
