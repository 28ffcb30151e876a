/** The command line of `examples/uncertainty.ts`. All problems of a command line are reported at once. */
import { either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import { readLine } from '../commandLine.js'

export interface Flags {
  readonly json: boolean
  readonly out: string
  readonly short: boolean
  readonly help: boolean
}

export const usage = `Fits a curve with dropout and asks it, by Monte-Carlo dropout, how sure it is away from its data.

  npm run uncertainty -- [flags]

  --json     one JSON object a region on standard output, and nothing else there
  --out DIR  where the chart goes; default: out/uncertainty
  --short    a few epochs and samples only: shows that everything runs, not what it learns
  --help     this text`

const options = { json: { type: 'boolean' }, short: { type: 'boolean' }, help: { type: 'boolean' }, out: { type: 'string' } } as const

/** Reads the arguments that follow the program's name; of a flag that stands there more than once the last one counts. */
export const readFlags = (args: readonly string[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const { told, texts, issues } = readLine(options, args)
  return F.pipe(
    N.fromArray([...issues, ...texts('out').filter((text) => text === '').map(() => '--out: its value is missing')]),
    O.match(
      () => E.right({ json: told('json'), out: texts('out').at(-1) ?? 'out/uncertainty', short: told('short'), help: told('help') }),
      E.left
    )
  )
}
