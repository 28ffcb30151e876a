/** Options that recurrent layers share, and the parameters that they declare. */
import type { Constraint } from '../../constraints/constraint.js'
import type { Expr, Scalar } from '../../expr/node.js'
import { zeros } from '../../initializers/constant.js'
import { glorotUniform } from '../../initializers/glorotUniform.js'
import type { Initializer } from '../../initializers/initializer.js'
import { orthogonal } from '../../initializers/orthogonal.js'
import type { Declaration } from '../../layer/layer.js'
import { count, finite, issuesOf } from '../../part/checks.js'
import { issue, under, type Issue } from '../../part/issue.js'
import { spec, type Spec, type SpecValue } from '../../part/spec.js'
import { regularizerSpec, type Regularizer } from '../../regularizers/regularizer.js'
import { tanh, type Activation } from '../activation.js'
import { dropoutIssues, dropoutSpec, type InputDropout, type RecurrentDropout } from './dropout.js'
import type { Masking } from './over.js'

/** Options of every recurrent layer; names and defaults are Keras's. `D` is what may be dropped of the recurrence. */
export interface RecurrentOptions<Q extends boolean, S extends boolean, D extends RecurrentDropout> {
  /** Of the candidate, and of an LSTM's cell on its way out; `tanh` unless told. */
  readonly activation?: Activation
  /** Whether there is a bias; yes unless told. */
  readonly useBias?: boolean
  /** `glorotUniform` unless told. */
  readonly kernelInitializer?: Initializer
  /** `orthogonal()` unless told. */
  readonly recurrentInitializer?: Initializer
  /** `zeros` unless told. */
  readonly biasInitializer?: Initializer
  readonly kernelRegularizer?: Regularizer
  readonly recurrentRegularizer?: Regularizer
  readonly biasRegularizer?: Regularizer
  /** A penalty on the output, divided by the number of examples. */
  readonly activityRegularizer?: Regularizer
  /** Sees the incoming weights of a unit at one of its gates: a column. */
  readonly kernelConstraint?: Constraint
  /** Sees the recurrent weights of a unit at one of its gates: a column. */
  readonly recurrentConstraint?: Constraint
  readonly biasConstraint?: Constraint
  /** All outputs, [time, units], instead of the last; no unless told. */
  readonly returnSequences?: Q
  /** The states after the last time step side by side, [states·units], instead of the last output; no unless told. */
  readonly returnState?: S
  /** The last time step comes first, and outputs are in that order; no unless told. */
  readonly goBackwards?: boolean
  /** Of the input; a rate is `variational(rate)`: one mask for each sequence, shared by the gates. */
  readonly dropout?: Scalar | InputDropout
  /** Of the recurrence; a rate is `variational(rate)`: one mask for each sequence, shared by the gates. */
  readonly recurrentDropout?: Scalar | D
  /** Which time steps are padding; none unless told. */
  readonly masking?: Masking
  /**
   * How many sequences go on from batch to batch in training: row i of a batch begins with the state that row i of the batch before ended
   * with. The states are kept as layer state, [stateful, units], zeros at first; rows that are padding keep theirs. 0 unless told: every
   * sequence begins with zeros.
   */
  readonly stateful?: number
  /** How many time steps a gradient reaches back; all unless told. */
  readonly truncate?: number
}

/** Any options, as shared code sees them. */
export type AnyOptions = RecurrentOptions<boolean, boolean, RecurrentDropout>

/** The options as data, beside those of the layer itself. */
export const recurrentSpec = (kind: string, units: number, own: Readonly<Record<string, SpecValue>>, o: AnyOptions): Spec => {
  const { activation = tanh, useBias = true, kernelInitializer = glorotUniform, recurrentInitializer = orthogonal() } = o
  return spec(kind, {
    units, activation: activation.spec, ...own, useBias, kernelInitializer: kernelInitializer.spec,
    recurrentInitializer: recurrentInitializer.spec, biasInitializer: (o.biasInitializer ?? zeros).spec,
    kernelRegularizer: regularizerSpec(o.kernelRegularizer), recurrentRegularizer: regularizerSpec(o.recurrentRegularizer),
    biasRegularizer: regularizerSpec(o.biasRegularizer), activityRegularizer: regularizerSpec(o.activityRegularizer),
    kernelConstraint: o.kernelConstraint?.spec, recurrentConstraint: o.recurrentConstraint?.spec, biasConstraint: o.biasConstraint?.spec,
    returnSequences: o.returnSequences, returnState: o.returnState, goBackwards: o.goBackwards,
    dropout: dropoutSpec(o.dropout), recurrentDropout: dropoutSpec(o.recurrentDropout),
    masking: o.masking === undefined ? undefined
      : spec('masking', { maskValue: o.masking.maskValue ?? 0, output: o.masking.output ?? 'carried' }),
    stateful: o.stateful, truncate: o.truncate
  })
}

/** What is wrong with the options, whatever the input. */
export const recurrentIssues = (units: number, o: AnyOptions): readonly Issue[] => {
  const { activation, kernelInitializer, recurrentInitializer, biasInitializer } = o
  return [
    ...count('units', units),
    ...issuesOf({ activation, kernelInitializer, recurrentInitializer, biasInitializer }),
    ...dropoutIssues('dropout', o.dropout), ...dropoutIssues('recurrentDropout', o.recurrentDropout),
    ...(o.masking?.maskValue === undefined ? [] : under('masking', finite('maskValue', o.masking.maskValue))),
    ...(o.stateful === undefined || o.stateful === 0 ? [] : count('stateful', o.stateful)),
    ...(o.truncate === undefined ? [] : count('truncate', o.truncate)),
    ...(o.returnSequences === true && o.returnState === true
      ? [issue('returnState', 'true beside returnSequences', 'one of the two')] : [])
  ]
}

/** What a recurrent layer learns. */
export interface RecurrentParameters {
  readonly kernel: Declaration
  readonly recurrentKernel: Declaration
  readonly bias?: Declaration
}

/** The parameters of a layer: columns of its gates side by side, and a bias of its own shape, its first values perhaps altered. */
export const recurrentParameters = (
  features: number, units: number, gates: number, o: AnyOptions,
  bias: { readonly shape: readonly number[]; readonly first?: (drawn: Expr) => Expr }
): RecurrentParameters => {
  const { kernelInitializer = glorotUniform, recurrentInitializer = orthogonal(), biasInitializer = zeros, useBias = true } = o
  const [kernel, recurrent] = [[features, gates * units], [units, gates * units]]
  const drawn = biasInitializer.initial(bias.shape)
  return {
    kernel: {
      shape: kernel, role: 'kernel', initial: kernelInitializer.initial(kernel), incoming: [0],
      regularizer: o.kernelRegularizer, constraint: o.kernelConstraint
    },
    recurrentKernel: {
      shape: recurrent, role: 'recurrent', initial: recurrentInitializer.initial(recurrent), incoming: [0],
      regularizer: o.recurrentRegularizer, constraint: o.recurrentConstraint
    },
    ...(useBias ? {
      bias: {
        shape: bias.shape, role: 'bias', initial: (path) => bias.first?.(drawn(path)) ?? drawn(path), incoming: [],
        regularizer: o.biasRegularizer, constraint: o.biasConstraint
      }
    } : {})
  }
}
