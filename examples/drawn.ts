/** Examples that draw: their command line, all problems of which are reported at once, and where pictures are written. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import { readLine } from './commandLine.js'
import { note, say } from './output.js'

export interface Flags {
  readonly json: boolean
  readonly out: string
  readonly short: boolean
  readonly help: boolean
}

/** An example: the command that starts it, what it does, and what is one object of `--json`. */
export interface Drawn {
  readonly name: string
  readonly about: string
  readonly object: string
}

const usage = ({ name, about, object }: Drawn): string => `${about}

  npm run ${name} -- [flags]

  --json     one JSON object ${object} on standard output, and nothing else there
  --out DIR  where pictures go; default: out/${name}
  --short    little work only: shows that everything runs, not what it learns
  --help     this text`

const options = { json: { type: 'boolean' }, short: { type: 'boolean' }, help: { type: 'boolean' }, out: { type: 'string' } } as const

/** Reads the arguments that follow the program's name; of a flag that stands there more than once the last one counts. */
export const readFlags = ({ name }: Drawn, args: readonly string[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const { told, texts, issues } = readLine(options, args)
  return F.pipe(
    N.fromArray([...issues, ...texts('out').filter((text) => text === '').map(() => '--out: its value is missing')]),
    O.match(
      () => E.right({ json: told('json'), out: texts('out').at(-1) ?? `out/${name}`, short: told('short'), help: told('help') }),
      E.left
    )
  )
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Writes a picture into the folder that `--out` names; the file's path. */
export const written = (out: string, name: string, text: string): E.Either<string, string> => E.tryCatch(() => {
  mkdirSync(out, { recursive: true })
  const file = join(out, name)
  writeFileSync(file, text)
  return file
}, (error) => `--out: found ${JSON.stringify(out)}, allowed: a folder that can be made and written (${reason(error)})`)

/** The codes that a process ends with. */
export const code = { done: 0, failed: 1, badFlags: 2 } as const

/** Runs an example: asked for help it tells its usage, with wrong flags what is wrong with them. The number is the process's code. */
export const drawing = (example: Drawn, work: (flags: Flags) => number) => (args: readonly string[]): number => {
  const flags = readFlags(example, args)
  if (E.isLeft(flags)) {
    note([...flags.left, 'The flags are told by --help'].join('\n'))
    return code.badFlags
  }
  if (!flags.right.help) return work(flags.right)
  say(usage(example))
  return code.done
}
