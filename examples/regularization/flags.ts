/** The command line of the main job. All problems of a command line are reported at once. */
import { either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import type { Case, Experiment } from '../cases.js'
import { readLine, seedIssues } from '../commandLine.js'

export interface Flags {
  readonly seeds: number | undefined
  readonly only: readonly string[]
  readonly json: boolean
  readonly out: string
  readonly short: boolean
  readonly reference: boolean
  readonly help: boolean
}

export const usage = `Trains the same networks with and without regularization and compares them.

  npm start -- [flags]

  --seeds N    seeds (and, for sonar, splits) a row, 1 to 1000; 3 unless told
  --only NAME  only this data set (moons), case (l2) or row (moons/l2); may be repeated
  --json       one JSON object a row on standard output, and nothing else there
  --out DIR    where the charts go; default: out/regularization
  --short      a few epochs only: shows that everything runs, not what it learns
  --reference  train on the reference engine (float64) instead of the default one (float32): the same table within its noise, much slower
  --help       this text`

const options = {
  seeds: { type: 'string' },
  only: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  out: { type: 'string' },
  short: { type: 'boolean' },
  reference: { type: 'boolean' },
  help: { type: 'boolean' }
} as const

/** A row is wanted when nothing was asked for, or when its data set, its case or the pair of both was. */
export const wanted = (only: readonly string[], { data }: Experiment, { name }: Case): boolean =>
  only.length === 0 || [data, name, `${data}/${name}`].some((known) => only.includes(known))

const nameIssues = (only: readonly string[], experiments: readonly Experiment[]): readonly string[] => {
  const names = new Set(experiments.flatMap(({ data, cases }) => [data, ...cases.map(({ name }) => name)]))
  const pairs = new Set(experiments.flatMap(({ data, cases }) => cases.map(({ name }) => `${data}/${name}`)))
  return only
    .filter((name) => !names.has(name) && !pairs.has(name))
    .map((name) => `--only: found ${JSON.stringify(name)}, allowed: ${[...names].join(', ')}, or a pair as moons/l2`)
}

/** Reads the arguments that follow the program's name. Of a flag that stands there more than once the last one counts, of --only each. */
export const readFlags = (args: readonly string[], experiments: readonly Experiment[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const { told, texts, issues } = readLine(options, args)
  const seeds = texts('seeds')
  const only = texts('only')
  return F.pipe(
    N.fromArray([...issues, ...seedIssues(seeds), ...nameIssues(only, experiments)]),
    O.match(
      () => E.right({
        seeds: seeds.length === 0 ? undefined : Number(seeds.at(-1)),
        only,
        json: told('json'),
        out: texts('out').at(-1) ?? 'out/regularization',
        short: told('short'),
        reference: told('reference'),
        help: told('help')
      }),
      E.left
    )
  )
}
