import { abs, max, mean, mul, neg, pow, reduceMax, sqrt, stopGradient, sub, sum, type Expr } from 'tikhonov/expr'
import { axesLaws, normLaws, normOrderLaws, lpNormLaws, wideRangeLaws, type Suite } from 'tikhonov/laws'
import { l1Norm, l2Norm, lInfNorm, lpNorm } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

type Whole = (w: Expr) => Expr

const norms = { l1: l1Norm, l2: l2Norm, lInf: lInfNorm }

export const suites: readonly Suite[] = [
  ...[l1Norm, l2Norm, lInfNorm, lpNorm(1.5)].map((norm) => normLaws((w) => norm(w))),
  ...[l1Norm, l2Norm, lInfNorm, lpNorm(3)].map((norm) => wideRangeLaws((w) => norm(w))),
  ...[l2Norm, lpNorm(3)].map(axesLaws),
  normOrderLaws(norms),
  lpNormLaws(lpNorm)
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })
const norm = (name: string, law: string, wrong: Whole, origin?: string): Mutant =>
  mutant(name, `norm › ${law}`, () => normLaws(wrong), origin)
const family = (name: string, law: string, wrong: (p: number) => Whole): Mutant => mutant(name, law, () => lpNormLaws(wrong))

const textbook: Whole = (w) => sqrt(sum(mul(w, w)))

export const mutants: readonly Mutant[] = [
  norm('a norm that keeps an axis', 'one number', (w) => sum(abs(w), [0])),
  norm('the sum instead of the sum of sizes', 'non-negative', (w) => sum(w)),
  norm('the sum of all but the least size', 'definite', (w) => sub(sum(abs(w)), neg(reduceMax(neg(abs(w)))))),
  norm('the sum of squares without the root', 'homogeneous', (w) => sum(mul(w, w))),
  norm('the p-norm of p = ½', 'triangle', (w) => pow(sum(sqrt(abs(w))), 2)),
  norm('|w| as max(w, −w): its slope at 0 is −1', 'flat at 0', (w) => sum(max(w, neg(w))), 'TensorFlow.js'),
  norm('√Σw² without a guard: NaN for a slope at 0', 'flat at 0', textbook, 'autodiff textbooks'),
  norm('half the gradient', 'subgradient', (w) => sqrt(sum(mul(w, stopGradient(w))))),
  norm('no gradient', 'Euler', (w) => stopGradient(l1Norm(w))),

  mutant('squares that overflow', 'neither overflows nor underflows', () => wideRangeLaws(textbook)),

  mutant('the root mean square for the length', 'ordered', () => normOrderLaws({ ...norms, l2: (w) => sqrt(mean(mul(w, w))) })),
  mutant('twice the sum of sizes', 'equivalent', () => normOrderLaws({ ...norms, l1: (w) => mul(2, l1Norm(w)) })),
  mutant('the sum of sizes for the Euclidean norm', 'Hölder', () => normOrderLaws({ ...norms, l2: l1Norm })),

  family('p one too many', 'p = 1', (p) => (w) => lpNorm(p + 1)(w)),
  family('the square forgotten at 2', 'p = 2', (p) => (w) => (p === 2 ? l1Norm(w) : lpNorm(p)(w))),
  family('∞ as a large p', 'p = ∞', (p) => (w) => lpNorm(Math.min(p, 8))(w)),
  family('1/p for p', 'decreasing in p', (p) => (w) => (p > 2 && p < Infinity ? mul(p, lpNorm(p)(w)) : lpNorm(p)(w))),
  family('any p', 'refuses what is no p', (p) => (w) => (p >= 1 ? lpNorm(p)(w) : pow(sum(pow(abs(w), p)), 1 / p))),

  mutant('axes ignored', 'over an axis', () => axesLaws((w) => l2Norm(w))),
  mutant('no axes taken for all', 'over none', () => axesLaws((w, axes) => l2Norm(w, axes?.length === 0 ? undefined : axes))),
  mutant('the last axis forgotten', 'over all', () => axesLaws((w, axes) => l2Norm(w, axes?.filter((a) => a >= 0))))
]
