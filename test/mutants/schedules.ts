/** Schedules that are wrong, each with the law that says so. */
import { cornerLaws, decreasingLaws, scheduleLaws, type Corners, type Suite } from 'tikhonov/laws'
import { cosine, cosineRestarts, exponential, inverseTime, polynomial, schedule, type Schedule } from 'tikhonov/schedules'
import { corners } from '../schedules/corners.js'
import type { Mutant } from './harness.js'

export const suites: readonly Suite[] = [
  ...corners.map(([each, known]) => cornerLaws(each, known)),
  ...[
    exponential(0.1, { decaySteps: 10, decayRate: 0.5 }), inverseTime(0.1, { decaySteps: 10, decayRate: 0.5, staircase: true }),
    polynomial(0.1, { decaySteps: 50, end: 0.01, power: 0.5 }), cosine(0.1, { decaySteps: 50, alpha: 0.1 })
  ].map(decreasingLaws)
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })

const wrong = (at: (step: number) => number): Schedule => schedule('wrong', {}, at)

const corner = (name: string, at: (step: number) => number, known: Corners, origin?: string): Mutant =>
  mutant(name, 'corners', () => cornerLaws(wrong(at), known), origin)

const of = (kind: string): Corners => corners.find(([each]) => each.spec.kind === kind)?.[1] ?? []

/** A schedule that counts its calls in the place of steps. */
const counting = (): Schedule => {
  let calls = 0
  return wrong(() => 1 / ++calls)
}

export const mutants: readonly Mutant[] = [
  mutant('decay in no steps', 'no issues', () => scheduleLaws(exponential(0.1, { decaySteps: 0, decayRate: 0.5 }))),
  mutant('a root past its end', 'finite and non-negative', () => scheduleLaws(wrong((t) => (1 - t / 50) ** 0.5))),
  mutant('a line past its end', 'finite and non-negative', () => scheduleLaws(wrong((t) => 1 - t / 50))),
  mutant('a debt for two thousand steps', 'finite and non-negative', () =>
    scheduleLaws(wrong((t) => (t >= 1000 && t < 3000 ? -0.1 : 0.1)))),
  mutant('a warm start that is no number', 'finite and non-negative', () =>
    scheduleLaws(wrong((t) => (t >= 1000 && t < 3000 ? Number.NaN : 0.1)))),
  mutant('calls for steps', 'a function of the step', () => scheduleLaws(counting())),
  mutant('a cosine past its end', 'decreasing', () => decreasingLaws(wrong((t) => 0.5 * (1 + Math.cos((Math.PI * t) / 50))))),
  mutant('a cosine that restarts late', 'decreasing', () => decreasingLaws(cosineRestarts(0.1, { firstDecaySteps: 5000 }))),
  mutant('a step up in the two thousandth step', 'decreasing', () => decreasingLaws(wrong((t) => (t < 2000 ? 0.1 : 0.2)))),
  mutant('chance for a schedule', 'a function of the step', () => scheduleLaws(wrong(() => Math.random()))),
  corner('a boundary that belongs to what was before', (t) => (t <= 100 ? 1 : t <= 110 ? 0.5 : 0.1), of('piecewise'),
    'Keras (PiecewiseConstantDecay changes a step later)'),
  corner("Keras's boundary that belongs to what comes", (t) => (t < 100 ? 1 : t < 110 ? 0.5 : 0.1), of('kerasPiecewise')),
  corner('a cosine to 0 whatever α', (t) => 0.2 * (1 + Math.cos((Math.PI * Math.min(t, 30)) / 30)), of('cosine')),
  corner('a warm-up that is late by a step', (t) => (t < 5 ? (0.2 * t) / 5 : 0.2), of('warmup')),
  corner('a rate a step', (t) => 0.8 * 0.25 ** t, of('exponential'))
]
