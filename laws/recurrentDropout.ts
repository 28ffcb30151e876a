/** Laws of dropout in recurrent layers. What was dropped is read off gradients, which vanish there, and off states. */
import fc from 'fast-check'
import { topological } from 'tikhonov/expr'
import {
  eachTimeStep, variational, weightDrop, withoutMemoryLoss, zoneout, type InputDropout, type RecurrentDropout, type StateDropout
} from 'tikhonov/layers'
import { about, atMost, every, hoeffding, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'
import { sample } from './perturbation.js'
import { remembered } from './prepared.js'
import {
  applied, beginnings, features, moment, nextStates, outputs, sequences, sequencesOf, stepsOf, support, type Moment,
  type RecurrentChoice, type RecurrentFamily, type Sequences
} from './recurrence.js'

const some = { mostRuns: 20 }
const few = { mostRuns: 5 }
const rounded = { relative: 1e-10, absolute: 1e-12 }
const rates = fc.constantFrom(0.2, 0.5)

type Of<D> = (rate: number) => D

const onInput: Readonly<Record<string, Of<number | InputDropout>>> = {
  'a rate': (rate) => rate, variational, 'variational for each gate': (rate) => variational(rate, { gates: 'each' }), eachTimeStep
}
const onState: Readonly<Record<string, Of<number | StateDropout>>> = {
  'a rate': (rate) => rate, variational, 'variational for each gate': (rate) => variational(rate, { gates: 'each' }), weightDrop,
  zoneout: (rate) => zoneout({ h: rate, c: rate })
}

/** Every dropout of a layer without a candidate, at a rate, by its name. */
const all: readonly (readonly [string, Of<RecurrentChoice>])[] = [
  ...Object.entries(onInput).map(([name, of]) => [`dropout: ${name}`, (rate: number) => ({ dropout: of(rate) })] as const),
  ...Object.entries(onState).map(([name, of]) => [`recurrentDropout: ${name}`, (rate: number) => ({ recurrentDropout: of(rate) })] as const)
]

const eachOf = (say: (of: Of<RecurrentChoice>, name: string) => Outcome): Outcome =>
  every(...all.map(([name, of]) => about(name, say(of, name))))

const repeated = (x: Sequences, rows: number): Sequences => sequencesOf(Array.from({ length: rows }, () => stepsOf(x)[0]))

const chunks = <A>(list: readonly A[], size: number): readonly (readonly A[])[] =>
  Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size))

/** Some, not all, of many decisions are to drop. */
const both = (kept: readonly boolean[]): Outcome =>
  every(kept.includes(false) || 'nothing is dropped', kept.includes(true) || 'everything is dropped')

/** Addresses that follow each other: one mask alone may happen to keep all. */
const following = (at: Moment): readonly Moment[] =>
  Array.from({ length: 6 }, (_, i) => ({ seed: at.seed, step: at.step + i, position: at.position + i }))

/** The sizes of a family. */
const sizesOf = (make: RecurrentFamily) => {
  const { kernel, recurrentKernel } = beginnings(make({}))
  const units = (recurrentKernel.length * features) / kernel.length
  return { units, gates: kernel.length / features / units, width: kernel.length / features }
}

/** Whether a mean of n decisions is the probability. */
const frequency = (what: string, decisions: readonly boolean[], probability: number): Outcome =>
  about(what, atMost(Math.abs(decisions.filter((d) => d).length / decisions.length - probability),
    hoeffding(decisions.length, 1, sample.chance)))

/**
 * What dropout in recurrent layers obeys, in all its variants: rate 0 is the layer itself and draws nothing; inference is the layer
 * itself; rates outside 0 ≤ rate < 1 are issues; masks are not repeated, but for the weights of one training step. Variational masks are
 * the same at all time steps, and dropping is zeroing x, or rows of the recurrent kernel, and nothing else, by one mask for all gates or
 * by one for each; `eachTimeStep` decides anew at each step; `weightDrop` zeroes weights; zoneout keeps old states at its rates, and in
 * inference takes the expectation.
 *
 * @example
 * ```ts
 * import { check, recurrentDropoutLaws } from 'tikhonov/laws'
 * import { simpleRnn } from 'tikhonov/layers'
 * check(recurrentDropoutLaws((options) => simpleRnn(3, options)), { runs: 3 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const recurrentDropoutLaws = (make: RecurrentFamily): Suite => {
  const { gates, units, width } = sizesOf(make)
  const made = remembered((choice: string) => make(JSON.parse(choice) as RecurrentChoice))
  const choose = (choice: RecurrentChoice) => made(JSON.stringify(choice))
  const of = (choice: RecurrentChoice) => choose({ ...choice, returnSequences: true })
  const plain = of({})
  const drawn = (choice: RecurrentChoice) =>
    topological([applied(of(choice), 2, 3, 'Train').y]).filter((e) => e.primitive.name === 'bits').length
  const issues = (choice: RecurrentChoice) => applied(make(choice), 1, 2, 'Train').issues.length
  /** Whether each gate keeps each row of a kernel: [rows of the kernel][gates], of one sequence. */
  const keptByGate = (choice: RecurrentChoice, x: Sequences, at: Moment, kernel: string) =>
    chunks(support(of(choice), x, at, kernel), width).map((row) => chunks(row, units).map((columns) => columns.some((kept) => kept)))

  return suite('recurrentDropout', make, [
    law('rate 0 is the layer itself', 'train(x; rate 0) = train(x), nothing drawn', [sequences([2, 2], [3, 3]), moment()], (x, at) =>
      eachOf((choice) => every(
        same(outputs(of(choice(0)), x, 'Train', { at }), outputs(plain, x, 'Train', { at })), about('draws', same(drawn(choice(0)), 0))
      )), few),

    law('inference is the layer itself', 'infer(x; rate) = infer(x), but for zoneout', [sequences([2, 2], [3, 3]), rates], (x, rate) =>
      eachOf((choice, name) => name.endsWith('zoneout') || same(outputs(of(choice(rate)), x, 'Infer'), outputs(plain, x, 'Infer'))), few),

    law('rates out of range are issues', '0 ≤ rate < 1 ⇔ no issue', [], () => eachOf((choice) => every(
      ...[0, 0.5, 0.999].map((rate) => about(`accepted ${rate}`, same(issues(choice(rate)), 0))),
      ...[-0.1, 1, 1.5, Number.NaN].map((rate) => issues(choice(rate)) > 0 || `${rate} was not refused`)
    ))),

    law('masks are not repeated', 'train(x; p, step) ≠ train(x; p + n, step + 1)', [sequences([1, 1], [3, 3]), moment()], (x, at) =>
      eachOf((choice) => {
        const batch = repeated(x, 16)
        const [a, b] = [at, { ...at, step: at.step + 1, position: at.position + 16 }]
          .map((when) => outputs(of(choice(0.5)), batch, 'Train', { at: when }))
        return a.join() !== b.join() || 'batches that follow each other are dropped alike'
      }), few),

    law('examples have masks of their own, weights one', 'rows of equal x differ ⇔ drawn per example',
      [sequences([1, 1], [3, 3]), moment()], (x, at) => eachOf((choice, name) => {
        const rows = chunks(outputs(of(choice(0.5)), repeated(x, 24), 'Train', { at }), 3 * units)
        const kinds = new Set(rows.map((row) => row.join())).size
        return name.endsWith('weightDrop') ? about('kinds of rows', same(kinds, 1)) : kinds > 1 || 'all examples are dropped alike'
      }), few),

    law('a bare rate is variational, one mask for all gates', 'train(x; rate) = train(x; variational(rate))',
      [sequences([2, 2], [3, 3]), moment(), rates], (x, at, rate) => every(
        same(outputs(of({ dropout: rate }), x, 'Train', { at }), outputs(of({ dropout: variational(rate) }), x, 'Train', { at })),
        same(
          outputs(of({ recurrentDropout: rate }), x, 'Train', { at }),
          outputs(of({ recurrentDropout: variational(rate) }), x, 'Train', { at })
        )
      ), some),

    law('dropping the input is zeroing it', 'train(x) = f(x·m/(1 − rate)), m where ∂y/∂x ≠ 0',
      [sequences([24, 24], [3, 3]), moment(), rates], (x, at, rate) => every(...[variational(rate), eachTimeStep(rate)].map((dropout) => {
        const kept = support(of({ dropout }), x, at)
        const masked = { ...x, data: x.data.map((v, i) => (kept[i] ? v / (1 - rate) : 0)) }
        return about(dropout._tag, every(
          both(kept), near(outputs(of({ dropout }), x, 'Train', { at }), outputs(plain, masked, 'Train'), rounded)
        ))
      })), few),

    law('a variational mask of the input serves the sequence', 'm[t] = m[0] for every t', [sequences([24, 24], [4, 4]), moment()],
      (x, at) => {
      const steps = chunks(chunks(support(of({ dropout: variational(0.5) }), x, at), features), 4)
      const odd = steps.findIndex((row) => row.some((kept) => kept.join() !== row[0].join()))
      return odd < 0 || `example ${odd} is dropped differently at different time steps`
    }, few),

    law('each time step has a mask of its own', 'm[t] ≠ m[0] for some t', [sequences([24, 24], [4, 4]), moment()], (x, at) => {
      const steps = chunks(chunks(support(of({ dropout: eachTimeStep(0.5) }), x, at), features), 4)
      return steps.some((row) => row.some((kept) => kept.join() !== row[0].join())) || 'all time steps are dropped alike'
    }, few),

    law('a variational mask of the state serves the sequence', 'm of x[0 … 1] = m of x', [sequences([1, 1], [6, 6]), moment()], (x, at) => {
      const choice = { recurrentDropout: variational(0.5) }
      const short = sequencesOf(stepsOf(x).map((row) => row.slice(0, 2)))
      const read = following(at).map((when) => [x, short].map((s) => keptByGate(choice, s, when, 'recurrentKernel').flat()))
      return every(both(read.flat(2)), ...read.map(([long, first]) => same(first, long)))
    }, few),

    law('dropping the state is zeroing rows of the recurrent kernel', 'train(x; U) = f(x; m·U/(1 − rate)), m where ∂y/∂U ≠ 0',
      [sequences([1, 1], [4, 4]), moment(), rates], (x, at, rate) => {
        const { recurrentKernel } = beginnings(plain)
        return every(...[variational(rate), variational(rate, { gates: 'each' }), weightDrop(rate)].map((recurrentDropout) => {
          const layer = of({ recurrentDropout })
          const read = following(at).map((when) => {
            const kept = support(layer, x, when, 'recurrentKernel')
            const masked = recurrentKernel.map((v, i) => (kept[i] ? v / (1 - rate) : 0))
            const wanted = outputs(plain, x, 'Train', { others: { recurrentKernel: masked } })
            return { kept, said: near(outputs(layer, x, 'Train', { at: when }), wanted, rounded) }
          })
          return about(recurrentDropout._tag, every(both(read.flatMap(({ kept }) => kept)), ...read.map(({ said }) => said)))
        }))
      }, few),

    law('gates share a mask, or each has its own', 'm[gate] = m[0] ⇔ gates are shared', [sequences([1, 1], [4, 4]), moment()], (x, at) =>
      every(...(['shared', 'each'] as const).flatMap((how) => {
        const dropout = variational(0.5, { gates: how })
        return ([['kernel', { dropout }], ['recurrentKernel', { recurrentDropout: dropout }]] as const).map(([kernel, choice]) => {
          const read = following(at).flatMap((when) => keptByGate(choice, x, when, kernel))
          const alike = read.every((row) => row.every((kept) => kept === row[0]))
          return about(`${how}, ${kernel}`, gates === 1 || alike === (how === 'shared') || (alike ? 'gates are alike' : 'gates differ'))
        })
      })), few),

    law('weights are dropped one by one', 'm[k, j] ≠ m[k, 0] for some k, j', [sequences([1, 1], [4, 4]), moment()], (x, at) => {
      const layer = of({ recurrentDropout: weightDrop(0.5) })
      const read = following(at).map((when) => chunks(support(layer, x, when, 'recurrentKernel'), width))
      return read.some((rows) => rows.some((row) => row.some((kept) => kept !== row[0]))) || 'whole rows are dropped'
    }, few),

    law('zoneout keeps old states at its rates', 's′ ∈ {s, f(s)}, P(s′ = s) = rate', [sequences([1, 1], [1, 1]), moment()], (x, at) => {
      const rows = 512
      const [stateful, chances] = [rows, { h: 0.2, c: 0.8 }]
      const before = beginnings(choose({ stateful }))
      const [fresh, after] = [{}, { recurrentDropout: zoneout(chances) }]
        .map((choice) => nextStates(choose({ ...choice, stateful }), repeated(x, rows), 'Train', { at, begun: true }))
      return every(...Object.entries(after).map(([name, state]) => {
        const stays = state.map((v, i) => v === before[name][i])
        return about(name, every(
          near(state, state.map((_, i) => (stays[i] ? before[name][i] : fresh[name][i])), rounded),
          frequency('kept', stays, name === 'c' ? chances.c : chances.h)
        ))
      }))
    }, { mostRuns: 3 }),

    law('zoneout takes its expectation in inference', 'infer(s) = rate·s + (1 − rate)·f(s)', [sequences([2, 2], [1, 1])], (x) => {
      const chances: Readonly<Record<string, number>> = { h: 0.2, c: 0.7 }
      const { rows } = x
      const before = beginnings(choose({ stateful: rows }))
      const names = Object.keys(before).filter((name) => name === 'h' || name === 'c')
      const states = (choice: RecurrentChoice) =>
        chunks(outputs(choose({ ...choice, stateful: rows, returnState: true }), x, 'Infer', { begun: true }), units)
      const [fresh, found] = [states({}), states({ recurrentDropout: zoneout(chances) })]
      const wanted = fresh.map((state, i) => {
        const [row, name] = [Math.floor(i / names.length), names[i % names.length]]
        return state.map((v, j) => chances[name] * before[name][row * units + j] + (1 - chances[name]) * v)
      })
      return near(found, wanted, rounded)
    }, some)
  ], [], {})
}

/**
 * What dropout without memory loss obeys in a gated layer: where every candidate is dropped, what is remembered only fades, by the gates;
 * a candidate is dropped or scaled; it is dropped at the rate, anew at each time step or once for the sequence. With them
 * `recurrentDropoutLaws`.
 *
 * @example
 * ```ts
 * import { check, gatedDropoutLaws } from 'tikhonov/laws'
 * import { gru } from 'tikhonov/layers'
 * check(gatedDropoutLaws((options) => gru(2, options)), { runs: 2 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const gatedDropoutLaws = (make: RecurrentFamily<RecurrentDropout>): Suite => {
  const memory = 'c' in beginnings(make({ stateful: 1 })) ? 'c' : 'h'
  const layer = remembered((each: 'sequence' | 'timeStep' | 'never', rate: number, stateful: number) =>
    make({ ...(each === 'never' ? {} : { recurrentDropout: withoutMemoryLoss(rate, { each }) }), stateful }))
  const memoryOf = (each: 'sequence' | 'timeStep' | 'never', x: Sequences, rate: number, at: Moment) =>
    nextStates(layer(each, rate, x.rows), x, 'Train', { at })[memory]
  const ways = ['sequence', 'timeStep'] as const
  return suite('gatedDropout', make, [
    law('what is remembered is not erased', 'all dropped ⇒ 0 < s′/s < 1', [sequences([1, 3], [1, 4])], (x) =>
      every(...ways.map((each) => {
        const before = beginnings(layer(each, 0.5, 3))[memory]
        const after = nextStates(layer(each, 0.5, 3), x, 'AllDropped', { begun: true })[memory]
        const share = after.map((v, i) => v / before[i])
        const odd = share.slice(0, (share.length / 3) * x.rows).find((s) => !(s > 0 && s < 1))
        return about(each, odd === undefined || `a unit remembers ${odd} of its state`)
      })), some),

    law('a candidate is dropped or scaled', 's′ from 0 ∈ {0, f(0)/(1 − rate)} after one step',
      [sequences([16, 16], [1, 1]), moment(), rates], (x, at, rate) => every(...ways.map((each) => {
        const [whole, found] = [memoryOf('never', x, rate, at), memoryOf(each, x, rate, at)]
        return about(each, every(
          both(found.map((v) => v !== 0)), near(found, whole.map((v, i) => (found[i] === 0 ? 0 : v / (1 - rate))), rounded)
        ))
      })), some),

    law('candidates are dropped anew, or once for the sequence', 'P(sₜ = 0 from 0) = rateᵗ, or rate',
      [sequences([1, 1], [3, 3]), moment()], (x, at) => every(...ways.map((each) => {
        const rate = 0.4
        const never = memoryOf(each, repeated(x, 512), rate, at).map((v) => v === 0)
        return frequency(each, never, each === 'sequence' ? rate : rate ** 3)
      })), { mostRuns: 3 })
  ], [recurrentDropoutLaws(make)])
}
