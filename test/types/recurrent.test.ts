/** What the types of recurrent layers promise, checked by tsc. The values are run too: types and run time say the same. */
import { either as E } from 'fp-ts'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { showIssue } from 'tikhonov/layer'
import {
  bidirectional, dense, eachTimeStep, flatten, gru, lstm, lstmOver, simpleRnn, variational, weightDrop, withoutMemoryLoss, zoneout
} from 'tikhonov/layers'
import { variable } from 'tikhonov/expr'
import { sequential, type Model, type ModelError } from 'tikhonov/model'

const built = <A>(m: E.Either<readonly ModelError[], A>): A => {
  if (E.isLeft(m)) throw new Error(m.left.map(showIssue).join('; '))
  return m.right
}
const refused = (m: E.Either<readonly ModelError[], unknown>): string | undefined => E.isLeft(m) ? m.left[0]?.allowed : undefined
const coin: boolean = Math.abs(1) > 0

describe('shapes', () => {
  test('the last output, all of them, or the states side by side', () => {
    expectTypeOf(built(sequential([10, 8], lstm(16)))).toEqualTypeOf<Model<readonly [10, 8], readonly [16]>>()
    expectTypeOf(built(sequential([10, 8], lstm(16, { returnSequences: true }))))
      .toEqualTypeOf<Model<readonly [10, 8], readonly [10, 16]>>()
    expectTypeOf(built(sequential([10, 8], lstm(16, { returnState: true })))).toEqualTypeOf<Model<readonly [10, 8], readonly [32]>>()
    expectTypeOf(built(sequential([10, 8], gru(16, { returnState: true })))).toEqualTypeOf<Model<readonly [10, 8], readonly [16]>>()
    expect(built(sequential([10, 8], lstm(16, { returnState: true }))).output).toEqual([32])
    expect(built(sequential([10, 8], simpleRnn(4, { returnSequences: true }), flatten)).output).toEqual([40])
    expectTypeOf(built(sequential([10, 8], simpleRnn(4, { returnSequences: true }), flatten)))
      .toEqualTypeOf<Model<readonly [10, 8], readonly [40]>>()
  })
  test('an option that the compiler does not know leaves the shape open', () => {
    expectTypeOf(built(sequential([10, 8], gru(4, { returnSequences: coin })))).toEqualTypeOf<Model<readonly [10, 8], readonly number[]>>()
    expect(built(sequential([10, 8], gru(4, { returnSequences: coin }))).output).toEqual([10, 4])
  })
  test('two directions, side by side or merged', () => {
    const all = { returnSequences: true } as const
    expectTypeOf(built(sequential([10, 8], bidirectional(lstm(16, all))))).toEqualTypeOf<Model<readonly [10, 8], readonly [10, 32]>>()
    expectTypeOf(built(sequential([10, 8], bidirectional(gru(16), { mergeMode: 'ave' }))))
      .toEqualTypeOf<Model<readonly [10, 8], readonly [16]>>()
    expectTypeOf(built(sequential([10, 8], bidirectional(gru(16), { backward: lstm(4) }))))
      .toEqualTypeOf<Model<readonly [10, 8], readonly [number]>>()
    expect(built(sequential([10, 8], bidirectional(gru(16), { backward: lstm(4) }))).output).toEqual([20])
  })
})

describe('what does not compile', () => {
  test('an input that is no sequence, and a layer after the last output that wants one', () => {
    // @ts-expect-error lstm needs an input of rank 2 [time, features], found [60]
    expect(refused(sequential([60], lstm(2)))).toBe('lstm needs an input of rank 2 [time, features], found [60]')
    // @ts-expect-error gru needs an input of rank 2 [time, features], found [4]
    expect(refused(sequential([10, 8], lstm(4), gru(2)))).toBe('gru needs an input of rank 2 [time, features], found [4]')
    // @ts-expect-error simpleRnn needs an input of rank 2 [time, features], found [8]
    expect(refused(sequential([8], bidirectional(simpleRnn(2))))).toBe('simpleRnn needs an input of rank 2 [time, features], found [8]')
  })
  test('dropout where a layer has nothing to drop', () => {
    // @ts-expect-error a simple recurrent network has no candidate
    const memory = simpleRnn(2, { recurrentDropout: withoutMemoryLoss(0.5) })
    // @ts-expect-error zoneout is of states, not of the input
    const zoned = lstm(2, { dropout: zoneout({ h: 0.1 }) })
    // @ts-expect-error a new mask of the state at each time step would forget: it is not offered
    const forgetful = gru(2, { recurrentDropout: eachTimeStep(0.5) })
    // @ts-expect-error gates share a mask, or each has its own
    const tied = lstm(2, { dropout: variational(0.5, { gates: 'tied' }) })
    expect([memory, zoned, forgetful, tied].map(({ spec }) => spec.kind)).toEqual(['simpleRnn', 'lstm', 'gru', 'lstm'])
  })
  test('a misspelt option, a state that there is not', () => {
    // @ts-expect-error it is called returnSequences
    const misspelt = lstm(2, { returnSequence: true })
    // @ts-expect-error resetting is for GRUs
    const reset = lstm(2, { resetAfter: false })
    const over = lstmOver({ kernel: variable('W', [2, 4]), recurrentKernel: variable('U', [1, 4]) })
    // @ts-expect-error an LSTM has h and c
    const { final } = over(variable('x', [3, 5, 2]), { s: variable('s', [3, 1]) })
    expect([misspelt.spec.kind, reset.spec.kind, ...Object.keys(final)]).toEqual(['lstm', 'lstm', 'h', 'c'])
  })
})

test('address schemes are in the types', () => {
  expectTypeOf(variational(0.5).drawn).toEqualTypeOf<{ readonly address: 'perExample'; readonly each: 'sequence' }>()
  expectTypeOf(eachTimeStep(0.5).drawn).toEqualTypeOf<{ readonly address: 'perExample'; readonly each: 'timeStep' }>()
  expectTypeOf(weightDrop(0.5).drawn).toEqualTypeOf<{ readonly address: 'perStep'; readonly each: 'trainingStep' }>()
  const dropped = lstm(2, { dropout: eachTimeStep(0.2), recurrentDropout: weightDrop(0.2) })
  expect(built(sequential([4, 2], dropped, dense(1))).output).toEqual([1])
})
