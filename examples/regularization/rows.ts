/** Trains the rows of a plan one after the other, prints each as it finishes, and draws the charts of each data set. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultEngine, reference } from 'tikhonov/engine'
import { say } from '../output.js'
import { decisionBoundaries } from './boundaries.js'
import { learningCurves } from './curves.js'
import type { Flags } from './flags.js'
import { epochWork, type Part } from './plan.js'
import type { Progress } from './progress.js'
import type { CaseResult, RunCase } from './result.js'
import { splitOf } from './split.js'
import { type Row, summarise } from './summary.js'
import { heading, json, line } from './table.js'

/** What a job has brought about, also when it was interrupted: rows, the names of charts, and the runs that failed. */
export interface Outcome {
  readonly rows: readonly Row[]
  readonly charts: readonly string[]
  readonly failures: readonly string[]
}

/** Writes the charts of an experiment's finished rows and answers their names. */
const draw = ({ experiment, all }: Part, rows: readonly Row[], out: string): readonly string[] => {
  const drawn = Object.entries({
    [`learning-curves-${experiment.data}.svg`]: learningCurves(experiment, rows),
    [`decision-boundaries-${experiment.data}.svg`]: decisionBoundaries(experiment, rows, splitOf(experiment, all, 1))
  })
  return drawn.flatMap(([name, svg]) => {
    if (svg === undefined) return []
    writeFileSync(join(out, name), svg)
    return [name]
  })
}

export const runRows = async (
  runCase: RunCase, parts: readonly Part[], flags: Flags, bar: Progress, signal: AbortSignal
): Promise<Outcome> => {
  const rows: Row[] = []
  const charts: string[] = []
  const failures: string[] = []
  const engine = flags.reference ? reference() : defaultEngine()
  let done = 0

  for (const part of parts) {
    const { experiment, all, seeds, epochs } = part
    const before = rows.length
    if (!flags.json) bar.above(() => say(`${part === parts[0] ? '' : '\n'}${heading(experiment, epochs, seeds, engine)}`))

    for (const row of part.cases) {
      const name = `${experiment.data}/${row.name}`
      const results: CaseResult[] = []
      for (let seed = 1; seed <= seeds; seed++) {
        const tell = (epoch: number): void => {
          bar.say(`${name} · seed ${seed}/${seeds} · epoch ${epoch}/${epochs}`)
          bar.at(done + epoch * epochWork(experiment))
        }
        tell(0)
        try {
          results.push(await runCase({ experiment, split: splitOf(experiment, all, seed), epochs, engine }, row, seed, tell, signal))
        } catch (error) {
          if (signal.aborted) return { rows, charts, failures }
          failures.push(`${name}, seed ${seed}: ${error instanceof Error ? error.message : String(error)}`)
        }
        done += epochs * epochWork(experiment)
      }
      if (results.length < seeds) continue
      const finished = summarise(experiment.data, row.name, results)
      rows.push(finished)
      bar.above(() => say(flags.json ? json(finished) : line(finished)))
    }

    if (rows.length > before) charts.push(...draw(part, rows.slice(before), flags.out))
  }
  return { rows, charts, failures }
}
