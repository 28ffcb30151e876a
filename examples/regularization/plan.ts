/** What a command line asks for: experiments with their data, the rows of each, how many seeds, how many epochs. */
import { either as E } from 'fp-ts'
import { type Case, type Experiment, experiments } from '../cases.js'
import { type Examples, load } from '../data/load.js'
import { type Flags, wanted } from './flags.js'

export interface Part {
  readonly experiment: Experiment
  readonly all: Examples
  readonly cases: readonly Case[]
  readonly seeds: number
  readonly epochs: number
}

/** The experiments that are wanted, with their data; or everything that is wrong with the files of the data. */
export const partsOf = (flags: Flags): E.Either<readonly string[], readonly Part[]> => {
  const asked = experiments
    .map((experiment) => ({ experiment, cases: experiment.cases.filter((row) => wanted(flags.only, experiment, row)) }))
    .filter(({ cases }) => cases.length > 0)
    .map((part) => ({ ...part, all: load(part.experiment.data) }))
  const problems = asked.flatMap(({ all }) => (E.isLeft(all) ? all.left : []))
  const parts = asked.flatMap(({ experiment, cases, all }): readonly Part[] => E.isLeft(all) ? [] : [{
    experiment,
    cases,
    all: all.right,
    seeds: flags.seeds ?? experiment.seeds,
    epochs: flags.short ? experiment.shortEpochs : experiment.epochs
  }])
  return problems.length > 0 ? E.left(problems) : E.right(parts)
}

/** About how long an epoch takes, for the progress bar: examples × weights. */
export const epochWork = ({ features, hidden, split }: Experiment): number => {
  const sizes = [features, ...hidden, 1]
  return split.train * sizes.slice(1).reduce((sum, size, i) => sum + size * (sizes[i] ?? 0), 0)
}

/** The same for all rows and seeds of a part. */
export const partWork = ({ experiment, epochs, cases, seeds }: Part): number => epochWork(experiment) * epochs * cases.length * seeds
