/** Probes that tell something else, each with the law that says so. */
import { maxNorm } from 'tikhonov/constraints'
import { abs, div, equal, greater, log, mean, sub, sum } from 'tikhonov/expr'
import { probeLaws, type ProbeTrial, type Suite } from 'tikhonov/laws'
import { bites, gradientShare, kkt, norm, probe, zeros, type Probe, type Seen } from 'tikhonov/probes'
import { exact, l1, l1l2, l1Norm, l2, l2Norm, penaltyOf } from 'tikhonov/regularizers'
import type { Mutant } from './harness.js'

const length = (x: readonly number[]): number => Math.hypot(...x)
const soft = (x: number, t: number): number => Math.sign(x) * Math.max(Math.abs(x) - t, 0)
/** The columns of a kernel [3, 2]. */
const columns = (x: readonly number[]): readonly (readonly number[])[] => [0, 1].map((j) => x.filter((_, i) => i % 2 === j))

const lambda = 0.75
const counted: ProbeTrial = { regularizer: exact(l1(lambda)), definition: ({ next }) => next.filter((w) => w === 0).length }
const sized = (definition: (w: readonly number[]) => number): ProbeTrial => ({ definition: ({ next }) => definition(next) })
const bitten: ProbeTrial = {
  constraint: maxNorm(2),
  definition: ({ next, unconstrained }) =>
    columns(next).filter((column, j) => column.some((w, i) => w !== columns(unconstrained)[j][i])).length / 2
}
const certified: ProbeTrial = {
  regularizer: exact(l1(lambda)),
  definition: ({ value, gradient }) => Math.max(...value.map((w, i) => Math.abs(w - soft(w - gradient[i], lambda))))
}
const shared: ProbeTrial = {
  regularizer: l2(lambda),
  definition: ({ value, gradient }) => {
    const pull = value.map((w) => 2 * lambda * w)
    const [of, rest] = [length(pull), length(gradient.map((g, i) => g - pull[i]))]
    return of + rest === 0 ? 0 : of / (of + rest)
  }
}
/** Exact L1, and l2 by its gradient, on one parameter: the gradient that is seen holds the second only. */
const sharedExactly: ProbeTrial = {
  regularizer: exact(l1l2({ l1: lambda, l2: 0.5 })),
  definition: ({ value, gradient }) => {
    const [of, rest] = [length(value.map((w) => lambda * Math.sign(w) + w)), length(gradient)]
    return of + rest === 0 ? 0 : of / (of + rest)
  }
}

export const suites: readonly Suite[] = [
  probeLaws(zeros, counted),
  probeLaws(norm('l1'), sized((w) => w.reduce((s, x) => s + Math.abs(x), 0))), probeLaws(norm('l2'), sized(length)),
  probeLaws(norm('lInf'), sized((w) => Math.max(...w.map(Math.abs)))),
  probeLaws(bites, bitten), probeLaws(bites, { definition: () => undefined }),
  probeLaws(kkt, certified), probeLaws(kkt, { regularizer: l1(lambda), definition: () => undefined }),
  probeLaws(gradientShare, shared), probeLaws(gradientShare, sharedExactly), probeLaws(gradientShare, { definition: () => undefined })
]

const mutant = (name: string, law: string, of: Probe['of'], trial: ProbeTrial, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => probeLaws(probe('wrong', {}, of), trial) })
const pull = ({ regularizer, value }: Seen) => (regularizer === undefined ? value : penaltyOf(regularizer)(value))

export const mutants: readonly Mutant[] = [
  mutant('small weights counted as zeros', 'as defined', ({ next }) => sum(greater(0.5, abs(next))), counted, 'papers on pruning'),
  mutant('zeros before the step', 'as defined', ({ value }) => sum(equal(value, 0)), counted),
  mutant('sizes for squares', 'as defined', ({ next }) => l1Norm(next), sized(length)),
  mutant('the share of weights that a cap moves', 'as defined', ({ constraint, next, unconstrained }) =>
    (constraint === undefined ? undefined : sub(1, mean(equal(next, unconstrained)))), bitten),
  mutant('a residual of every penalty', 'as defined', ({ value }) => l2Norm(value),
    { regularizer: l1(lambda), definition: () => undefined }),
  mutant('the gradient for the residual', 'as defined', ({ gradient }) => l2Norm(gradient), certified),
  mutant('a share of the value', 'as defined', (seen) => div(pull(seen), sum(abs(seen.gradient))), shared),
  mutant('a number that is not finite', 'changes nothing that is learned', ({ next }) => log(sum(equal(next, 0))), {
    definition: ({ next }) => Math.log(next.filter((w) => w === 0).length)
  })
]
