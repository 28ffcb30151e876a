/** What perturbs a recurrence, as factors: given by hand, or drawn as its options say. */
import { div, sub } from '../../expr/arithmetic.js'
import type { Expr, Scalar } from '../../expr/node.js'
import type { Shape } from '../../expr/shape.js'
import type { Mode } from '../../layer/scope.js'
import { joinPath } from '../../part/path.js'
import type { Draws } from '../../random/draws.js'
import { asDropout, type AnyDropout, type InputDropout, type RecurrentDropout } from './dropout.js'

/**
 * Factors on the parts of a recurrence, scaled already: 0 where something is dropped, 1/(1 − rate) where it is kept. What is left out is
 * left alone. A factor [batch, n] holds for all time steps, one [batch, time, n] has its own for each, in the order of the steps.
 */
export interface RecurrentMasks {
  /** On x before the kernel: [batch, features] or [batch, time, features]; a list has one for each gate. */
  readonly input?: Expr | readonly Expr[] | undefined
  /** On h before the recurrent kernel: [batch, units]; a list has one for each gate. */
  readonly recurrent?: Expr | readonly Expr[] | undefined
  /** On the recurrent kernel: [units, gates·units]. */
  readonly weights?: Expr | undefined
  /** On the candidate that is added to the state: [batch, units] or [batch, time, units]. */
  readonly candidate?: Expr | undefined
  /** How much of each state stays as it was, in the order of the states: [batch, time, units] of 1 and 0, or one number. */
  readonly zoneout?: readonly (Scalar | undefined)[] | undefined
}

/** The sizes that masks are drawn for. */
export interface Sizes {
  readonly batch: number
  readonly time: number
  readonly features: number
  readonly units: number
  readonly gates: number
}

const factor = (draws: Draws, name: string, rate: Scalar, shape: Shape): Expr => div(draws.bernoulli(name, rate, shape), sub(1, rate))

/** Dropout of what a kernel weighs, [batch, n]: one mask, or one for each gate. */
const onProduct = (name: string, given: InputDropout | RecurrentDropout, draws: Draws, { batch, time, gates }: Sizes, n: number) =>
  given._tag === 'EachTimeStep' ? factor(draws, name, given.rate, [batch, time, n])
  : given._tag !== 'Variational' ? undefined
  : given.gates === 'shared' ? factor(draws, name, given.rate, [batch, n])
  : Array.from({ length: gates }, (_, g) => factor(draws, joinPath(name, g), given.rate, [batch, n]))

const isOff = (given: AnyDropout): boolean =>
  given === 0 || (typeof given === 'object' && given._tag !== 'Expr' && given._tag !== 'Zoneout' && given.rate === 0)

/** The state that zoneout leaves: drawn in training, its expectation in inference. */
const zoned = (rates: readonly Scalar[], mode: Mode, { batch, time, units }: Sizes): readonly (Scalar | undefined)[] =>
  rates.map((rate, k) =>
    rate === 0 ? undefined
    : mode._tag === 'Infer' ? rate
    : sub(1, mode.random.perExample.bernoulli(joinPath('zoneout', k), rate, [batch, time, units])))

/** The factors that the options of a layer ask for. Rate 0 draws nothing; in inference only zoneout does something. */
export const masksOf = (
  input: Scalar | InputDropout, recurrent: Scalar | RecurrentDropout, mode: Mode, sizes: Sizes
): RecurrentMasks => {
  const [onInput, onState] = [asDropout(input), asDropout(recurrent)]
  const still = onState._tag === 'Zoneout' ? { zoneout: zoned([onState.h, onState.c], mode, sizes) } : {}
  if (mode._tag === 'Infer') return still
  const { perExample, perStep } = mode.random
  const { batch, time, features, units, gates } = sizes
  const ofInput = isOff(input) ? {} : { input: onProduct('dropout', onInput, perExample, sizes, features) }
  if (isOff(recurrent)) return { ...ofInput, ...still }
  const shape = onState._tag === 'WithoutMemoryLoss' && onState.drawn.each === 'timeStep' ? [batch, time, units] : [batch, units]
  return {
    ...ofInput, ...still,
    recurrent: onProduct('recurrentDropout', onState, perExample, sizes, units),
    candidate: onState._tag === 'WithoutMemoryLoss' ? factor(perExample, 'recurrentDropout', onState.rate, shape) : undefined,
    weights: onState._tag === 'WeightDrop' ? factor(perStep, 'recurrentDropout', onState.rate, [units, gates * units]) : undefined
  }
}
