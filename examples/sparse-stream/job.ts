/** The example from its command line to its exit code: the pass over messages, then the streams of which few features matter. */
import { either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import { csrRows, type SparseExamples } from 'tikhonov/sparse'
import { rows } from 'tikhonov/tensor'
import { readLine } from '../commandLine.js'
import { read } from '../data/read.js'
import { svmlight } from '../data/svmlight.js'
import { note, say } from '../output.js'
import { cases, pass } from './study.js'
import { keep, settings, stream } from './synthetic.js'

const done = 0
const failed = 1
const badFlags = 2

const usage = `Learns in one pass over messages which few of 65,536 tokens tell spam, by optimizers that leave weights exactly 0

  npm run sparse-stream -- [flags]

  --json   one JSON object a row on standard output, and nothing else there
  --short  few messages and one short stream: shows that everything runs, not what it learns
  --help   this text`

const options = { json: { type: 'boolean' }, short: { type: 'boolean' }, help: { type: 'boolean' } } as const

const file = 'spamassassin.svm.gz'

/** The messages, or the first `count` of them. */
const load = (count: number | undefined): E.Either<N.NonEmptyArray<string>, SparseExamples> => F.pipe(
  read(file),
  E.chain((bytes) => svmlight({ file, rows: 6046, columns: 65536 })(bytes.toString('utf8'))),
  E.map(({ x, y }) => (count === undefined ? { x, y } : { x: csrRows(x, 0, count), y: rows(y, 0, count) }))
)

const columns = (cells: readonly string[]): string => cells.map((cell, i) => (i === 0 ? cell.padEnd(24) : cell.padStart(12))).join('')

/** A row as it is printed: for people, or as JSON. */
const printed = (json: boolean, row: Readonly<Record<string, string | number>>, cells: readonly string[]): void =>
  say(json ? JSON.stringify(row) : columns(cells))

const heading = (json: boolean, title: string, cells: readonly string[]): void => {
  if (!json) say(`${title}\n${columns(cells)}`)
}

/** The rows of the messages; the first failure ends them. */
const messages = (json: boolean, examples: SparseExamples): E.Either<string, unknown> => {
  heading(json, `${examples.x.shape[0]} messages, one at a time; accuracy before each was learned from`,
    ['case', 'λ', 'accuracy', 'weights ≠ 0', 'ms'])
  return E.traverseArray((each: typeof cases[number]) => F.pipe(pass(each, examples), E.map(({ accuracy, nonzeros, ms }) =>
    printed(json,
      { case: each.name, lambda: each.lambda, accuracy: Number(accuracy.toFixed(5)), nonzeros, ms: Math.round(ms) },
      [each.name, String(each.lambda), accuracy.toFixed(4), String(nonzeros), ms.toFixed(0)]))))(cases)
}

/** The rows of the streams of which ten features matter. */
const streams = (json: boolean, seeds: readonly number[], count: number | undefined): E.Either<string, unknown> => {
  heading(json, `\n100 features of which 10 matter, ${seeds.length} streams; weights ≠ 0 (of the ten)`,
    ['case', 'λ', ...seeds.map((seed) => `seed ${seed}`)])
  const data = seeds.map((seed) => stream(seed, count))
  return E.traverseArray((setting: typeof settings[number]) => F.pipe(
    data,
    E.traverseArray((examples) => keep(setting, examples)),
    E.map((kept) => printed(json,
      {
        case: `synthetic ${setting.name}`, lambda: setting.lambda,
        nonzeros: Math.max(...kept.map(({ nonzeros }) => nonzeros)), found: Math.min(...kept.map(({ found }) => found))
      },
      [setting.name, String(setting.lambda), ...kept.map(({ nonzeros, found }) => `${nonzeros} (${found})`)]))
  ))(settings)
}

/** Runs the example with the arguments that follow the program's name, and answers the exit code. */
export const job = (args: readonly string[]): number => {
  const { told, issues } = readLine(options, args)
  const [json, short] = [told('json'), told('short')]
  const wrong = N.fromArray([...issues])
  if (O.isSome(wrong)) {
    note([...wrong.value, 'The flags are told by: npm run sparse-stream -- --help'].join('\n'))
    return badFlags
  }
  if (told('help')) {
    say(usage)
    return done
  }
  return F.pipe(
    load(short ? 300 : undefined),
    E.mapLeft((problems) => problems.join('\n')),
    E.chain((examples) => messages(json, examples)),
    E.chain(() => streams(json, short ? [1] : [1, 2, 3, 4, 5], short ? 500 : undefined)),
    E.match((problem) => {
      note(problem)
      return failed
    }, () => done)
  )
}
