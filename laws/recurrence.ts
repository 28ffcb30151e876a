/** How recurrent layers are tried: families of them by their options, at weights that no law can mistake for zero. */
import fc from 'fast-check'
import { constant, evaluate, pullback, variable, type Expr, type Shape } from 'tikhonov/expr'
import { infer, modeAt, training, type ByPath, type Layer, type Mode, type Output } from 'tikhonov/layer'
import type { InputDropout, Masking, RecurrentDropout, StateDropout } from 'tikhonov/layers'
import { dyadic, position, seed as seeds } from './arbitraries/index.js'

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

export const sizeOf = (shape: Shape): number => shape.reduce((n, d) => n * d, 1)

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
export const allDropped = (rows: number): Mode => {
  const mode = trainingOf(rows)
  const zeros = (_: string, __: unknown, shape: Shape) => constant(Array.from({ length: sizeOf(shape) }, () => 0), shape)
  if (mode._tag === 'Infer') return mode
  const { perExample, perStep } = mode.random
  return { ...mode, random: { perExample: { ...perExample, bernoulli: zeros }, perStep: { ...perStep, bernoulli: zeros } } }
}

/** A mode, or training or inference of so many rows. */
export type When = 'Train' | 'Infer' | Mode

const modeOf = (when: When, rows: number): Mode => (when === 'Infer' ? infer : when === 'Train' ? trainingOf(rows) : when)

/** A layer on the variable `x`. */
export const applied = (layer: Layer, rows: number, time: number, when: When): Output =>
  layer.apply({ path, mode: modeOf(when, rows) })(variable('x', [rows, time, features]))

/** Values that are generic: their first ones under a seed, moved so that none is 0. */
const generic = (path: string, shape: Shape, initial: Expr): readonly number[] =>
  evaluate(initial, {}, { seed: 7 }).map((v, i) => v + 0.3 * Math.sin(1 + 2 * i + path.length + sizeOf(shape)))

/** The values of what a layer declares: generic for parameters and, where a law asks for it, for states, which else begin with 0. */
export const weightsOf = ({ parameters, state }: Output, begun = false): ByPath<readonly number[]> => Object.fromEntries([
  ...Object.entries(parameters).map(([p, d]) => [p, generic(p, d.shape, d.initial(p))] as const),
  ...Object.entries(state).map(([p, c]) => [p, begun ? generic(p, c.shape, c.initial(p)) : evaluate(c.initial(p))] as const)
])

/** What a layer makes of sequences, at generic weights, or at others by the last part of their path. */
export const outputs = (
  layer: Layer, x: Sequences, when: When, at: Partial<Moment> = {}, others: ByPath<readonly number[]> = {}, begun = false
): readonly number[] => {
  const output = applied(layer, x.rows, x.time, when)
  const replaced = Object.fromEntries(Object.entries(others).map(([name, v]) => [`${path}/${name}`, v]))
  return evaluate(output.y, { ...weightsOf(output, begun), ...replaced, x: x.data }, at)
}

/** The next values of the states of a layer, by the last part of their path. */
export const nextStates = (
  layer: Layer, x: Sequences, when: When, at: Partial<Moment> = {}, others: ByPath<readonly number[]> = {}, begun = false
): ByPath<readonly number[]> => {
  const output = applied(layer, x.rows, x.time, when)
  const replaced = Object.fromEntries(Object.entries(others).map(([name, v]) => [`${path}/${name}`, v]))
  const given = { ...weightsOf(output, begun), ...replaced, x: x.data }
  return Object.fromEntries(Object.entries(output.state).map(([p, { next }]) => [p.slice(path.length + 1), evaluate(next, given, at)]))
}

/** The values of states and parameters that a layer begins with, by the last part of their path. */
export const beginnings = (layer: Layer, begun = true): ByPath<readonly number[]> => {
  const output = applied(layer, 1, 1, 'Infer')
  return Object.fromEntries(Object.entries(weightsOf(output, begun)).map(([p, v]) => [p.slice(path.length + 1), v]))
}

/** Where the gradient of a generic sum of the outputs is not 0: of x (`name` left out) or of a parameter. */
export const support = (layer: Layer, x: Sequences, at: Moment, name?: string): readonly boolean[] => {
  const output = applied(layer, x.rows, x.time, 'Train')
  const { y, parameters } = output
  const whole = `${path}/${name ?? ''}`
  const leaf = name === undefined ? variable('x', [x.rows, x.time, features]) : variable(whole, parameters[whole].shape)
  const dy = constant(Array.from({ length: sizeOf(y.shape) }, (_, i) => 1 + 0.5 * Math.sin(3 * i)), y.shape)
  const [slope] = pullback(y, dy, [leaf])
  return evaluate(slope, { ...weightsOf(output), x: x.data }, at).map((v) => v !== 0)
}
