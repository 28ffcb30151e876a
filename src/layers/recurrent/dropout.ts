/**
 * The dropouts of recurrent layers, as data: what is dropped, how often it is decided anew, and by which address it is drawn. A bare rate
 * means `variational(rate)`.
 */
import type { Scalar } from '../../expr/node.js'
import { rate as rateCheck } from '../../part/checks.js'
import { under, type Issue } from '../../part/issue.js'
import { spec, type Spec } from '../../part/spec.js'

/** Of the input, or of the state where it meets the recurrent kernel: one mask for a sequence, [batch, features] or [batch, units]. */
export interface Variational {
  readonly _tag: 'Variational'
  readonly rate: Scalar
  /** `shared`: one mask for all gates, as in Keras' implementation 2; `each`: every gate has a mask of its own. */
  readonly gates: 'shared' | 'each'
  readonly drawn: { readonly address: 'perExample'; readonly each: 'sequence' }
}

/** Of the input: a new mask at each time step, [batch, time, features]; the recurrent connections are left alone. */
export interface EachTimeStep {
  readonly _tag: 'EachTimeStep'
  readonly rate: Scalar
  readonly drawn: { readonly address: 'perExample'; readonly each: 'timeStep' }
}

/** Of the candidate that is added to the state: [batch, time, units], or [batch, units] where one mask serves the sequence. */
export interface WithoutMemoryLoss {
  readonly _tag: 'WithoutMemoryLoss'
  readonly rate: Scalar
  readonly drawn: { readonly address: 'perExample'; readonly each: 'sequence' | 'timeStep' }
}

/** Of the change of a state: [batch, time, units] for each state that has a rate. */
export interface Zoneout {
  readonly _tag: 'Zoneout'
  readonly h: Scalar
  readonly c: Scalar
  readonly drawn: { readonly address: 'perExample'; readonly each: 'timeStep' }
}

/** Of the weights of the recurrent kernel: one mask for all examples and time steps of a training step, [units, gates·units]. */
export interface WeightDrop {
  readonly _tag: 'WeightDrop'
  readonly rate: Scalar
  readonly drawn: { readonly address: 'perStep'; readonly each: 'trainingStep' }
}

/** What may be dropped of a layer's input. */
export type InputDropout = Variational | EachTimeStep
/** What may be dropped of any layer's recurrence. */
export type StateDropout = Variational | Zoneout | WeightDrop
/** What may be dropped of a gated layer's recurrence. */
export type RecurrentDropout = StateDropout | WithoutMemoryLoss

/** Either place, as the code that draws sees it. */
export type AnyDropout = Scalar | InputDropout | RecurrentDropout

/**
 * Variational dropout: one mask for each example's sequence, the same at all time steps; what is kept is divided by 1 − rate.
 *
 * As `dropout` it is on x before the kernel, as `recurrentDropout` on h before the recurrent kernel (and nowhere else: what a gate carries
 * over is whole). `rate` is the probability of dropping, 0 ≤ rate < 1. `gates` is `shared` unless told; the paper has `each`, which it
 * calls untied weights. Drawn per example, by its position in the stream. Gal & Ghahramani 2016. Laws: `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { lstm, variational } from 'tikhonov/layers'
 * variational(0.2).drawn // => { address: 'perExample', each: 'sequence' }
 * lstm(8, { recurrentDropout: variational(0.2, { gates: 'each' }) }).spec.options.recurrentDropout
 * // => { kind: 'variational', options: { rate: 0.2, gates: 'each' } }
 * ```
 */
export const variational = (rate: Scalar, { gates = 'shared' }: { readonly gates?: 'shared' | 'each' } = {}): Variational =>
  ({ _tag: 'Variational', rate, gates, drawn: { address: 'perExample', each: 'sequence' } })

/**
 * Dropout of the non-recurrent connections with a new mask at each time step: x·m/(1 − rate), m drawn for each example, time step and
 * feature. Zaremba, Sutskever & Vinyals 2014. Laws: `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { eachTimeStep } from 'tikhonov/layers'
 * eachTimeStep(0.2).drawn // => { address: 'perExample', each: 'timeStep' }
 * ```
 */
export const eachTimeStep = (rate: Scalar): EachTimeStep =>
  ({ _tag: 'EachTimeStep', rate, drawn: { address: 'perExample', each: 'timeStep' } })

/**
 * Recurrent dropout without memory loss: only the candidate g that is added to the state is dropped, c′ = f·c + i·d(g) in an LSTM,
 * h′ = z·h + (1 − z)·d(g) in a GRU, so that what is remembered is not erased. A new mask at each time step, or one for the sequence
 * (`each`; `timeStep` unless told). Semeniuta, Severyn & Barth 2016. Laws: `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { withoutMemoryLoss } from 'tikhonov/layers'
 * withoutMemoryLoss(0.2).drawn // => { address: 'perExample', each: 'timeStep' }
 * withoutMemoryLoss(0.2, { each: 'sequence' }).drawn.each // => 'sequence'
 * ```
 */
export const withoutMemoryLoss = (
  rate: Scalar, { each = 'timeStep' }: { readonly each?: 'sequence' | 'timeStep' } = {}
): WithoutMemoryLoss => ({ _tag: 'WithoutMemoryLoss', rate, drawn: { address: 'perExample', each } })

/**
 * Zoneout: at each time step each unit of a state keeps its old value with a probability, `h` for the hidden state, `c` for the cell of an
 * LSTM (0 unless told; without meaning elsewhere). In inference the expectation: s′ = rate·s + (1 − rate)·s̃.
 * An LSTM's h is computed from the cell before zoneout. Krueger et al. 2017. Laws: `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { zoneout } from 'tikhonov/layers'
 * const { h, c } = zoneout({ h: 0.05, c: 0.5 })
 * const rates = [h, c]
 * rates // => [0.05, 0.5]
 * ```
 */
export const zoneout = ({ h = 0, c = 0 }: { readonly h?: Scalar; readonly c?: Scalar }): Zoneout =>
  ({ _tag: 'Zoneout', h, c, drawn: { address: 'perExample', each: 'timeStep' } })

/**
 * Weight-dropped recurrence: DropConnect on the recurrent kernel, U·m/(1 − rate), one mask for a whole training step, so that a sequence
 * sees the same weights throughout. Merity, Keskar & Socher 2018 (AWD-LSTM); Wan et al. 2013. Laws: `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { weightDrop } from 'tikhonov/layers'
 * weightDrop(0.5).drawn // => { address: 'perStep', each: 'trainingStep' }
 * ```
 */
export const weightDrop = (rate: Scalar): WeightDrop =>
  ({ _tag: 'WeightDrop', rate, drawn: { address: 'perStep', each: 'trainingStep' } })

/** A bare rate is variational dropout with one mask for all gates. */
export const asDropout = <D extends InputDropout | RecurrentDropout>(given: Scalar | D): D | Variational =>
  typeof given === 'number' || given._tag === 'Expr' ? variational(given) : given

/** A dropout as it stands in a spec. */
export const dropoutSpec = (given: AnyDropout | undefined): Spec | Scalar | undefined => {
  if (given === undefined || typeof given === 'number' || given._tag === 'Expr') return given
  switch (given._tag) {
    case 'Variational': return spec('variational', { rate: given.rate, gates: given.gates })
    case 'EachTimeStep': return spec('eachTimeStep', { rate: given.rate })
    case 'WithoutMemoryLoss': return spec('withoutMemoryLoss', { rate: given.rate, each: given.drawn.each })
    case 'Zoneout': return spec('zoneout', { h: given.h, c: given.c })
    case 'WeightDrop': return spec('weightDrop', { rate: given.rate })
  }
}

/** Rates that are out of range, under the name of their option. */
export const dropoutIssues = (name: string, given: AnyDropout | undefined): readonly Issue[] =>
  given === undefined ? []
  : typeof given === 'number' || given._tag === 'Expr' ? rateCheck(name, given)
  : under(name, given._tag === 'Zoneout' ? [...rateCheck('h', given.h), ...rateCheck('c', given.c)] : rateCheck('rate', given.rate))
