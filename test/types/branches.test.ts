/** What the types of layers that hold layers promise, and what is refused at run time with the same sentence. */
import { either as E } from 'fp-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { showIssue, type Issue, type Layer } from 'tikhonov/layer'
import {
  add, average, batchNormalization, concatenate, dense, embedding, flatten, groupNormalization, layerNormalization, multiply, parallel,
  residual, spectralNormalization, weightNormalization
} from 'tikhonov/layers'
import { sequential, type Model } from 'tikhonov/model'

const n: number = 5
const someLayers: readonly Layer[] = [dense(8)]

const built = <A>(m: E.Either<readonly Issue[], A>): A => {
  if (E.isLeft(m)) throw new Error(m.left.map(showIssue).join('; '))
  return m.right
}
const refused = (m: E.Either<readonly Issue[], unknown>): string | undefined => (E.isLeft(m) ? m.left[0]?.allowed : undefined)

describe('what is inferred', () => {
  test('normalisation keeps the shape, wrapped layers keep their rule, embedding adds an axis', () => {
    expectTypeOf(built(sequential([8], batchNormalization(), layerNormalization(), groupNormalization({ groups: 2 }))))
      .toEqualTypeOf<Model<readonly [8], readonly [8]>>()
    expectTypeOf(built(sequential([8], weightNormalization(dense(3)), spectralNormalization(dense(2)))))
      .toEqualTypeOf<Model<readonly [8], readonly [2]>>()
    expectTypeOf(built(sequential([10], embedding(100, 16)))).toEqualTypeOf<Model<readonly [10], readonly [10, 16]>>()
    expectTypeOf(built(sequential([10], embedding(100, 16), flatten))).toEqualTypeOf<Model<readonly [10], readonly [160]>>()
  })
  test('residual keeps the shape', () => {
    expectTypeOf(built(sequential([8], residual(dense(4), dense(8)), dense(1)))).toEqualTypeOf<Model<readonly [8], readonly [1]>>()
    expectTypeOf(built(sequential([8], residual(...someLayers)))).toEqualTypeOf<Model<readonly [8], readonly [8]>>()
    expectTypeOf(built(sequential([n], residual(dense(n))))).toEqualTypeOf<Model<readonly [number], readonly [number]>>()
  })
  test('branches: one shape where they are merged element by element, an open axis where they are joined', () => {
    expectTypeOf(built(sequential([8], parallel([dense(4), [dense(3), dense(4)]], add)))).toEqualTypeOf<Model<readonly [8], readonly [4]>>()
    expectTypeOf(built(sequential([8], parallel([dense(n), dense(5)], average)))).toEqualTypeOf<Model<readonly [8], readonly [5]>>()
    expectTypeOf(built(sequential([8], parallel([[], dense(3)], concatenate())))).toEqualTypeOf<Model<readonly [8], readonly [number]>>()
    expectTypeOf(built(sequential([6, 8], parallel([dense(3), []], concatenate(-1)))))
      .toEqualTypeOf<Model<readonly [6, 8], readonly [6, number]>>()
    expectTypeOf(built(sequential([6, 8], parallel([[], []], concatenate(1)))))
      .toEqualTypeOf<Model<readonly [6, 8], readonly [number, number]>>()
  })
})

describe('what does not compile, and is refused at run time with the same sentence', () => {
  test('an input without axes', () => {
    expect(refused(sequential([],
      // @ts-expect-error nothing to normalise
      batchNormalization()
    ))).toBe('batchNormalization needs an input of rank 1 or more, found []')
    expect(refused(sequential([],
      // @ts-expect-error nothing to normalise
      layerNormalization()
    ))).toBe('layerNormalization needs an input of rank 1 or more, found []')
  })
  test('a residual that does not keep the shape, also where it would broadcast', () => {
    expect(refused(sequential([8],
      // @ts-expect-error 4 is not 8
      residual(dense(4))
    ))).toBe('residual needs layers that keep the shape [8], found [4]')
    expect(refused(sequential([8],
      // @ts-expect-error 1 is not 8
      residual(dropout(0.5), dense(1))
    ))).toBe('residual needs layers that keep the shape [8], found [1]')
    expect(refused(sequential([],
      // @ts-expect-error the sentence of the layer inside
      residual(dense(1))
    ))).toBe('dense needs an input of rank 1 or more, found []')
  })
  test('branches that do not merge', () => {
    expect(refused(sequential([8],
      // @ts-expect-error 3 is not 4
      parallel([dense(3), dense(4)], add)
    ))).toBe('add needs branches of one shape, found [3] and [4]')
    expect(refused(sequential([8],
      // @ts-expect-error 1 is not 8
      parallel([[], dense(1)], multiply)
    ))).toBe('multiply needs branches of one shape, found [8] and [1]')
    expect(refused(sequential([6, 8],
      // @ts-expect-error ranks differ
      parallel([dense(3), flatten], concatenate())
    ))).toBe('concatenate needs branches that differ along axis -1 only, found [6, 3] and [48]')
    expect(refused(sequential([],
      // @ts-expect-error the sentence of a branch
      parallel([dense(3), dense(3)], add)
    ))).toBe('dense needs an input of rank 1 or more, found []')
  })
  test('a layer that does not fit what a wrapped one gives', () => {
    expect(refused(sequential([],
      // @ts-expect-error the rule is that of the layer
      weightNormalization(dense(2))
    ))).toBe('dense needs an input of rank 1 or more, found []')
  })
})
