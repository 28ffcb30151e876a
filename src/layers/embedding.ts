/** Embeddings: whole numbers as learned vectors. */
import { equal, select } from '../expr/compare.js'
import { gather } from '../expr/gather.js'
import { isInvalid } from '../expr/node.js'
import { reshape } from '../expr/reshape.js'
import type { Shape } from '../expr/shape.js'
import type { Constraint } from '../constraints/constraint.js'
import type { Initializer } from '../initializers/initializer.js'
import { randomUniform } from '../initializers/randomUniform.js'
import { layer } from '../layer/build.js'
import type { Declaration, Layer } from '../layer/layer.js'
import type { ShapeRule, Unapplied } from '../layer/rule.js'
import { count, issuesOf } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { spec } from '../part/spec.js'
import { regularizerSpec, type Regularizer } from '../regularizers/regularizer.js'

/** Each number becomes `D` numbers: […] → […, D]. */
export interface EmbeddingRule<D extends number> extends ShapeRule {
  readonly output?: this['input'] extends Shape ? readonly [...this['input'], D] : Unapplied<readonly [...Shape, D]>
}

/** Options of `embedding`; names are Keras's. */
export interface EmbeddingOptions {
  /** `randomUniform()`, ±.05, unless told. */
  readonly embeddingsInitializer?: Initializer
  readonly embeddingsRegularizer?: Regularizer
  readonly embeddingsConstraint?: Constraint
  /** Whether 0 is padding: its vector is 0 and is not learned; no unless told. */
  readonly maskZero?: boolean
}

/** The numbers below which float32 tells whole numbers apart. */
const most = 2 ** 24

const rowIssues = (inputDim: number): readonly Issue[] =>
  inputDim > most && Number.isSafeInteger(inputDim)
    ? [issue('inputDim', String(inputDim), `at most ${most} = 2²⁴: float32 tells no more numbers apart`)]
    : count('inputDim', inputDim)

/**
 * y[…, :] = W[x[…], :]: each number of the input, whole and 0 ≤ x < inputDim, picks its row of the matrix W [inputDim, outputDim], role
 * `embedding`. [examples, …] → [examples, …, outputDim]. The gradient of a row is the sum over the places that picked it.
 *
 * The constraint sees a row, the vector of one number (`maxNorm` bounds each vector). The regularizer penalises the whole matrix, rows
 * that were not picked too. With `maskZero` the number 0 is padding: its vector is 0, whatever W[0] is, which is then not learned from
 * data; layers that skip steps of zeros skip it.
 *
 * Numbers are data, so no build can refuse them. One that is no row of W (negative, fractional, inputDim or more) gives a vector of NaN:
 * never another row. A training step with it is not applied and ends with a `NonFinite` whose culprit is the operation `gather`, from
 * `batch/x` and this layer's `embeddings`; a prediction for such an example is refused. Engines of float32 see numbers as rounded to 24
 * binary digits: a fraction nearer to a whole number than that (1.00000001) is the whole number there. Whole numbers they tell apart up to
 * 2²⁴ only, beyond which one would pick the row of its neighbour: hence at most 2²⁴ rows.
 *
 * Errors: dimensions not whole numbers ≥ 1, inputDim above 2²⁴, and those of its parts. Bengio, Ducharme, Vincent & Jauvin 2003. Laws:
 * `embeddingLaws`.
 * @example
 * ```ts
 * import { constant, evaluate } from 'tikhonov/expr'
 * import { infer, run } from 'tikhonov/layer'
 * import { embedding } from 'tikhonov/layers'
 * const { y } = run([embedding(3, 2)])({ path: '', mode: infer })(constant([2, 0, 2], [1, 3]))
 * evaluate(y, { 'embedding/0/embeddings': [1, 2, 3, 4, 5, 6] }) // => [5, 6, 1, 2, 5, 6]
 * ```
 */
export const embedding = <const D extends number>(
  inputDim: number, outputDim: D, options: EmbeddingOptions = {}
): Layer<EmbeddingRule<D>> => {
  const { embeddingsInitializer = randomUniform(), maskZero = false } = options
  const embeddings: Declaration = {
    shape: [inputDim, outputDim], role: 'embedding', initial: embeddingsInitializer.initial([inputDim, outputDim]),
    incoming: [1], outgoing: [1],
    regularizer: options.embeddingsRegularizer, constraint: options.embeddingsConstraint
  }
  return layer({
    spec: spec('embedding', {
      inputDim, outputDim, embeddingsInitializer: embeddingsInitializer.spec, maskZero,
      embeddingsRegularizer: regularizerSpec(options.embeddingsRegularizer), embeddingsConstraint: options.embeddingsConstraint?.spec
    }),
    rule: embeddingRule<D>(),
    issues: [...rowIssues(inputDim), ...count('outputDim', outputDim), ...issuesOf({ embeddingsInitializer })],
    parameters: () => ({ embeddings }),
    apply: ({ embeddings: w }) => (x) => {
      const y = gather(w, x)
      return maskZero && !isInvalid(y) ? select(reshape(equal(x, 0), [...x.shape, 1]), 0, y) : y
    }
  })
}

const embeddingRule = <D extends number>(): EmbeddingRule<D> => ({ check: () => undefined })
