/** How recurrent layers are tried: families of them by their options, at weights that no law can mistake for zero. */
import fc from 'fast-check'
import { reference } from 'tikhonov/engine'
import { constant, evaluate, pullback, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, modeAt, training, type ByPath, type Layer, type Mode, type Output } from 'tikhonov/layer'
import type { InputDropout, Masking, RecurrentDropout, StateDropout } from 'tikhonov/layers'
import { dyadic, position, seed as seeds } from './arbitraries/index.js'
import { remembered, rememberedFor } from './prepared.js'

/** The options of a recurrent layer that laws set; `D` is what may be dropped of its recurrence. */
export interface RecurrentChoice<D extends RecurrentDropout = StateDropout> {
  readonly returnSequences?: boolean
  readonly returnState?: boolean
  readonly goBackwards?: boolean
  readonly masking?: Masking
  readonly stateful?: number
  readonly dropout?: number | InputDropout
  readonly recurrentDropout?: number | D
}

/** A recurrent layer by its options, over examples [time, features]. Its parameters are named as those of `lstm` are. */
export type RecurrentFamily<D extends RecurrentDropout = StateDropout> = (options: RecurrentChoice<D>) => Layer

/** An address of a draw. */
export interface Moment { readonly seed: number; readonly step: number; readonly position: number }

export const moment = (): fc.Arbitrary<Moment> => fc.record({ seed: seeds(), step: fc.nat(1000), position: position() })

/** How many features a step has in these trials. */
export const features = 3

const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

/** A batch of sequences: rows, steps, and values between −1 and 1, none of which is 0. */
export interface Sequences { readonly rows: number; readonly time: number; readonly data: readonly number[] }

export const sequences = (rows: readonly [number, number], time: readonly [number, number]): fc.Arbitrary<Sequences> =>
  fc.tuple(fc.integer({ min: rows[0], max: rows[1] }), fc.integer({ min: time[0], max: time[1] })).chain(([r, t]) => {
    const length = r * t * features
    return fc.array(fc.oneof(dyadic({ min: 1 / 8, max: 1 }), dyadic({ min: -1, max: -1 / 8 })), { minLength: length, maxLength: length })
      .map((data) => ({ rows: r, time: t, data }))
  })

/** The values of each row, by its steps. */
export const stepsOf = ({ rows, time, data }: Sequences): readonly (readonly (readonly number[])[])[] =>
  Array.from({ length: rows }, (_, r) =>
    Array.from({ length: time }, (__, t) => data.slice((r * time + t) * features, (r * time + t + 1) * features)))

/** Sequences from the values of each row by steps, as many in each row. */
export const sequencesOf = (steps: readonly (readonly (readonly number[])[])[]): Sequences =>
  ({ rows: steps.length, time: steps[0].length, data: steps.flat(2) })

const path = 'recurrent/0'

const trainingOf = (rows: number): Mode => modeAt(training(constant(Array.from({ length: rows }, () => 1), [rows])), path)

/** Training in which everything that may be dropped is. */
const dropping = (rows: number): Mode => {
  const mode = trainingOf(rows)
  const zeros = (_: string, __: unknown, shape: Shape) => constant(Array.from({ length: sizeOf(shape) }, () => 0), shape)
  if (mode._tag === 'Infer') return mode
  const { perExample, perStep } = mode.random
  return { ...mode, random: { perExample: { ...perExample, bernoulli: zeros }, perStep: { ...perStep, bernoulli: zeros } } }
}

/** Training in which only the first row is there, the others are padding. */
const padded = (rows: number): Mode => modeAt(training(constant(Array.from({ length: rows }, (_, r) => (r === 0 ? 1 : 0)), [rows])), path)

const modes = { Train: trainingOf, Infer: () => infer, AllDropped: dropping, Padded: padded } as const

/** Training, inference, training in which everything that may be dropped is, or training in which all rows but the first are padding. */
export type When = keyof typeof modes

/** A layer on the variable `x`. */
export const applied = (layer: Layer, rows: number, time: number, when: When): Output =>
  layer.apply({ path, mode: modes[when](rows) })(variable('x', [rows, time, features]))

/** Values that are generic: their first ones under a seed, moved so that none is 0. */
const generic = (at: string, shape: Shape, initial: Expr): readonly number[] =>
  evaluate(initial, {}, { seed: 7 }).map((v, i) => v + 0.3 * Math.sin(1 + 2 * i + at.length + sizeOf(shape)))

/** The values of what a layer declares by their path within it: generic for parameters, for states as well or else their first ones. */
const declaredValues = ({ parameters, state }: Output, begun: boolean): ByPath<readonly number[]> => Object.fromEntries([
  ...Object.entries(parameters).map(([p, d]) => [p, generic(p, d.shape, d.initial(p))] as const),
  ...Object.entries(state).map(([p, c]) => [p, begun ? generic(p, c.shape, c.initial(p)) : evaluate(c.initial(p))] as const)
].map(([p, values]) => [p.slice(path.length + 1), values]))

type Evaluated = (given: ByPath<readonly number[]>, at: Partial<Moment>) => readonly (readonly number[])[]

/** Expressions over `x` and what a layer declares, bound once. */
const bound = (roots: readonly Expr[]): Evaluated => {
  const run = reference().evaluate(roots)
  return (given, { seed = 0, step = 0, position: from = 0 }) =>
    run({ values: (p) => given[p === 'x' ? p : p.slice(path.length + 1)], seed, step, position: from }).map((v) => Array.from(v))
}

/** What laws ask of a layer, each program made once. */
const asked = rememberedFor((layer: Layer) => ({
  values: remembered((begun: boolean) => declaredValues(applied(layer, 1, 1, 'Infer'), begun)),
  results: remembered((rows: number, time: number, when: When) => {
    const { y, state } = applied(layer, rows, time, when)
    return { names: Object.keys(state).map((p) => p.slice(path.length + 1)), run: bound([y, ...Object.values(state).map((c) => c.next)]) }
  }),
  slopes: remembered((rows: number, time: number, name: string) => {
    const { y, parameters } = applied(layer, rows, time, 'Train')
    const at = `${path}/${name}`
    const leaf = name === 'x' ? variable('x', [rows, time, features]) : variable(at, parameters[at].shape)
    const dy = constant(Array.from({ length: sizeOf(y.shape) }, (_, i) => 1 + 0.5 * Math.sin(3 * i)), y.shape)
    return bound(pullback(y, dy, [leaf]))
  })
}))

/** What a layer is given beside sequences: an address, other values than the generic ones, states that are generic and not at first. */
export interface Given {
  readonly at?: Partial<Moment>
  readonly others?: ByPath<readonly number[]>
  readonly begun?: boolean
}

const results = (layer: Layer, { rows, time, data }: Sequences, when: When, { at = {}, others = {}, begun = false }: Given) => {
  const { values, results: of } = asked(layer)
  const { names, run } = of(rows, time, when)
  const [y, ...next] = run({ ...values(begun), ...others, x: data }, at)
  return { y, states: Object.fromEntries(names.map((name, i) => [name, next[i]])) }
}

/** What a layer makes of sequences, at generic weights. */
export const outputs = (layer: Layer, x: Sequences, when: When, given: Given = {}): readonly number[] => results(layer, x, when, given).y

/** The next values of the states of a layer, by their path within it. */
export const nextStates = (layer: Layer, x: Sequences, when: When, given: Given = {}): ByPath<readonly number[]> =>
  results(layer, x, when, given).states

/** The values of parameters and states that a layer begins with, by their path within it. */
export const beginnings = (layer: Layer, begun = true): ByPath<readonly number[]> => asked(layer).values(begun)

/** Where the gradient of a generic sum of the outputs is not 0: of the sequences `x`, or of a parameter. */
export const support = (layer: Layer, { rows, time, data }: Sequences, at: Moment, name = 'x'): readonly boolean[] => {
  const { values, slopes } = asked(layer)
  return slopes(rows, time, name)({ ...values(false), x: data }, at)[0].map((v) => v !== 0)
}
