/** The example around the fit: flags, what is said, the chart. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { uncertaintyChart } from './chart.js'
import { loadMeats } from './data.js'
import { readFlags, usage } from './flags.js'
import { type Effort, fit } from './run.js'
import { json, rowsOf, table } from './summary.js'

const done = 0
const failed = 1
const badFlags = 2

const note = (text: string): void => void process.stderr.write(`${text}\n`)
const say = (text: string): void => void process.stdout.write(`${text}\n`)

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Long enough to learn the curve, or just enough to run. */
const effortOf = (short: boolean): Effort => (short ? { epochs: 5, samples: 10 } : { epochs: 100, samples: 400 })

const written = (out: string, text: string): E.Either<string, string> => E.tryCatch(() => {
  mkdirSync(out, { recursive: true })
  const file = join(out, 'uncertainty.svg')
  writeFileSync(file, text)
  return file
}, (error) => `--out: found ${JSON.stringify(out)}, allowed: a folder that can be made and written (${reason(error)})`)

/** Runs the example; the number is the code that the process is to end with. */
export const job = (args: readonly string[]): number => {
  const flags = readFlags(args)
  if (E.isLeft(flags)) {
    note([...flags.left, 'The flags are told by --help'].join('\n'))
    return badFlags
  }
  const { json: asJson, out, short, help } = flags.right
  if (help) {
    say(usage)
    return done
  }
  const meats = loadMeats()
  if (E.isLeft(meats)) {
    note(meats.left.join('\n'))
    return failed
  }
  const effort = effortOf(short)
  note(`Training for ${effort.epochs} epochs, then asking ${effort.samples} sub-networks`)
  const found = fit(meats.right, effort)
  if (E.isLeft(found)) {
    note(found.left)
    return failed
  }
  const rows = rowsOf(meats.right, found.right)
  say(asJson ? rows.map((row) => json(row, effort)).join('\n') : `${table(rows)}\n\n${legend}`)
  const chart = written(out, uncertaintyChart(meats.right, found.right))
  if (E.isLeft(chart)) {
    note(chart.left)
    return badFlags
  }
  ;(asJson ? note : say)(`Chart: ${chart.right}`)
  return done
}

const legend = `All in percent of the weight. deviation: between the sub-networks. error: root mean square of their mean.
held: fraction within two deviations, of network and noise. gap: from the mean of the samples to the mean weights.`
