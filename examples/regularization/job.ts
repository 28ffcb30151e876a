/** The main job around the training: flags, plan, progress, interruption, and what is said at the end. */
import { accessSync, constants, mkdirSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { experiments } from '../cases.js'
import { note, say } from '../output.js'
import { type Flags, readFlags, usage } from './flags.js'
import { type Part, partsOf, partWork } from './plan.js'
import { progress } from './progress.js'
import type { RunCase } from './result.js'
import { type Outcome, runRows } from './rows.js'

const done = 0
const failed = 1
const badFlags = 2
const interrupted = 130

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What is said at the end; under --json standard output is kept for the rows. */
const conclude = ({ rows, charts, failures }: Outcome, parts: readonly Part[], { json, out }: Flags, aborted: boolean): void => {
  const planned = parts.reduce((sum, { cases }) => sum + cases.length, 0)
  const names = rows.map(({ data, name }) => `${data}/${name}`)
  if (charts.length > 0) (json ? note : say)(`\nCharts in ${out}: ${charts.join(', ')}`)
  if (failures.length > 0) note(`\nFailed:\n${failures.join('\n')}`)
  if (aborted) note(`\nInterrupted; finished ${rows.length} of ${planned} rows${names.length > 0 ? `: ${names.join(', ')}` : ''}`)
}

const train = async (runCase: RunCase, parts: readonly Part[], flags: Flags): Promise<number> => {
  const interruption = new AbortController()
  const { signal } = interruption
  /** The first Ctrl-C stops the training, a second one does not wait for it. */
  const interrupt = (): void => (signal.aborted ? process.exit(interrupted) : interruption.abort())
  process.on('SIGINT', interrupt)
  const bar = progress(parts.reduce((sum, part) => sum + partWork(part), 0))
  try {
    const outcome = await runRows(runCase, parts, flags, bar, signal)
    bar.stop()
    conclude(outcome, parts, flags, signal.aborted)
    return signal.aborted ? interrupted : outcome.failures.length > 0 ? failed : done
  } finally {
    bar.stop()
    process.off('SIGINT', interrupt)
  }
}

/** Runs the job with the arguments that follow the program's name, and answers the exit code. */
export const job = async (runCase: RunCase, args: readonly string[]): Promise<number> => {
  const flags = readFlags(args, experiments)
  if (E.isLeft(flags)) {
    note([...flags.left, 'The flags are told by: npm start -- --help'].join('\n'))
    return badFlags
  }
  if (flags.right.help) {
    say(usage)
    return done
  }
  const { out } = flags.right
  try {
    mkdirSync(out, { recursive: true })
    accessSync(out, constants.W_OK)
  } catch (error) {
    note(`--out: found ${JSON.stringify(out)}, allowed: a folder that can be made and written (${reason(error)})`)
    return badFlags
  }
  const parts = partsOf(flags.right)
  if (E.isLeft(parts)) {
    note(parts.left.join('\n'))
    return failed
  }
  return train(runCase, parts.right, flags.right)
}
