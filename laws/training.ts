/** Laws of training: what `step` and `fold` of a trainer owe to whoever relies on states and batches being values. */
import { either as E, function as F } from 'fp-ts'
import fc from 'fast-check'
import { fold, start, step, type Report, type TrainError, type Trainer, type TrainState } from 'tikhonov/training'
import { dyadic, seed } from './arbitraries/index.js'
import { constraintsOf, feasible } from './feasibleState.js'
import { about, every, law, near, same, suite, type Suite } from './kit/index.js'
import { bare, closeOf, joined, mostRuns, presentOf, reached, someOf, stepped, totalOf, type TrainingTrial } from './trainingTrial.js'

const sumOf = (by: Readonly<Record<string, number>>): number => Object.values(by).reduce((sum, x) => sum + x, 0)

/** A state as it comes back from a store: the same numbers elsewhere. */
const stored = (state: TrainState): TrainState => ({ ...state, values: state.values.slice() })

interface Folded {
  readonly state: TrainState
  readonly reports: readonly Report[]
}

/**
 * The laws of every trainer: a run is a fold, states are values that may be stored, replayed and gone on with in any order; what is given
 * is not changed; the cursor counts examples; weights matter by their ratios; padding changes nothing, and a batch of weight 0 moves only
 * the cursor; penalties are added once; constraints hold after every step (where the projection is one: relaxations, ε-forms are exempt).
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { batchesFor, check, trainingLaws } from 'tikhonov/laws'
 * import { dense } from 'tikhonov/layers'
 * import { mse } from 'tikhonov/losses'
 * import { sequential } from 'tikhonov/model'
 * import { adam } from 'tikhonov/optimizers'
 * import { trainer } from 'tikhonov/training'
 * F.pipe(
 *   sequential([2], dense(1)),
 *   E.chain((model) => trainer({ model, loss: mse(), optimizer: adam() })),
 *   E.map((t) => check(trainingLaws(t, { batches: batchesFor(t) }), { runs: 5 }).every((verdict) => verdict._tag === 'Passed'))
 * ) // => E.right(true)
 * ```
 */
export const trainingLaws = (t: Trainer, trial: TrainingTrial): Suite => {
  const [{ batches }, some, close] = [trial, someOf(trial), closeOf(t, trial)]
  const constraints = constraintsOf(t)
  return suite('training', t, [
    law('resume', 'fold(s, xs ⧺ ys) = fold(stored(fold(s, xs)), ys), whatever was folded between', [seed(), seed(), some, some],
      (of, other, xs, ys) => {
        const before = fold(t)(start(t, of), xs)
        fold(t)(start(t, other), ys)
        const after = F.pipe(before, E.chain(({ state, reports }: Folded) => F.pipe(
          fold(t)(stored(state), ys),
          E.map((rest: Folded) => ({ state: rest.state, reports: [...reports, ...rest.reports] }))
        )))
        return same(after, fold(t)(start(t, of), [...xs, ...ys]))
      }, { mostRuns }),
    law('replay', 'step(sᵢ, bᵢ) = sᵢ₊₁, last first', [seed(), some], (of, xs) => {
      const log = xs.reduce<readonly E.Either<TrainError, TrainState>[]>(
        (states, b) => [...states, E.chain((s: TrainState) => step(t)(s, b))(states[states.length - 1])], [E.right(start(t, of))])
      return every(...xs.map((b, i) => about(`step ${i}`, same(E.chain((s: TrainState) => step(t)(s, b))(log[i]), log[i + 1]))).reverse())
    }, { mostRuns }),
    law('inputs unchanged', 'step(s, b) leaves s and b as they were', [seed(), some, batches], (of, xs, b) => {
      const state = reached(t, of, xs)
      const before = { state: stored(state), x: b.x.data.slice(), y: b.y.data.slice(), weight: Array.from(b.weight ?? []) }
      step(t)(state, b)
      return same({ state, x: b.x.data, y: b.y.data, weight: Array.from(b.weight ?? []) }, before)
    }, { mostRuns }),
    law('position', 'cursor ← cursor + examples, step ← step + 1', [seed(), some, batches, batches], (of, xs, b, padding) => {
      const state = reached(t, of, xs)
      fc.pre(totalOf(b) > 0)
      const padded = { ...joined(b, padding), count: presentOf(b) }
      return every(...[b, padded].map((given) => {
        const { step: steps, cursor, seed: kept } = stepped(t, state, given).state
        return same({ steps, cursor, seed: kept }, { steps: state.step + 1, cursor: state.cursor + presentOf(b), seed: of })
      }))
    }, { mostRuns }),
    law('weight 0', 'w = 0 ⇒ only the cursor moves', [seed(), some, batches], (of, xs, b) => {
      const state = reached(t, of, xs)
      const after = fold(t)(state, [{ ...b, weight: new Float64Array(b.x.shape[0]) }])
      return same(after, E.right({ state: { ...state, cursor: state.cursor + presentOf(b) }, reports: [] }))
    }, { mostRuns }),
    law('ratios of weights', 'step(s, (x, y, c·w)) = step(s, (x, y, w))', [seed(), some, batches, dyadic({ min: 0.25, max: 8 })],
      (of, xs, b, c) => {
        const state = reached(t, of, xs)
        const weight = Array.from({ length: b.x.shape[0] }, (_, i) => (b.weight?.[i] ?? 1) * (1 + (i % 3)))
        fc.pre(weight.some((w) => w > 0))
        return near(stepped(t, state, { ...b, weight: weight.map((w) => c * w) }), stepped(t, state, { ...b, weight }), close)
      }, { mostRuns }),
    law('padding', 'step(s, (x ⧺ padding, count)) = step(s, x)', [seed(), some, batches, batches], (of, xs, b, padding) => {
      const state = reached(t, of, xs)
      fc.pre(totalOf(b) > 0)
      return near(stepped(t, state, { ...joined(b, padding), count: presentOf(b) }), stepped(t, state, bare(b)), close)
    }, { mostRuns }),
    law('total', 'total = data + Σ penalties', [seed(), some, batches], (of, xs, b) => {
      const { report } = stepped(t, reached(t, of, xs), b)
      return near(report.total, report.data + sumOf(report.penalties), close)
    }, { mostRuns }),
    law('constraints hold', 'project(w) = w after every step', [seed(), some], (of, xs) =>
      every(...xs.map((_, i) => about(`step ${i}`, feasible(t, constraints, reached(t, of, xs.slice(0, i + 1)), close)))), { mostRuns })
  ], [], { trial })
}
