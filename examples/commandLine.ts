/** Command lines of the examples: flags that are switches or have a text, and everything that is wrong with the form of a line. */
import { parseArgs } from 'node:util'
import { array as A, function as F } from 'fp-ts'

/** The flags of a program by name, without their hyphens. */
export type Options = Readonly<Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean }>>

/** What a line says: whether a flag stands there, the texts that follow it, and the problems of form. */
export interface CommandLine<Flag> {
  readonly told: (flag: Flag) => boolean
  readonly texts: (flag: Flag) => readonly string[]
  readonly issues: readonly string[]
}

/** Each flag is parsed with what follows it up to the next one, so that no flag is taken for the value of the one before. */
const parse = (options: Options, args: readonly string[]) => F.pipe(
  [...args],
  A.chop(([first, ...rest]) => {
    const { init, rest: later } = A.spanLeft((arg: string) => !arg.startsWith('--'))(rest)
    return [[first, ...init], later]
  }),
  A.chain((run) => parseArgs({ args: run, options, strict: false, tokens: true }).tokens)
)

/** What is wrong with the form of each argument: names and missing values, not yet the values themselves. */
const formIssues = (options: Options, tokens: ReturnType<typeof parse>): readonly string[] => tokens.flatMap((token) => {
  if (token.kind === 'positional') return [`${JSON.stringify(token.value)}: not a flag; every value follows its flag`]
  if (token.kind === 'option-terminator') return []
  const { name, rawName, value } = token
  if (!Object.hasOwn(options, name)) {
    return [`${rawName}: no such flag; known: ${Object.keys(options).map((known) => `--${known}`).join(', ')}`]
  }
  if (options[name].type === 'boolean') return value === undefined ? [] : [`${rawName}: takes no value, found ${JSON.stringify(value)}`]
  return value === undefined ? [`${rawName}: its value is missing`] : []
})

/** Reads the arguments that follow the program's name. */
export const readLine = <const O extends Options>(options: O, args: readonly string[]): CommandLine<keyof O> => {
  const tokens = parse(options, args)
  const of = (flag: keyof O) => tokens.flatMap((token) => (token.kind === 'option' && token.name === flag ? [token] : []))
  return {
    told: (flag) => of(flag).length > 0,
    texts: (flag) => of(flag).flatMap(({ value }) => (value === undefined ? [] : [value])),
    issues: formIssues(options, tokens)
  }
}

/** What is wrong with numbers of seeds. */
export const seedIssues = (seeds: readonly string[]): readonly string[] => seeds
  .filter((text) => !/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 1000)
  .map((text) => `--seeds: found ${JSON.stringify(text)}, allowed: a whole number from 1 to 1000`)
