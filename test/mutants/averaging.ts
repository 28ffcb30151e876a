/** Averages of weights and waits for a plateau that are wrong, each with the law that says so. */
import { add, mul } from 'tikhonov/expr'
import { spec } from 'tikhonov/layer'
import { averagingLaws, plateauLaws, type Suite } from 'tikhonov/laws'
import { chain, emaOfWeights, gradientTransform, remember, stateless, swa } from 'tikhonov/optimizers'
import { plateau } from 'tikhonov/training'
import type { Mutant } from './harness.js'

export const suites: readonly Suite[] = [
  averagingLaws(emaOfWeights(0.75), (s, t) => 0.75 ** (t - s)),
  averagingLaws(swa({ after: 0 }), () => 1),
  averagingLaws(swa({ after: 2 }), (s, t) => (t < 2 ? Number(s === t) : Number(s >= 2))),
  averagingLaws(swa({ after: 1, every: 2 }), (s, t) => (t < 1 ? 1 : Number(s % 2 === 1))),
  plateauLaws(plateau)
]

const mutant = (name: string, law: string, suite: () => Suite, origin = 'one edit'): Mutant => ({ name, origin, law, suite })
const half = (s: number, t: number): number => 0.5 ** (t - s)

const halved = stateless(spec('halved'), (delta) =>
  Object.fromEntries(Object.entries(delta).map(([path, d]) => [path, mul(0.5, d)])))

const biased = gradientTransform(spec('biased'), (place) => (delta, weights) => ({
  delta,
  slots: remember(place, 'averageOfWeights', delta, (before, _, path) => add(mul(0.5, before), mul(0.5, weights[path].value))).slots
}))

export const mutants: readonly Mutant[] = [
  mutant('trains the average', 'changes no step', () =>
    averagingLaws(chain(emaOfWeights(0.5), halved), half)),
  mutant('begins at 0 and is not corrected', 'of constant weights', () => averagingLaws(biased, half)),
  mutant('another decay', 'is the mean stated', () => averagingLaws(emaOfWeights(0.75), half)),
  mutant('waits for one report more', 'falls after so many reports without a better one', () =>
    plateauLaws((initial, options) => plateau(initial, { ...options, patience: options.patience + 1 })),
    'PyTorch (num_bad_epochs > patience)'),
  mutant('falls through the minimum', 'stays at its minimum', () =>
    plateauLaws((initial, options) => plateau(initial, { ...options, minimum: 0 })))
]
