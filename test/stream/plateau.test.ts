/** A learning rate that waits for a plateau, in a stream: what its run needs to be replayed, and to be gone on with. */
import { either as E } from 'fp-ts'
import { BehaviorSubject, Subject, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { trainWithReports, withHyper } from 'tikhonov/stream'
import { fold, plateau, start, type Batch, type Plateau, type Report, type TrainState } from 'tikhonov/training'
import { batch, noisy, right } from './fixture.js'

const schedule = right(plateau(0.5, { patience: 2, factor: 0.5, minimum: 0.01 }))
/** Batches whose losses rise and fall, the same few again and again. */
const given: readonly Batch[] = Array.from({ length: 16 }, (_, i) => batch(i % 3))

/** What a run is saved as: a state of training, and how long the schedule has waited and for what. */
interface Saved {
  readonly state: TrainState
  readonly schedule: Plateau
}

interface Run {
  readonly saved: readonly Saved[]
  readonly recorded: readonly Batch[]
  readonly reports: readonly Report[]
}

/** A run over batches that come one by one; what is reported of each goes through the schedule before the next. */
const tuned = (batches: readonly Batch[], from: Saved = { state: start(noisy), schedule: schedule.start }): Run => {
  const [coming, rate] = [new Subject<Batch>(), new BehaviorSubject(from.schedule.value)]
  const [saved, recorded, reports]: [Saved[], Batch[], Report[]] = [[], [], []]
  coming.pipe(
    withHyper({ rate }), tap((b) => { recorded.push(b) }), trainWithReports(noisy, { slice: Infinity, from: from.state })
  ).subscribe(({ state, reports: told }) => {
    const before = saved.at(-1)?.schedule ?? from.schedule
    const after = told.reduce((so, report) => schedule.next(so, report.data), before)
    saved.push({ state, schedule: after })
    reports.push(...told)
    rate.next(after.value)
  })
  batches.forEach((b) => { coming.next(b) })
  return { saved, recorded, reports }
}

/** What went through a store, which keeps the bits of values and the text of the rest. */
const stored = ({ state: { values, ...rest }, schedule }: Saved): Saved => ({
  state: { ...JSON.parse(JSON.stringify(rest)) as Omit<TrainState, 'values'>, values: values.slice() },
  schedule: JSON.parse(JSON.stringify(schedule)) as Plateau
})

describe('a run whose learning rate waits for a plateau', () => {
  const whole = tuned(given)
  const rates = whole.reports.map(({ hyper }) => hyper.rate)

  it('learns each batch at the rate that the reports before it led to, and slows down', () => {
    const expected = whole.reports.slice(0, -1).reduce<readonly Plateau[]>(
      (so, { data }) => [...so, schedule.next(so[so.length - 1], data)], [schedule.start])
    expect(rates).toEqual(expected.map(({ value }) => value))
    expect(new Set(rates).size).toBeGreaterThan(2)
  })

  it('is replayed by its recorded batches, bit for bit, without the schedule', () => {
    const { state } = whole.saved[whole.saved.length - 1]
    expect(fold(noisy)(start(noisy), whole.recorded)).toEqual(E.right({ state, reports: whole.reports }))
  })

  it('goes on bit for bit from where it was saved, after any batch', () => {
    whole.saved.forEach((each, i) => {
      const rest = tuned(given.slice(i + 1), stored(each))
      expect(rest.saved).toEqual(whole.saved.slice(i + 1))
      expect(rest.reports).toEqual(whole.reports.slice(i + 1))
    })
  })

  it('would not, if the wait were not saved with the value', () => {
    const forgetful = whole.saved.slice(0, -1).map(({ state, schedule: { value } }, i) =>
      tuned(given.slice(i + 1), { state, schedule: { ...schedule.start, value } }).reports.map(({ hyper }) => hyper.rate))
    expect(forgetful.some((found, i) => String(found) !== String(rates.slice(i + 1)))).toBe(true)
  })
})
