/** A run that is cut anywhere, stored as bits and gone on with elsewhere is the run that was not cut. */
import { array as A } from 'fp-ts'
import { from, lastValueFrom, take } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { reference, wasm } from 'tikhonov/engine'
import { train, trainOn } from 'tikhonov/stream'
import { batches, fold, start, type Batch, type BatchesOptions, type Examples, type TrainState } from 'tikhonov/training'
import { batch, noisyOn, right } from '../stream/fixture.js'

const examples: Examples = { ...batch(3, 25), weight: Array.from({ length: 25 }, (_, i) => 1 + (i % 3)) }
const policies: readonly BatchesOptions[] = [
  { last: 'pad', shuffle: { seed: 9 } }, { last: 'keep', shuffle: { seed: 9 } }, { last: 'drop', shuffle: { seed: 2 } },
  { last: 'pad', shuffle: false }
]
const cut = (options: BatchesOptions, from = 0): Iterable<Batch> => right(batches(examples, { size: 4, epochs: 3, ...options, from }))

/** What a state is after it went through a store, which keeps the bits and the kind of its numbers. */
const stored = (state: TrainState): TrainState => {
  const { values, ...rest } = state
  return { ...JSON.parse(JSON.stringify(rest)) as Omit<TrainState, 'values'>, values: values.slice() }
}

const engines = [reference(), ...A.compact([wasm()])].map((engine) => [engine.name, noisyOn(engine)] as const)

describe.each(engines)('a run on the engine %s', (_, noisy) => {
  it.each(policies)('resumed after any step, in mid-epoch too, ends bit for bit as one that went through (%o)', (options) => {
    const whole = right(fold(noisy)(start(noisy, 5), cut(options)))
    const all = [...cut(options)]
    for (const steps of [0, 1, 5, 6, 7, 8, 13, all.length]) {
      const before = right(fold(noisy)(start(noisy, 5), all.slice(0, steps)))
      const after = right(fold(noisy)(stored(before.state), cut(options, before.state.cursor)))
      expect(after.state).toEqual(whole.state)
      expect([...before.reports, ...after.reports]).toEqual(whole.reports)
    }
  })

  it('resumed as a stream, from a state that was emitted, ends as one that went through', async () => {
    const options: BatchesOptions = { shuffle: { seed: 1 } }
    const whole = await lastValueFrom(from(cut(options)).pipe(train(noisy, { from: 5, emit: Infinity })))
    for (const steps of [1, 9, 16]) {
      const middle = await lastValueFrom(trainOn(noisy, cut(options), { from: 5 }).pipe(take(steps)))
      expect(middle.step).toBe(steps)
      const last = await lastValueFrom(trainOn(noisy, cut(options, middle.cursor), { from: stored(middle), emit: 7 }))
      expect(last).toEqual(whole)
    }
  })
})
