/** The command line of a comparison in pairs. All problems of a command line are reported at once. */
import { either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import { readLine, seedIssues } from '../commandLine.js'
import type { Study } from './study.js'

export interface Flags {
  readonly seeds: number | undefined
  readonly json: boolean
  readonly short: boolean
  readonly help: boolean
}

export const usage = ({ command, about, seeds }: Pick<Study, 'command' | 'about' | 'seeds'>): string => `${about}

  ${command} -- [flags]

  --seeds N  seeds a row, 1 to 1000, the same for each; default: ${seeds}
  --json     one JSON object a row on standard output, and nothing else there
  --short    a few epochs only: shows that everything runs, not what it learns
  --help     this text`

const options = { seeds: { type: 'string' }, json: { type: 'boolean' }, short: { type: 'boolean' }, help: { type: 'boolean' } } as const

/** Reads the arguments that follow the program's name; of a flag that stands there more than once the last one counts. */
export const readFlags = (args: readonly string[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const { told, texts, issues } = readLine(options, args)
  const seeds = texts('seeds')
  return F.pipe(
    N.fromArray([...issues, ...seedIssues(seeds)]),
    O.match(() => E.right({
      seeds: seeds.length === 0 ? undefined : Number(seeds.at(-1)), json: told('json'), short: told('short'), help: told('help')
    }), E.left)
  )
}
