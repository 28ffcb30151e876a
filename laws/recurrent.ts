/** Laws of recurrent layers. */
import fc from 'fast-check'
import type { Layer } from 'tikhonov/layer'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { remembered } from './prepared.js'
import {
  beginnings, features, nextStates, outputs, sequences, sequencesOf, stepsOf, type RecurrentChoice, type RecurrentFamily, type Sequences
} from './recurrence.js'

const some = { mostRuns: 20 }

/** Rounding of the same sums in another order: a product of matrices may be cut into others. */
const rounded = { relative: 1e-12, absolute: 1e-12 }

/** The outputs of each row, by its steps. */
const byStep = (y: readonly number[], { rows, time }: Sequences): readonly (readonly (readonly number[])[])[] => {
  const units = y.length / rows / time
  const step = (r: number, t: number) => y.slice((r * time + t) * units, (r * time + t + 1) * units)
  return Array.from({ length: rows }, (_, r) => Array.from({ length: time }, (__, t) => step(r, t)))
}

const reversed = (x: Sequences): Sequences => sequencesOf(stepsOf(x).map((row) => [...row].reverse()))

/** Whether two lists of outputs are near each other. */
const alike = (what: string, got: unknown, wanted: unknown): Outcome => about(what, near(got, wanted, rounded))

/**
 * What a recurrent layer obeys, whatever its equations: the last output is the last of the sequence; an output knows only what came
 * before it; going backwards is going forwards over the reversed sequence; a masked step changes nothing and repeats the output; a run
 * over the parts of a sequence, state carried over, is the run over the whole; rows that are not there keep their state. Checked at
 * generic weights. What every layer obeys is in `rowLaws` and `gradientLaws`.
 *
 * @example
 * ```ts
 * import { check, recurrentLaws } from 'tikhonov/laws'
 * import { gru } from 'tikhonov/layers'
 * check(recurrentLaws((options) => gru(2, options)), { runs: 3 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const recurrentLaws = (make: RecurrentFamily): Suite => {
  const made = remembered((choice: string) => make(JSON.parse(choice) as RecurrentChoice))
  const y = (x: Sequences, choice: RecurrentChoice = {}): readonly number[] => outputs(made(JSON.stringify(choice)), x, 'Infer')
  const allOf = (x: Sequences, choice: RecurrentChoice = {}) => byStep(y(x, { ...choice, returnSequences: true }), x)
  const goesOn = make({ stateful: 4, returnSequences: true })
  return suite('recurrent', make, [
    law('the last output is the last of the sequence', 'f(x) = f(x, returnSequences)[T − 1]', [sequences([1, 3], [1, 5])], (x) =>
      alike('the last', y(x), allOf(x).map((row) => row[x.time - 1]).flat()), some),

    law('an output knows what came before it', 'f([a; b])[0 … |a| − 1] = f(a)', [sequences([1, 2], [2, 5]), fc.nat(3)], (x, n) => {
      const cut = 1 + (n % (x.time - 1))
      const before = sequencesOf(stepsOf(x).map((row) => row.slice(0, cut)))
      return alike(`the first ${cut}`, allOf(x).map((row) => row.slice(0, cut)), allOf(before))
    }, some),

    law('backwards is forwards over the reversed sequence', 'f(x, goBackwards) = f(reverse(x))', [sequences([1, 2], [1, 4])], (x) => every(
      alike('the last', y(x, { goBackwards: true }), y(reversed(x))),
      alike('the sequence', allOf(x, { goBackwards: true }), allOf(reversed(x)))
    ), some),

    law('masked steps carry the state over', 'f([a; masked; b]) = [f([a; b]) with its output repeated]',
      [sequences([1, 3], [1, 4]), fc.nat(4), fc.constantFrom(0, -7.5)], (x, n, maskValue) => {
        const at = 1 + (n % x.time)
        const gap = Array.from({ length: features }, () => maskValue)
        const padded = sequencesOf(stepsOf(x).map((row) => [...row.slice(0, at), gap, gap, ...row.slice(at)]))
        const masking = { maskValue }
        const wanted = allOf(x).map((row) => [...row.slice(0, at), row[at - 1], row[at - 1], ...row.slice(at)])
        const silent = wanted.map((row) => row.map((out, t) => (t === at || t === at + 1 ? out.map(() => maskValue) : out)))
        return every(
          alike('the last output', y(padded, { masking }), y(x)),
          alike('the sequence', allOf(padded, { masking }), wanted),
          alike('with masked outputs', allOf(padded, { masking: { ...masking, output: 'masked' } }), silent)
        )
      }, some),

    law('a step that is masked in part is not masked', 'f(x; masking) = f(x) where no step is all maskValue', [sequences([1, 2], [1, 4])],
      (x) => {
        const holed = { ...x, data: x.data.map((v, i) => (i % features === 1 ? 0 : v)) }
        return alike('the last', y(holed, { masking: {} }), y(holed))
      }, some),

    law('a run over the parts is the run over the whole', 'f(b from the state after a) = f([a; b])[|a| …]',
      [sequences([1, 3], [2, 5]), fc.nat(3)], (x, n) => {
        const cut = 1 + (n % (x.time - 1))
        const [a, b] = [stepsOf(x).map((row) => row.slice(0, cut)), stepsOf(x).map((row) => row.slice(cut))].map(sequencesOf)
        const others = nextStates(goesOn, a, 'Train')
        return every(
          alike('the first part', byStep(outputs(goesOn, a, 'Train'), a), allOf(a)),
          alike('the second part', byStep(outputs(goesOn, b, 'Train', { others }), b), allOf(x).map((row) => row.slice(cut)))
        )
      }, some),

    law('rows that are not there keep their state', 'present = 0 ⇒ next(state) = state', [sequences([2, 3], [1, 3])], (x) => {
      const before = beginnings(goesOn)
      const after = nextStates(goesOn, x, 'Padded', { begun: true })
      return every(...Object.entries(after).map(([name, state]) => {
        const units = state.length / 4
        return about(name, every(
          same(state.slice(units), before[name].slice(units)),
          state.slice(0, units).join() !== before[name].slice(0, units).join() || 'the state of a row that is there stands still'
        ))
      }))
    }, some)
  ])
}

/** Two layers over a sequence, one in each direction, their outputs side by side unless `sum`. */
export type BothWays = (forward: Layer, backward: Layer, mode: 'concat' | 'sum') => Layer

/**
 * What a layer that reads a sequence from both ends obeys: turned round, with its two halves exchanged, it is the same; a half is the
 * layer it is made of.
 *
 * @example
 * ```ts
 * import { bidirectionalLaws, check } from 'tikhonov/laws'
 * import { bidirectional, gru } from 'tikhonov/layers'
 * const both = bidirectionalLaws((f, backward, mergeMode) => bidirectional(f, { backward, mergeMode }), (options) => gru(2, options))
 * check(both, { runs: 3 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const bidirectionalLaws = (both: BothWays, make: RecurrentFamily): Suite => {
  const inner = make({ returnSequences: true })
  const layer = both(inner, inner, 'concat')
  const summed = both(inner, inner, 'sum')
  const declared = Object.keys(beginnings(layer))
  const exchanged = (name: string): string => name.replace(/^(forward|backward)/, (way) => (way === 'forward' ? 'backward' : 'forward'))
  const [own, plain] = [beginnings(layer), beginnings(inner)]
  /** Weights of the one direction for the other. */
  const turned = Object.fromEntries(declared.map((name) => [name, own[exchanged(name)] ?? []]))
  const halves = (out: readonly number[]) => [out.slice(0, out.length / 2), out.slice(out.length / 2)]
  return suite('bidirectional', both, [
    law('each half is its layer', 'f(x) = [a(x), reverse(b(reverse(x)))]', [sequences([1, 2], [1, 4])], (x) => {
      const shared = Object.fromEntries(declared.map((name) => [name, plain[name.split('/').at(-1) ?? ''] ?? []]))
      const out = byStep(outputs(layer, x, 'Infer', { others: shared }), x)
      const back = byStep(outputs(inner, reversed(x), 'Infer'), x).map((row) => [...row].reverse())
      return every(
        alike('forward', out.map((row) => row.map((o) => halves(o)[0])), byStep(outputs(inner, x, 'Infer'), x)),
        alike('backward', out.map((row) => row.map((o) => halves(o)[1])), back)
      )
    }, some),
    law('turned round it is the same', 'f(reverse(x)) = reverse(f(x)), the directions exchanged', [sequences([1, 2], [1, 4])], (x) => {
      const out = byStep(outputs(layer, reversed(x), 'Infer', { others: turned }), x).map((row) => [...row].reverse())
      const swapped = out.map((row) => row.map((o) => [...halves(o)[1], ...halves(o)[0]]))
      return alike('the sequence', swapped, byStep(outputs(layer, x, 'Infer'), x))
    }, some),
    law('the sum of the halves is their sum', 'f(x; sum) = a(x) + reverse(b(reverse(x)))', [sequences([1, 2], [1, 4])], (x) => {
      const out = byStep(outputs(layer, x, 'Infer'), x)
      const sums = out.map((row) => row.map((o) => halves(o)[0].map((v, i) => v + halves(o)[1][i])))
      return alike('the sequence', byStep(outputs(summed, x, 'Infer'), x), sums)
    }, some)
  ])
}
