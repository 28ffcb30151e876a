/**
 * Training speed of the networks of the benchmark: `npm run bench -- --help` lists the flags, `timing.ts` says how time is taken.
 * Of several workloads each runs in a process of its own, so that none compiles with another's warm code or counts another's memory.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { plain, relaxedFlags, running } from './engines.js'
import { cadences, flagsOf, usage, type Flags } from './flags.js'
import { gemmRate, rates, showRates } from './gemm.js'
import { grow } from './grow.js'
import { rounded, showLines, type Line } from './line.js'
import { peakResidentMiB } from './memory.js'
import { trainerOf } from './network.js'
import { batchesOf, sessionOf } from './session.js'
import { timed } from './timing.js'
import { verify, type Verified } from './verify.js'
import type { Workload } from './workloads.js'

const say = (text: string): void => { process.stdout.write(`${text}\n`) }
const remark = (text: string): void => { process.stderr.write(`${text}\n`) }

const measured = (workload: Workload, flags: Flags): Line => {
  const { engine, threads, relaxed } = running(flags)
  const { batches, name } = cadences[flags.emit]
  const session = sessionOf(trainerOf(workload, engine), batchesOf(workload))
  const { median, p10, p90, steps } = timed(session.advance, { cadence: batches, seconds: flags.seconds })
  const peak = peakResidentMiB()
  return {
    workload: workload.name,
    engine: engine.name,
    threads,
    relaxed,
    emit: name,
    median_ms: rounded(median),
    p10_ms: rounded(p10),
    p90_ms: rounded(p90),
    samples_per_s: rounded(workload.batch / median * 1000),
    compile_ms: rounded(session.compileMilliseconds),
    steps,
    loss_first: rounded(session.firstLoss()),
    loss_last: rounded(session.lastLoss()),
    rss_mb: rounded(peak),
    gemm_gflops: rounded(gemmRate(plain(flags.engine)))
  }
}

const showVerified = (name: string, v: Verified): string =>
  `${name}: ${v.steps} steps against the reference engine: largest difference of loss ${v.loss.toPrecision(3)} ` +
  `(allowed ${v.lossBound.toPrecision(3)}), ` +
  `of state ${v.state.toPrecision(3)} (allowed ${v.stateBound.toPrecision(3)})` +
  `${v.jumps === 0 ? '' : `, ${v.jumps} steps at a jump left out`}${v.atOnce ? '' : ', ALL IN ONE CALL ENDS ELSEWHERE'}: ` +
  (v.holds ? 'holds' : 'DOES NOT HOLD')

/** What running one workload says. */
interface Outcome {
  readonly line: Line
  readonly verified?: Verified
}

/** One workload in this process. */
const here = (workload: Workload, flags: Flags): Outcome => {
  const { engine, notes } = running(flags)
  notes.forEach((note) => { remark(`${workload.name}: ${note}`) })
  const line = measured(workload, flags)
  return flags.verify ? { line, verified: verify(workload, engine, batchesOf(workload)) } : { line }
}

/** The flags that this process lacks for what is asked. */
const lacking = ({ relaxed }: Flags): readonly string[] => (relaxed ? relaxedFlags.filter((f) => !process.execArgv.includes(f)) : [])

/** One workload in a process of its own, which is this program with the same flags; what it remarks passes through. */
const apart = (workload: Workload, flags: Flags): Outcome => {
  const args = [
    '--workload', workload.name, '--engine', flags.engine, '--emit', flags.emit, '--threads', String(flags.threads),
    '--seconds', String(flags.seconds), '--json', ...(flags.relaxed ? ['--relaxed'] : []), ...(flags.verify ? ['--verify'] : [])
  ]
  const program = [...lacking(flags), ...process.execArgv, fileURLToPath(import.meta.url)]
  const { stdout, status, signal } = spawnSync(process.execPath, [...program, ...args], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit']
  })
  const [line, verified] = stdout.split('\n').filter((l) => l !== '')
  if (line === undefined) throw new Error(`${workload.name} ended with ${signal ?? `exit code ${status ?? '?'}`} before it was measured`)
  // What this program wrote itself, a moment ago.
  return { line: JSON.parse(line) as Line, ...(verified === undefined ? {} : { verified: JSON.parse(verified) as Verified }) }
}

const show = (flags: Flags, { line, verified }: Outcome): void => {
  if (!flags.json) return
  say(JSON.stringify(line))
  if (verified !== undefined) say(JSON.stringify({ verified: line.workload, ...verified }))
}

/** Whether everything held that was to be verified. */
const all = (flags: Flags): boolean => {
  const alone = flags.workloads.length === 1 && lacking(flags).length === 0
  const outcomes = flags.workloads.map((workload) => {
    const outcome = (alone ? here : apart)(workload, flags)
    show(flags, outcome)
    return outcome
  })
  if (!flags.json) {
    say(showLines(outcomes.map((o) => o.line)))
    outcomes.forEach(({ line, verified }) => { if (verified !== undefined) say(showVerified(line.workload, verified)) })
  }
  return outcomes.every(({ verified }) => verified?.holds ?? true)
}

const growth = (flags: Flags): boolean => {
  const { engine, notes } = running(flags)
  notes.forEach(remark)
  const g = grow(engine, cadences[flags.emit].batches)
  say(flags.json ? JSON.stringify({ grow: 'online', engine: engine.name, emit: cadences[flags.emit].name, ...g })
    : `online, ${engine.name}, ${cadences[flags.emit].name}: ${g.before.toFixed(1)} MB resident during ` +
      `${g.steps.toLocaleString('en')} steps, ` +
      `${g.after.toFixed(1)} MB during as many more: ${g.holds ? 'no growth' : `IT GREW by ${g.growth.toFixed(1)} MB`}`)
  return g.holds
}

/** The rates of the matrix product, in a process that has what relaxed SIMD needs. */
const products = (flags: Flags): boolean => {
  const lacks = lacking({ ...flags, relaxed: true })
  if (lacks.length > 0) {
    const args = [...lacks, ...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
    return spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0
  }
  const measuredRates = rates(flags.seconds)
  if (flags.json) measuredRates.forEach((r) => { say(JSON.stringify(r)) })
  else say(showRates(measuredRates))
  return true
}

const main = (args: readonly string[]): number => {
  try {
    const flags = flagsOf(args)
    if (flags.help) {
      say(usage)
      return 0
    }
    return (flags.grow ? growth : flags.gemm ? products : all)(flags) ? 0 : 1
  } catch (error) {
    remark(error instanceof Error ? error.message : String(error))
    return 2
  }
}

process.exitCode = main(process.argv.slice(2))
