/** The gated recurrent unit. */
import { add, mul, sub } from '../expr/arithmetic.js'
import type { Expr } from '../expr/node.js'
import type { Layer } from '../layer/layer.js'
import { issuesOf } from '../part/checks.js'
import { sigmoid, tanh, type Activation } from './activation.js'
import type { RecurrentDropout } from './recurrent/dropout.js'
import { recurrentLayer } from './recurrent/layer.js'
import type { RecurrentOptions } from './recurrent/options.js'
import { cell, over, type Equations, type Ran, type Running } from './recurrent/over.js'
import { columns, type RecurrentWeights } from './recurrent/products.js'
import type { RecurrentRule, ReturnsOf } from './recurrent/rule.js'

/** The hidden state, which is the output: [batch, units]. */
export interface GruState {
  readonly h: Expr
}

/** How a GRU is run on values given. */
export interface GruRunning extends Running {
  /** `tanh` unless told. */
  readonly activation?: Activation
  /** `sigmoid` unless told. */
  readonly recurrentActivation?: Activation
  /** Whether the reset gate comes after the recurrent kernel; yes unless told. */
  readonly resetAfter?: boolean
}

/** Options of `gru`; names are Keras's. */
export interface GruOptions<Q extends boolean = boolean, S extends boolean = boolean> extends RecurrentOptions<Q, S, RecurrentDropout> {
  /** Of the gates; `sigmoid` unless told. */
  readonly recurrentActivation?: Activation
  /** Whether the reset gate comes after the recurrent kernel, as in Keras and cuDNN, or before it, as in the paper; after unless told. */
  readonly resetAfter?: boolean
}

const equations = ({ activation = tanh, recurrentActivation = sigmoid, resetAfter = true }: GruRunning): Equations<'h'> => ({
  kind: 'gru',
  gates: 3,
  states: ['h'],
  next: ({ x, state: { h }, recur, candidate }) => {
    const [xz, xr, xg] = columns(x, 3)
    const [hz, hr, hg] = resetAfter ? columns(recur(h), 3) : columns(recur(h, 0, 2), 2)
    const z = recurrentActivation.of(add(xz, hz))
    const r = recurrentActivation.of(add(xr, hr))
    const g = activation.of(add(xg, resetAfter ? mul(r, hg) : recur(mul(r, h), 2, 3)))
    return { h: add(mul(z, h), mul(sub(1, z), candidate(g))) }
  }
})

/**
 * One time step of a GRU as a function of its state and of x, [batch, features]: the equations of `gru`, for loops of your own.
 * Weights are W [features, 3·units], U [units, 3·units] and b [3·units] or, where the reset gate comes after, [2, 3·units]; masks are
 * [batch, n].
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { gruCell } from 'tikhonov/layers'
 * const cell = gruCell({ kernel: constant([0, 0, 1], [1, 3]), recurrentKernel: constant([0, 0, 0], [1, 3]) })
 * evaluate(cell({ h: constant([1], [1, 1]) }, constant([0], [1, 1])).h) // => [0.5]
 * ```
 */
export const gruCell = (
  weights: RecurrentWeights, running: Pick<GruRunning, 'activation' | 'recurrentActivation' | 'resetAfter' | 'masks'> = {}
) => cell(equations(running), weights, running.masks)

/**
 * A GRU over sequences [batch, time, features] from a state given (zeros unless told): all outputs, and the state after the last time
 * step, as values. Masks are given, not drawn. A state that is not [batch, units] is a misfit that says so.
 * @example
 * ```ts
 * import { constant, evaluate, variable } from 'tikhonov/expr'
 * import { gruOver } from 'tikhonov/layers'
 * const over = gruOver({ kernel: constant([0, 0, 1], [1, 3]), recurrentKernel: constant([0, 0, 0], [1, 3]) })
 * evaluate(over(variable('x', [1, 3, 1]), { h: constant([8], [1, 1]) }).sequence, { x: [0, 0, 0] }) // => [4, 2, 1]
 * ```
 */
export const gruOver = (weights: RecurrentWeights, running: GruRunning = {}): (x: Expr, initial?: Partial<GruState>) => Ran<'h'> =>
  over(equations(running), weights, running)

/**
 * The gated recurrent unit, [time, features] → [units], or [time, units] with `returnSequences`:
 *
 *   z, r = σ(x·W + h·U + b),  g = φ(x·W + b + r·(h·U + b′)),  h′ = z·h + (1 − z)·g
 *
 * each gate with its own columns of W [features, 3·units], U [units, 3·units] and the bias [2, 3·units] (b, then b′), in the order z, r,
 * g. With `resetAfter: false` g = φ(x·W + b + (r·h)·U) and the bias is [3·units]. The state begins with zeros. Errors: units not a whole
 * number ≥ 1, an input that is not of rank 2, rates outside 0 ≤ rate < 1, both of returnSequences and returnState, and those of its
 * parts. Cho et al. 2014. Laws: `recurrentLaws`, `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { gru } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(sequential([10, 8], gru(32, { returnSequences: true, resetAfter: false })), E.map((m) => m.output)) // => E.right([10, 32])
 * ```
 */
export const gru = <const U extends number, Q extends boolean = false, S extends boolean = false>(
  units: U, options: GruOptions<Q, S> = {}
): Layer<RecurrentRule<'gru', U, 1, ReturnsOf<Q, S>>> => {
  const { recurrentActivation = sigmoid, resetAfter = true } = options
  return recurrentLayer({
    kind: 'gru', states: 1, units, options, equations: equations(options),
    own: { recurrentActivation: recurrentActivation.spec, resetAfter },
    issues: issuesOf({ recurrentActivation }),
    bias: { shape: resetAfter ? [2, 3 * units] : [3 * units] }
  })
}
