/** The conventions of Keras 3 under their own names. */
import { kerasMaxNorm, kerasMinMaxNorm, kerasUnitNorm } from '../constraints/keras.js'
import { nonNegative } from '../constraints/nonNegative.js'
import type { Scalar } from '../expr/node.js'
import { adagrad } from '../optimizers/adagrad.js'
import { adam } from '../optimizers/adam.js'
import { adamw, type AdamwOptions } from '../optimizers/adamw.js'
import { after } from '../optimizers/around.js'
import { decoupledDecay } from '../optimizers/decoupledDecay.js'
import type { LearningRate, Optimizer } from '../optimizers/optimizer.js'
import { rmsprop } from '../optimizers/rmsprop.js'
import { sgd } from '../optimizers/sgd.js'
import { everything } from '../optimizers/where.js'
import { l1 } from '../regularizers/l1.js'
import { l1l2 } from '../regularizers/l1l2.js'
import { l2 } from '../regularizers/l2.js'
import { kerasOrthogonal } from '../regularizers/orthogonal.js'
import { kerasPiecewise } from '../schedules/piecewise.js'

/**
 * What Keras 3 calls by these names, to the letter of its formulas:
 * - l1(λ) = λ·Σ|w|, l2(λ) = λ·Σw² without ½, l1l2 and orthogonal, of rows unless told;
 * - maxNorm, unitNorm and minMaxNorm divide by ε + ‖w‖, ε = 1e-7, always, along the axis 0 of any parameter unless told: a filter of
 *   `conv2d` is `{ axis: [0, 1, 2] }`; nonNeg;
 * - sgd, whose velocity holds the learning rate, rmsprop, adagrad and adam with ε where Keras has it;
 * - adamw and weightDecay(λ, optimizer), w ← (1 − ηλ)·w, for all parameters, biases too;
 * - piecewiseConstantDecay, a boundary of which belongs to what was before.
 *
 * Layers need no adapter: theirs are Keras's defaults and layouts. `differences` tells what of a model is not as in Keras.
 * @example
 * ```ts
 * import { keras } from 'tikhonov/adapters'
 * import { constant, evaluate } from 'tikhonov/expr'
 * evaluate(keras.maxNorm(2).project([0])(constant([0.3, 0.4]))).map((w) => w < 0.3 || (w < 0.4 && w > 0.39)) // => [true, true]
 * keras.adamw().spec.options.where // => { kind: 'everything', options: {} }
 * ```
 */
export const keras = {
  l1, l2, l1l2, orthogonal: kerasOrthogonal,
  maxNorm: kerasMaxNorm, unitNorm: kerasUnitNorm, minMaxNorm: kerasMinMaxNorm, nonNeg: nonNegative,
  sgd, rmsprop, adagrad, adam,
  adamw: (learningRate?: LearningRate, options: AdamwOptions = {}): Optimizer => adamw(learningRate, { where: everything, ...options }),
  weightDecay: (lambda: Scalar, optimizer: Optimizer): Optimizer => after(decoupledDecay(lambda, { where: everything }), optimizer),
  piecewiseConstantDecay: kerasPiecewise
} as const
