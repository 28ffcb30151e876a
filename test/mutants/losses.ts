import {
  abs, add, div, exp, greater, keepAxes, log, max, mean, mul, neg, reduceMax, select, sigmoid, sin, softplus, stopGradient, sub,
  sum, tanh, type Expr
} from 'tikhonov/expr'
import { linkLaws, lossLaws, properLossLaws, residualLossLaws, smoothingLaws, type Suite } from 'tikhonov/laws'
import {
  binaryCrossEntropy, categoricalCrossEntropy, logCosh, lossOf, mse, sparseCategoricalCrossEntropy, type Loss
} from 'tikhonov/losses'
import { certainly } from '../losses/certain.js'
import type { Mutant } from './harness.js'

const logits = { fromLogits: true }

/** One of each kind: all losses are held to the suites beside them, in test/losses. */
export const suites: readonly Suite[] = [
  residualLossLaws(logCosh()),
  properLossLaws(binaryCrossEntropy(), { decisions: true }),
  linkLaws(sparseCategoricalCrossEntropy(), sparseCategoricalCrossEntropy(logits)),
  smoothingLaws((labelSmoothing) => categoricalCrossEntropy({ labelSmoothing, ...logits }), { certain: certainly.oneHot })
]

const mutant = (name: string, law: string, suite: () => Suite, more: Partial<Mutant> = {}): Mutant =>
  ({ name, origin: 'one edit', law, suite, runs: 60, ...more })

const square = (e: Expr): Expr => mul(e, e)
const outputs = (e: Expr): readonly number[] => e.shape.map((_, axis) => axis).slice(1)

/** A loss with another way from predictions to the values of the examples. */
const each = (loss: Loss, wrong: Loss['each']): Loss => ({ ...loss, each: wrong })
const residual = (wrong: (e: Expr) => Expr): Loss => lossOf('wrong', (p, y) => wrong(sub(p, y)))

/** −(y·ln p + (1 − y)·ln(1 − p)) with another logarithm. */
const decisions = (logOf: (p: Expr) => Expr): Loss =>
  each(binaryCrossEntropy(), (p, y) => mean(neg(add(mul(y, logOf(p)), mul(sub(1, y), logOf(sub(1, p))))), outputs(p)))

const softmaxes = (link: (z: Expr) => Expr): Loss =>
  each(categoricalCrossEntropy(logits), (z, q) => mean(neg(sum(mul(q, log(link(z))), [2])), [1]))

const last = [2]
const wide = (e: Expr, like: Expr): Expr => keepAxes(e, like.shape, last)

const smoothed = (y: (wanted: Expr, s: number) => Expr) => (s: number): Loss =>
  each(binaryCrossEntropy({ ...logits, labelSmoothing: s }), (z, wanted) => binaryCrossEntropy(logits).each(z, y(wanted, s)))

export const mutants: readonly Mutant[] = [
  mutant('a value for each output', 'one value an example', () => lossLaws(each(mse(), (p, y) => square(sub(p, y))))),
  mutant('a value for the whole batch', 'loss › one value an example', () => lossLaws(each(mse(), (p, y) => mean(square(sub(p, y)))))),
  mutant('errors that cancel', 'bounded below', () => lossLaws(residual((e) => e))),
  mutant('a loss of chance', 'examples apart', () => lossLaws(residual((e) => mul(Math.random(), square(e))))),
  mutant('errors centred over the batch', 'examples apart', () =>
    lossLaws(each(mse(), (p, y) => mean(square(sub(sub(p, y), mean(sub(p, y), [0]))), [1, 2])))),
  mutant('the sum over outputs', 'mean over outputs', () => lossLaws(each(mse(), (p, y) => sum(square(sub(p, y)), [1, 2])))),
  mutant('ln cosh by its name', 'finite', () => residualLossLaws(residual((e) => log(div(add(exp(e), exp(neg(e))), 2))))),
  mutant('the logarithm of an unclipped probability', 'finite', () => properLossLaws(decisions(log))),
  mutant('a softmax that overflows', 'finite', () =>
    lossLaws(softmaxes((z) => div(exp(z), wide(sum(exp(z), last), z))))),
  mutant('a row of zeros divided by its sum', 'finite', () => properLossLaws(each(categoricalCrossEntropy(), (p, q) =>
    categoricalCrossEntropy().each(div(p, wide(sum(p, last), p)), q))), { origin: 'Keras' }),
  mutant('a squared error of which one factor counts as constant', 'loss › derivative', () =>
    lossLaws(residual((e) => mul(e, stopGradient(e))))),

  mutant('ln cosh less nothing', 'zero where right', () => residualLossLaws(residual((e) => add(e, softplus(mul(-2, e)))))),
  mutant('a slope that depends on the sign', 'even', () =>
    residualLossLaws(residual((e) => select(greater(e, 0), mul(0.75, e), mul(-0.25, e))))),
  mutant('relative errors', 'of the error alone', () =>
    residualLossLaws(lossOf('wrong', (p, y) => div(abs(sub(p, y)), add(1, abs(y)))))),
  mutant('small errors that count ten times', 'grows with the error', () => residualLossLaws(residual((e) =>
    mul(select(greater(0.01, abs(e)), 10, 1), square(e))))),
  mutant('errors that come round', 'grows with the error', () => residualLossLaws(residual((e) => abs(sin(e))))),

  mutant('the second half forgotten', 'the truth is best', () =>
    properLossLaws(each(binaryCrossEntropy(), (p, y) => mean(neg(mul(y, log(max(p, 1e-7)))), outputs(p))), { decisions: true })),
  mutant('probabilities without their logarithm', 'the truth is best', () =>
    properLossLaws(each(categoricalCrossEntropy(), (p, q) => mean(sub(1, sum(mul(q, p), last)), [1])))),

  mutant('ln(p + 10⁻⁷) for the logarithm of a sigmoid', 'same loss', () =>
    linkLaws(decisions((p) => log(add(p, 1e-7))), binaryCrossEntropy(logits)), { origin: 'Keras 2' }),
  mutant('a sigmoid clipped before its logarithm', 'same loss', () =>
    linkLaws(each(binaryCrossEntropy(), (p, y) => binaryCrossEntropy().each(mul(1, p), y)), binaryCrossEntropy(logits)),
  { origin: 'Keras 3' }),
  mutant('a softmax before a loss of logits', 'same loss', () =>
    linkLaws(each(categoricalCrossEntropy(), categoricalCrossEntropy(logits).each), categoricalCrossEntropy(logits)),
  { origin: 'PyTorch, a common use of CrossEntropyLoss' }),
  mutant('half the derivative by the logits', 'same derivative', () =>
    linkLaws(each(binaryCrossEntropy(), (p, y) => {
      const half = mul(0.5, binaryCrossEntropy().each(p, y))
      return add(half, stopGradient(half))
    }), binaryCrossEntropy(logits))),
  mutant('a link from −1 to 1', 'link › link', () =>
    linkLaws(binaryCrossEntropy(), { ...binaryCrossEntropy(logits), link: tanh })),
  mutant('a softmax without its sum', 'link › link', () => linkLaws(categoricalCrossEntropy(), {
    ...categoricalCrossEntropy(logits), link: (z) => exp(sub(z, mul(0.5, wide(reduceMax(z, last), z))))
  })),

  mutant('s for s/2', 'mixture', () =>
    smoothingLaws(smoothed((y, s) => add(mul(y, 1 - s), s)), { certain: certainly.binary })),
  mutant('labels that keep their whole weight', 'mixture', () =>
    smoothingLaws(smoothed((y, s) => add(y, s / 2)), { certain: certainly.binary })),
  mutant('smoothing that may turn labels round', 'its domain', () =>
    smoothingLaws((s) => ({ ...smoothed((y) => y)(s), issues: [] }), { certain: certainly.binary })),
  mutant('logits of which the sigmoid is taken twice', 'same loss', () =>
    linkLaws(binaryCrossEntropy(), each(binaryCrossEntropy(logits), (z, y) => binaryCrossEntropy(logits).each(sigmoid(z), y))))
]
