/** Laws of loops: a scan is its steps, one after the other. */
import fc from 'fast-check'
import {
  add, broadcast, concat, constant, evaluate, gradient, matmul, mul, reshape, reverse, scan as looped, sigmoid, slice, stopGradient, sum,
  tanh, variable, zerosLike, type Expr, type Scanned, type ScanOptions, type Step
} from 'tikhonov/expr'
import { bits } from 'tikhonov/random'
import { dyadic } from './arbitraries/index.js'
import { law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

/** A way to loop over the first axis. */
export type Scan = (options: ScanOptions, body: Step) => Scanned

const size = (e: Expr): number => e.shape.reduce((n, d) => n * d, 1)

const itemOf = (x: Expr, t: number): Expr =>
  reshape(slice(x, x.shape.map((_, a) => (a === 0 ? t : 0)), [1, ...x.shape.slice(1)]), x.shape.slice(1))

const stacked = (xs: readonly Expr[]): Expr => concat(xs.map((x) => reshape(x, [1, ...x.shape])), 0)

/**
 * A loop written out: the meaning of `scan`, as a graph that grows with the number of steps.
 *
 * @example
 * ```ts
 * import { add, constant, evaluate } from 'tikhonov/expr'
 * import { unrolled } from 'tikhonov/laws'
 * const { final } = unrolled({ sequences: [constant([1, 2, 3])], initial: [constant(0)] },
 *   ([total], [x]) => ({ states: [add(total, x)], outputs: [] }))
 * evaluate(final[0]) // => [6]
 * ```
 */
export const unrolled: Scan = (options, body) => {
  const { sequences, initial, reverse: backwards = false, truncate = Infinity } = options
  const length = options.length ?? sequences[0].shape[0]
  const order = Array.from({ length }, (_, s) => (backwards ? length - 1 - s : s))
  const { final, outputs } = order.reduce<{ readonly final: readonly Expr[]; readonly outputs: readonly (readonly Expr[])[] }>(
    (before, t, s) => {
      const cut = s > 0 && (length - s) % truncate === 0
      const states = cut ? before.final.map((e) => stopGradient(e)) : before.final
      const after = body(states, sequences.map((x) => itemOf(x, t)))
      return { final: after.states, outputs: backwards ? [after.outputs, ...before.outputs] : [...before.outputs, after.outputs] }
    },
    { final: initial, outputs: [] }
  )
  const none = () => body(initial, sequences.map((x) => broadcast(0, x.shape.slice(1)))).outputs.map((o) => broadcast(0, [0, ...o.shape]))
  return { final, outputs: length === 0 ? none() : outputs[0].map((_, j) => stacked(outputs.map((each) => each[j]))) }
}

/** A loop to be tried: its sizes and numbers. */
interface Trial {
  readonly steps: number
  readonly rows: number
  readonly features: number
  readonly units: number
  readonly backwards: boolean
  readonly numbers: readonly number[]
}

const trials = (steps: { readonly min: number; readonly max: number }): fc.Arbitrary<Trial> =>
  fc.record({
    steps: fc.integer(steps),
    rows: fc.integer({ min: 1, max: 2 }),
    features: fc.integer({ min: 1, max: 2 }),
    units: fc.integer({ min: 1, max: 2 }),
    backwards: fc.boolean(),
    numbers: fc.array(dyadic({ min: -1, max: 1 }), { minLength: 23, maxLength: 23 })
  })

interface Subject { readonly options: ScanOptions; readonly body: Step; readonly leaves: readonly Expr[] }

/** A recurrence with all that a body may hold: two states, a sequence, a product with each, constants seen from inside. */
const subjectOf = ({ steps, rows, features, units, backwards }: Trial): Subject => {
  const [x, h, c] = [variable('x', [steps, rows, features]), variable('h', [rows, units]), variable('c', [rows, units])]
  const [w, u, b] = [variable('w', [features, units]), variable('u', [units, units]), variable('b', [units])]
  const m = variable('m', [rows, units])
  const body: Step = ([hidden, cell], [item]) => {
    const z = add(matmul(item, w), matmul(mul(hidden, m), u), b)
    const next = add(mul(sigmoid(z), cell), mul(z, m))
    return { states: [tanh(next), next], outputs: [mul(tanh(next), hidden), z] }
  }
  return { options: { sequences: [x], initial: [h, c], reverse: backwards }, body, leaves: [x, h, c, w, u, b, m] }
}

const valuesOf = ({ numbers }: Trial, leaves: readonly Expr[]): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(['x', 'h', 'c', 'w', 'u', 'b', 'm'].map((path, k) =>
    [path, Array.from({ length: size(leaves[k]) }, (_, i) => numbers[(i + 5 * k) % numbers.length] + 0.25)]))

const flat = (xs: readonly Expr[]): Expr => concat(xs.map((x) => reshape(x, [size(x)])))

const all = ({ final, outputs }: Scanned): Expr => flat([...final, ...outputs])

/** ⟨v, x⟩ with v made of the trial's numbers. */
const along = ({ numbers }: Trial, x: Expr, from: number): Expr =>
  sum(mul(x, constant(Array.from({ length: size(x) }, (_, i) => numbers[(i + from) % numbers.length] + 0.5), x.shape)))

/** Derivatives add up in another order: a few roundings of a few terms. */
const tolerance = { relative: 1e-12, absolute: 1e-12 }

/** ∇⟨v, everything that a loop gives⟩. */
const slopesOf = (trial: Trial, leaves: readonly Expr[], scanned: Scanned): readonly Expr[] =>
  gradient(along(trial, all(scanned), 0), leaves)

const slopesAgree = (trial: Trial, { leaves }: Subject, got: Scanned, wanted: Scanned): Outcome => {
  const slopes = (scanned: Scanned) => evaluate(flat(slopesOf(trial, leaves, scanned)), valuesOf(trial, leaves))
  return near(slopes(got), slopes(wanted), tolerance)
}

/**
 * A scan is its steps, one after the other: in its value, bit for bit, in its first and its second derivative; a loop over two sequences,
 * one after the other, is two loops; backwards is forwards over what is turned round; truncation cuts the gradient every so many steps
 * from the last one on; a draw is the same at all steps. The subject is the way to loop.
 *
 * @example
 * ```ts
 * import { scan } from 'tikhonov/expr'
 * import { check, scanLaws } from 'tikhonov/laws'
 * check(scanLaws(scan), { runs: 10 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const scanLaws = (scan: Scan = looped): Suite =>
  suite('scan', scan, [
    law('is its steps', 'scan(x, s) = step(… step(step(s, x₀), x₁) …)', [trials({ min: 0, max: 4 })], (trial) => {
      const { options, body, leaves } = subjectOf(trial)
      const given = valuesOf(trial, leaves)
      return same(evaluate(all(scan(options, body)), given), evaluate(all(unrolled(options, body)), given))
    }),
    law('derives as its steps do', '∇scan = ∇(step ∘ … ∘ step)', [trials({ min: 0, max: 4 })], (trial) => {
      const subject = subjectOf(trial)
      return slopesAgree(trial, subject, scan(subject.options, subject.body), unrolled(subject.options, subject.body))
    }, { mostRuns: 50 }),
    law('derives twice as its steps do', '∇⟨∇scan, v⟩ = ∇⟨∇(step ∘ … ∘ step), v⟩', [trials({ min: 1, max: 3 })], (trial) => {
      const { options, body, leaves } = subjectOf(trial)
      const curves = (scanned: Scanned): readonly number[] => {
        const slope = along(trial, flat(slopesOf(trial, leaves, scanned)), 5)
        return evaluate(flat(gradient(slope, leaves)), valuesOf(trial, leaves))
      }
      return near(curves(scan(options, body)), curves(unrolled(options, body)), tolerance)
    }, { mostRuns: 20 }),
    law('over one sequence and another is one loop and another', 'scan(x ++ y, s) = scan(y, scan(x, s))',
      [trials({ min: 2, max: 4 }), fc.nat(4)], (trial, at) => {
        const { options, body, leaves } = subjectOf({ ...trial, backwards: false })
        const [x] = options.sequences
        const cut = at % (trial.steps + 1)
        const first = scan({ ...options, sequences: [slice(x, [0, 0, 0], [cut, ...x.shape.slice(1)])] }, body)
        const rest = slice(x, [cut, 0, 0], [trial.steps - cut, ...x.shape.slice(1)])
        const second = scan({ ...options, sequences: [rest], initial: first.final }, body)
        const apart = { final: second.final, outputs: first.outputs.map((o, j) => concat([o, second.outputs[j]], 0)) }
        const given = valuesOf(trial, leaves)
        return same(evaluate(all(scan(options, body)), given), evaluate(all(apart), given))
      }),
    law('backwards is forwards over what is turned round', 'scan(x, reverse) = reverse(scan(reverse(x)))', [trials({ min: 2, max: 4 })],
      (trial) => {
        const { options, body, leaves } = subjectOf(trial)
        const turned = scan({ ...options, sequences: options.sequences.map((x) => reverse(x, 0)), reverse: false }, body)
        const given = valuesOf(trial, leaves)
        return same(
          evaluate(all(scan({ ...options, reverse: true }, body)), given),
          evaluate(all({ final: turned.final, outputs: turned.outputs.map((o) => reverse(o, 0)) }), given)
        )
      }),
    law('truncation cuts every k steps from the last', '∇ is that of the steps with stopGradient between them',
      [trials({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })], (trial, truncate) => {
        const subject = subjectOf(trial)
        const options = { ...subject.options, truncate }
        return slopesAgree(trial, subject, scan(options, subject.body), unrolled(options, subject.body))
      }),
    law('a draw is the same at all steps', 'bits in a body are those of one step', [trials({ min: 2, max: 4 })], (trial) => {
      const { options, leaves } = subjectOf(trial)
      const drawing: Step = (states, [x]) => ({ states, outputs: [add(zerosLike(x), bits('perStep', 'laws/loop', x.shape))] })
      const { outputs: [drawn] } = scan(options, drawing)
      const values = evaluate(drawn, valuesOf(trial, leaves))
      const step = values.length / trial.steps
      return same(values, Array.from(values, (_, i) => values[i % step]))
    })
  ])
