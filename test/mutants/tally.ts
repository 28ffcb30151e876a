/** Tallies that lose something, each with the law that says so. */
import { tallyLaws, type Suite, type Tallying } from 'tikhonov/laws'
import { tallyMonoid, tallyOf } from 'tikhonov/report'
import type { Mutant } from './harness.js'

const right: Tallying = { tallyMonoid, tallyOf }

export const suites: readonly Suite[] = [tallyLaws(right)]

const mutant = (name: string, law: string, wrong: Partial<Tallying>, origin = 'one edit'): Mutant =>
  ({ name, origin, law, suite: () => tallyLaws({ ...right, ...wrong }) })
const { concat, empty } = tallyMonoid

export const mutants: readonly Mutant[] = [
  mutant('an empty tally of one step', 'unit', { tallyMonoid: { concat, empty: { ...empty, steps: 1 } } }),
  mutant('later steps that count twice', 'associative', {
    tallyMonoid: { empty, concat: (a, b) => (a === empty ? b : b === empty ? a : { ...concat(a, b), steps: a.steps + 2 * b.steps }) }
  }),
  mutant('penalties merged into the data loss', 'each number by itself', {
    tallyOf: (report) => tallyOf({ ...report, data: Object.values(report.penalties).reduce((s, p) => s + p, report.data) })
  }, 'Keras (the loss of its logs holds the penalties)'),
  mutant('later names only', 'each number by itself', {
    tallyMonoid: { empty, concat: (a, b) => (b.steps === 0 ? a : { ...concat(a, b), probes: b.probes }) }
  })
]
