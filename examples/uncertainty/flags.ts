/** The command line of `examples/uncertainty.ts`. All problems of a command line are reported at once. */
import { either as E, nonEmptyArray as N, option as O, function as F } from 'fp-ts'

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

const switches: readonly string[] = ['--json', '--short', '--help']

interface Read { readonly flags: Flags; readonly issues: readonly string[] }

const none: Read = { flags: { json: false, out: 'out/uncertainty', short: false, help: false }, issues: [] }

const problem = (read: Read, text: string): Read => ({ ...read, issues: [...read.issues, text] })

/** Reads the arguments that follow the program's name; of a flag that stands there more than once the last one counts. */
export const readFlags = (args: readonly string[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const { flags, issues } = args.reduce<Read>((read, arg, i) => {
    if (args[i - 1] === '--out' && !arg.startsWith('--')) return { ...read, flags: { ...read.flags, out: arg } }
    if (switches.includes(arg)) return { ...read, flags: { ...read.flags, [arg.slice(2)]: true } }
    if (arg.startsWith('--out=') && arg.length > 6) return { ...read, flags: { ...read.flags, out: arg.slice(6) } }
    if (arg === '--out' || arg === '--out=') {
      const next = args[i + 1]
      return arg === '--out' && next !== undefined && !next.startsWith('--') ? read : problem(read, '--out: its value is missing')
    }
    return problem(read, arg.startsWith('-') ? `${arg}: no such flag; known: ${[...switches, '--out'].join(', ')}`
      : `${JSON.stringify(arg)}: not a flag; every value follows its flag`)
  }, none)
  return F.pipe(N.fromArray([...issues]), O.match(() => E.right(flags), E.left))
}
