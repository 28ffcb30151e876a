/** Long short-term memory. */
import { add, mul } from '../expr/arithmetic.js'
import { broadcast } from '../expr/broadcast.js'
import type { Expr } from '../expr/node.js'
import { concat, slice } from '../expr/view.js'
import type { Layer } from '../layer/layer.js'
import { issuesOf } from '../part/checks.js'
import { sigmoid, tanh, type Activation } from './activation.js'
import type { RecurrentDropout } from './recurrent/dropout.js'
import { recurrentLayer } from './recurrent/layer.js'
import type { RecurrentOptions } from './recurrent/options.js'
import { cell, over, type Equations, type Ran, type Running } from './recurrent/over.js'
import { columns, type RecurrentWeights } from './recurrent/products.js'
import type { RecurrentRule, ReturnsOf } from './recurrent/rule.js'

type States = 'h' | 'c'

/** The hidden state, which is the output, and the cell: [batch, units] each. */
export interface LstmState {
  readonly h: Expr
  readonly c: Expr
}

/** How an LSTM is run on values given. */
export interface LstmRunning extends Running {
  /** `tanh` unless told. */
  readonly activation?: Activation
  /** `sigmoid` unless told. */
  readonly recurrentActivation?: Activation
}

/** Options of `lstm`; names are Keras's. */
export interface LstmOptions<Q extends boolean = boolean, S extends boolean = boolean> extends RecurrentOptions<Q, S, RecurrentDropout> {
  /** Of the gates; `sigmoid` unless told. */
  readonly recurrentActivation?: Activation
  /** Whether the bias of the forget gate begins with 1; yes unless told. Jozefowicz, Zaremba & Sutskever 2015. */
  readonly unitForgetBias?: boolean
}

const equations = ({ activation = tanh, recurrentActivation = sigmoid }: LstmRunning): Equations<States> => ({
  kind: 'lstm',
  gates: 4,
  states: ['h', 'c'],
  next: ({ x, state: { h, c }, recur, candidate }) => {
    const [zi, zf, zg, zo] = columns(add(x, recur(h)), 4)
    const [i, f, o] = [zi, zf, zo].map(recurrentActivation.of)
    const g = activation.of(zg)
    const next = add(mul(f, c), mul(i, candidate(g)))
    return { h: mul(o, activation.of(next)), c: next }
  }
})

/**
 * One time step of an LSTM as a function of its state and of x, [batch, features]: the equations of `lstm`, for loops of your own.
 * Weights are W [features, 4·units], U [units, 4·units] and b [4·units], gates in the order i, f, g, o; masks are [batch, n].
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { lstmCell } from 'tikhonov/layers'
 * const cell = lstmCell({ kernel: constant([0, 0, 1, 0], [1, 4]), recurrentKernel: constant([0, 0, 0, 0], [1, 4]) })
 * const zero = constant([0], [1, 1])
 * evaluate(cell({ h: zero, c: zero }, constant([1], [1, 1])).c) // => [0.5 * Math.tanh(1)]
 * ```
 */
export const lstmCell = (weights: RecurrentWeights, running: Pick<LstmRunning, 'activation' | 'recurrentActivation' | 'masks'> = {}) =>
  cell(equations(running), weights, running.masks)

/**
 * An LSTM over sequences [batch, time, features] from a state given (zeros unless told): all outputs, and the state after the last time
 * step, as values. Masks are given, not drawn. A state that is not [batch, units] is a misfit that says so.
 * @example
 * ```ts
 * import { constant, evaluate, variable } from 'tikhonov/expr'
 * import { lstmOver } from 'tikhonov/layers'
 * const over = lstmOver({ kernel: constant([0, 0, 1, 0], [1, 4]), recurrentKernel: constant([0, 0, 0, 0], [1, 4]) })
 * const { sequence, final } = over(variable('x', [1, 3, 1]), { h: constant([0], [1, 1]), c: constant([8], [1, 1]) })
 * evaluate(sequence, { x: [0, 0, 0] }) // => [4, 2, 1].map((c) => 0.5 * Math.tanh(c))
 * evaluate(final.c, { x: [0, 0, 0] }) // => [1]
 * ```
 */
export const lstmOver = (weights: RecurrentWeights, running: LstmRunning = {}): (x: Expr, initial?: Partial<LstmState>) => Ran<States> =>
  over(equations(running), weights, running)

/** The bias that is drawn, with 1 for the forget gate. */
const forgetful = (units: number) => (drawn: Expr): Expr =>
  concat([slice(drawn, [0], [units]), broadcast(1, [units]), slice(drawn, [2 * units], [2 * units])])

/**
 * Long short-term memory, [time, features] → [units], or [time, units] with `returnSequences`:
 *
 *   i, f, o = σ(x·W + h·U + b),  g = φ(x·W + h·U + b),  c′ = f·c + i·g,  h′ = o·φ(c′)
 *
 * each gate with its own columns of W [features, 4·units], U [units, 4·units] and b [4·units], in the order i, f, g, o. The state begins
 * with zeros. Errors: units not a whole number ≥ 1, an input that is not of rank 2, rates outside 0 ≤ rate < 1, both of returnSequences
 * and returnState, and those of its parts. Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000. Laws: `recurrentLaws`,
 * `recurrentDropoutLaws`.
 * @example
 * ```ts
 * import { either as E, function as F } from 'fp-ts'
 * import { dense, lstm, variational } from 'tikhonov/layers'
 * import { sequential } from 'tikhonov/model'
 * F.pipe(
 *   sequential([10, 8], lstm(32, { returnSequences: true, dropout: 0.2 }), lstm(16, { recurrentDropout: variational(0.2) }), dense(1)),
 *   E.map((m) => m.output)
 * ) // => E.right([1])
 * ```
 */
export const lstm = <const U extends number, Q extends boolean = false, S extends boolean = false>(
  units: U, options: LstmOptions<Q, S> = {}
): Layer<RecurrentRule<'lstm', U, 2, ReturnsOf<Q, S>>> => {
  const { recurrentActivation = sigmoid, unitForgetBias = true } = options
  return recurrentLayer({
    kind: 'lstm', states: 2, units, options, equations: equations(options),
    own: { recurrentActivation: recurrentActivation.spec, unitForgetBias },
    issues: issuesOf({ recurrentActivation }),
    bias: { shape: [4 * units], ...(unitForgetBias ? { first: forgetful(units) } : {}) }
  })
}
