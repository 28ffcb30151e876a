/** The command line of the main job. All problems of a command line are reported at once. */
import { parseArgs } from 'node:util'
import { array as A, either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import type { Case, Experiment } from '../cases.js'

export interface Flags {
  readonly seeds: number | undefined
  readonly only: readonly string[]
  readonly json: boolean
  readonly out: string
  readonly short: boolean
  readonly wasm: boolean
  readonly help: boolean
}

export const usage = `Trains the same networks with and without regularization and compares them.

  npm start -- [flags]

  --seeds N    seeds (and, for sonar, splits) a row, 1 to 1000; default: moons 1, circles 1, sonar 3
  --only NAME  only this data set (moons), case (l2) or row (moons/l2); may be repeated
  --json       one JSON object a row on standard output, and nothing else there
  --out DIR    where the charts go; default: out/regularization
  --short      a few epochs only: shows that everything runs, not what it learns
  --wasm       train on the WebAssembly engine (float32) instead of the reference engine (float64): many times as fast
  --help       this text`

const options = {
  seeds: { type: 'string' },
  only: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  out: { type: 'string' },
  short: { type: 'boolean' },
  wasm: { type: 'boolean' },
  help: { type: 'boolean' }
} as const

const isFlag = (name: string): name is keyof typeof options => Object.hasOwn(options, name)

/** A row is wanted when nothing was asked for, or when its data set, its case or the pair of both was. */
export const wanted = (only: readonly string[], { data }: Experiment, { name }: Case): boolean =>
  only.length === 0 || [data, name, `${data}/${name}`].some((known) => only.includes(known))

/** What is wrong with the form of each argument: names and missing values, not yet the values themselves. */
const formIssues = (tokens: Tokens): readonly string[] => tokens.flatMap((token) => {
  if (token.kind === 'positional') return [`${JSON.stringify(token.value)}: not a flag; every value follows its flag`]
  if (token.kind === 'option-terminator') return []
  const { name, rawName, value } = token
  if (!isFlag(name)) return [`${rawName}: no such flag; known: ${Object.keys(options).map((known) => `--${known}`).join(', ')}`]
  if (options[name].type === 'boolean') return value === undefined ? [] : [`${rawName}: takes no value, found ${JSON.stringify(value)}`]
  return value === undefined ? [`${rawName}: its value is missing`] : []
})

const seedIssues = (seeds: readonly string[]): readonly string[] => seeds
  .filter((text) => !/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 1000)
  .map((text) => `--seeds: found ${JSON.stringify(text)}, allowed: a whole number from 1 to 1000`)

const nameIssues = (only: readonly string[], experiments: readonly Experiment[]): readonly string[] => {
  const names = new Set(experiments.flatMap(({ data, cases }) => [data, ...cases.map(({ name }) => name)]))
  const pairs = new Set(experiments.flatMap(({ data, cases }) => cases.map(({ name }) => `${data}/${name}`)))
  return only
    .filter((name) => !names.has(name) && !pairs.has(name))
    .map((name) => `--only: found ${JSON.stringify(name)}, allowed: ${[...names].join(', ')}, or a pair as moons/l2`)
}

/** Each flag is parsed with what follows it up to the next one, so that no flag is taken for the value of the one before. */
const parse = (args: readonly string[]) => F.pipe(
  [...args],
  A.chop(([first, ...rest]) => {
    const { init, rest: later } = A.spanLeft((arg: string) => !arg.startsWith('--'))(rest)
    return [[first, ...init], later]
  }),
  A.chain((run) => parseArgs({ args: run, options, strict: false, tokens: true }).tokens)
)
type Tokens = ReturnType<typeof parse>

/** Reads the arguments that follow the program's name. Of a flag that stands there more than once the last one counts, of --only each. */
export const readFlags = (args: readonly string[], experiments: readonly Experiment[]): E.Either<N.NonEmptyArray<string>, Flags> => {
  const tokens = parse(args)
  const told = (flag: keyof typeof options) => tokens.flatMap((token) => (token.kind === 'option' && token.name === flag ? [token] : []))
  const texts = (flag: keyof typeof options): readonly string[] =>
    told(flag).flatMap(({ value }) => (value === undefined ? [] : [value]))
  const seeds = texts('seeds')
  const only = texts('only')
  return F.pipe(
    N.fromArray([...formIssues(tokens), ...seedIssues(seeds), ...nameIssues(only, experiments)]),
    O.match(
      () => E.right({
        seeds: seeds.length === 0 ? undefined : Number(seeds.at(-1)),
        only,
        json: told('json').length > 0,
        out: texts('out').at(-1) ?? 'out/regularization',
        short: told('short').length > 0,
        wasm: told('wasm').length > 0,
        help: told('help').length > 0
      }),
      E.left
    )
  )
}
