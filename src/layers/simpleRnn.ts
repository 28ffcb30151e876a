/** The simple recurrent network. */
import { add } from '../expr/arithmetic.js'
import type { Expr } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import { tanh, type Activation } from './activation.js'
import type { StateDropout } from './recurrent/dropout.js'
import { recurrentLayer } from './recurrent/layer.js'
import type { RecurrentOptions } from './recurrent/options.js'
import { cell, over, type Equations, type Ran, type Running } from './recurrent/over.js'
import type { RecurrentWeights } from './recurrent/products.js'
import type { RecurrentRule, ReturnsOf } from './recurrent/rule.js'

/** The state, which is the output: [batch, units]. */
export interface SimpleRnnState {
  readonly h: Expr
}

/** How a simple recurrent network is run on values given. */
export interface SimpleRnnRunning extends Running {
  /** `tanh` unless told. */
  readonly activation?: Activation
}

/** Options of `simpleRnn`; names are Keras's. It has no candidate: dropout without memory loss is for gated layers. */
export type SimpleRnnOptions<Q extends boolean = boolean, S extends boolean = boolean> = RecurrentOptions<Q, S, StateDropout>

const equations = ({ activation = tanh }: SimpleRnnRunning): Equations<'h'> => ({
  kind: 'simpleRnn',
  gates: 1,
  states: ['h'],
  next: ({ x, state: { h }, recur }) => ({ h: activation.of(add(x, recur(h))) })
})

/**
 * One time step as a function of the state and of x, [batch, features]: the equation of `simpleRnn`, for loops of your own. Weights are
 * W [features, units], U [units, units] and b [units]; masks are [batch, n].
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { simpleRnnCell } from 'tikhonov/layers'
 * const cell = simpleRnnCell({ kernel: constant([1], [1, 1]), recurrentKernel: constant([2], [1, 1]) })
 * evaluate(cell({ h: constant([1], [1, 1]) }, constant([-2], [1, 1])).h) // => [0]
 * ```
 */
export const simpleRnnCell = (weights: RecurrentWeights, running: Pick<SimpleRnnRunning, 'activation' | 'masks'> = {}) =>
  cell(equations(running), weights, running.masks)

/**
 * A simple recurrent network over sequences [batch, time, features] from a state given (zeros unless told): all outputs, and the state
 * after the last time step, as values. Masks are given, not drawn. A state that is not [batch, units] is a misfit that says so.
 * @example
 * ```ts
 * import { constant, evaluate, variable } from 'tikhonov/expr'
 * import { linear, simpleRnnOver } from 'tikhonov/layers'
 * const over = simpleRnnOver({ kernel: constant([1], [1, 1]), recurrentKernel: constant([2], [1, 1]) }, { activation: linear })
 * evaluate(over(variable('x', [1, 3, 1]), { h: constant([1], [1, 1]) }).sequence, { x: [0, 0, 1] }) // => [2, 4, 9]
 * ```
 */
export const simpleRnnOver = (
  weights: RecurrentWeights, running: SimpleRnnRunning = {}
): (x: Expr, initial?: Partial<SimpleRnnState>) => Ran<'h'> => over(equations(running), weights, running)

/**
 * The simple recurrent network, [time, features] → [units], or [time, units] with `returnSequences`:
 *
 *   h′ = φ(x·W + h·U + b)
 *
 * with W [features, units], U [units, units] and b [units]. The state begins with zeros. Errors: units not a whole number ≥ 1, an input
 * that is not of rank 2, rates outside 0 ≤ rate < 1, both of returnSequences and returnState, and those of its parts. Elman 1990. Laws:
 * `recurrentLaws`, `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { simpleRnn } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 8], simpleRnn(32)), E.map((m) => m.output)) // => E.right([32])
 * ```
 */
export const simpleRnn = <const U extends number, Q extends boolean = false, S extends boolean = false>(
  units: U, options: SimpleRnnOptions<Q, S> = {}
): Layer<RecurrentRule<'simpleRnn', U, 1, ReturnsOf<Q, S>>> =>
  recurrentLayer({
    kind: 'simpleRnn', states: 1, units, options, equations: equations(options), own: {}, issues: [], bias: { shape: [units] }
  })
