/**
 * Training speed against others, in one run: `npm run bench:peers -- --help` lists the flags.
 *
 * Each variant of each library is a process of its own that holds its network and its batches; all get the same batches and none of the
 * others' memory. They take turns: every round gives each a share of the seconds, so that a machine that slows down slows all. A
 * sample is a block of steps of at least 20 ms, timed inside the process, divided by its steps; the table has the median of the samples
 * of all rounds. Before it a variant warms up for at least 1.5 s. The accuracy is that of its predictions, after the run, on the examples
 * that it trained on: who does not train is seen.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { commonest, examplesOf, rightlyPredicted, type Examples } from '../data.js'
import { secondsOf } from '../flags.js'
import { rounded, showTime, table } from '../line.js'
import { quantile } from '../timing.js'
import { outputsOf, workloadNamed, workloads, type Workload } from '../workloads.js'
import { contenders, ours, type Contender } from './contenders.js'
import { start, type Runner } from './runner.js'

const warmUpMilliseconds = 1500
const blockMilliseconds = 20
const rounds = 5

const usage = `npm run bench:peers -- [flags]

  --workload NAME     ${workloads.map((w) => w.name).join(', ')}; may be repeated; all of them unless told
  --peer NAME         only these beside us; may be repeated
  --seconds N         timed seconds of each variant on each workload, 3 unless told, in ${rounds} rounds; warm-up comes on top
  --json              one JSON object a line
`

/** What one variant did on one workload. */
interface Result {
  readonly workload: string
  readonly peer: string
  readonly variant: string
  readonly does: string
  readonly median_ms: number
  readonly p10_ms: number
  readonly p90_ms: number
  readonly steps: number
  readonly accuracy: number
  /** Whether that is more than always guessing the commonest label gets. */
  readonly trained: boolean
}

/** A variant that could not, and why. */
interface Absence {
  readonly workload: string
  readonly peer: string
  readonly variant: string
  readonly why: string
}

const say = (text: string): void => { process.stdout.write(`${text}\n`) }
const remark = (text: string): void => { process.stderr.write(`${text}\n`) }

/** The peers' packages, installed as their lock file says when they are not yet. */
const install = (): string | undefined => {
  const folder = fileURLToPath(new URL('.', import.meta.url))
  const [lock, installed] = [join(folder, 'package-lock.json'), join(folder, 'node_modules', '.package-lock.json')]
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return undefined
  remark('Installing the peers …')
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 2, 2] })
  return status === 0 ? undefined : 'npm ci failed in test/bench/peers'
}

const files = (folder: string, { name }: Workload, batches: readonly Examples[]) => {
  const write = (what: 'x' | 'y'): string => {
    const path = join(folder, `${name}.${what}`)
    writeFileSync(path, Buffer.concat(batches.map((b) => new Uint8Array(b[what].buffer))))
    return path
  }
  return { x: write('x'), y: write('y') }
}

/** A variant in the running. */
interface Running {
  readonly contender: Contender
  readonly runner: Runner
  readonly does: string
  readonly block: number
  readonly samples: number[]
  steps: number
}

/** Thrown where a variant cannot go on; caught where it is taken out. */
const answered = <A>(value: A | undefined, error: string | undefined): A => {
  if (value === undefined) throw new Error(error ?? 'an answer without what was asked for')
  return value
}

const train = async (runner: Runner, steps: number): Promise<number> => {
  const { milliseconds, error } = await runner.ask({ train: steps })
  return answered(milliseconds, error)
}

/** Opens and warms up: 1, 2, 4, … steps until it has run long enough and a block is long enough. */
const enter = async (contender: Contender, question: object): Promise<Running> => {
  const runner = start(contender)
  try {
    const { does, error } = await runner.ask({ open: question })
    const said = answered(does, error)
    let warm = 0
    let block = 1
    for (;;) {
      const took = await train(runner, block)
      warm += took
      if (took < blockMilliseconds) block *= 2
      else if (warm >= warmUpMilliseconds) break
    }
    return { contender, runner, does: said, block, samples: [], steps: 0 }
  } catch (error) {
    runner.close()
    throw error
  }
}

const turn = async (running: Running, seconds: number): Promise<void> => {
  for (let passed = 0; passed < seconds * 1000;) {
    const took = await train(running.runner, running.block)
    passed += took
    running.samples.push(took / running.block)
    running.steps += running.block
  }
}

const accuracy = async ({ runner }: Running, workload: Workload, batches: readonly Examples[]): Promise<number> => {
  let right = 0
  for (const [i, { y }] of batches.entries()) {
    const { outputs, error } = await runner.ask({ predict: i })
    right += rightlyPredicted(outputsOf(workload), answered(outputs, error).map((p) => p ?? Number.NaN), y)
  }
  return right / batches.length
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const race = async (workload: Workload, field: readonly Contender[], seconds: number, folder: string) => {
  const batches = examplesOf(workload)
  const guessed = commonest(outputsOf(workload), batches.map((b) => b.y))
  const question = { workload, ...files(folder, workload, batches) }
  const absent: Absence[] = []
  const results: Result[] = []
  const leave = ({ peer, variant }: Contender, error: unknown): void => {
    absent.push({ workload: workload.name, peer, variant, why: messageOf(error) })
  }
  let inRace: readonly Running[] = []
  try {
    for (const contender of field) {
      remark(`${workload.name}: ${contender.peer}, ${contender.variant}`)
      try {
        inRace = [...inRace, await enter(contender, question)]
      } catch (error) {
        leave(contender, error)
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const running of inRace) {
        try {
          await turn(running, seconds / rounds)
        } catch (error) {
          leave(running.contender, error)
          running.runner.close()
          inRace = inRace.filter((r) => r !== running)
        }
      }
    }
    for (const running of inRace) {
      const { contender: { peer, variant }, does, samples, steps } = running
      try {
        const right = await accuracy(running, workload, batches)
        results.push({
          workload: workload.name, peer, variant, does,
          median_ms: rounded(quantile(samples, 0.5)), p10_ms: rounded(quantile(samples, 0.1)), p90_ms: rounded(quantile(samples, 0.9)),
          steps, accuracy: rounded(right), trained: right > guessed
        })
      } catch (error) {
        leave(running.contender, error)
      }
    }
  } finally {
    inRace.forEach((r) => { r.runner.close() })
  }
  return { results, absent }
}

/** The fastest variant of a library on a workload. */
const best = (results: readonly Result[], workload: string, peer: string): Result | undefined =>
  results.filter((r) => r.workload === workload && r.peer === peer).sort((a, b) => a.median_ms - b.median_ms).at(0)

const ratio = (theirs: Result | undefined, own: Result | undefined): string => {
  if (theirs === undefined || own === undefined) return '–'
  const times = theirs.median_ms / own.median_ms
  return `×${times >= 100 ? times.toFixed(0) : times.toPrecision(2)}`
}

/** Lines that are alike, once, with the workloads that they are of where these are not all. */
const merged = (names: readonly string[], lines: readonly { readonly workload: string; readonly line: string }[]): readonly string[] =>
  [...new Set(lines.map((l) => l.line))].sort((a, b) => a.localeCompare(b, 'en')).map((line) => {
    const on = lines.filter((l) => l.line === line).map((l) => l.workload)
    return `- ${line}${on.length === names.length ? '' : ` (${on.join(', ')})`}`
  })

const report = (names: readonly string[], results: readonly Result[], absent: readonly Absence[], missing: readonly string[]): void => {
  const peers = [...new Set(results.map((r) => r.peer))]
  const variants = [...new Map(results.map((r) => [`${r.peer}, ${r.variant}`, r])).entries()]
  say('Time of a training step, median; in brackets the part of the training examples predicted rightly afterwards, with a ! where that')
  say('is no more than always guessing the commonest label gets.\n')
  say(table([
    ['', ...names],
    ...variants.map(([label, { peer, variant }]) => [label, ...names.map((name) => {
      const found = results.find((r) => r.workload === name && r.peer === peer && r.variant === variant)
      return found === undefined ? '–' : `${showTime(found.median_ms)} (${found.accuracy.toFixed(2)}${found.trained ? '' : '!'})`
    })])
  ]))
  say('\nHow many times as long as ours a step takes, the best variant of each.\n')
  say(table([
    ['', ...names],
    ...peers.filter((p) => p !== ours).map((peer) =>
      [peer, ...names.map((name) => ratio(best(results, name, peer), best(results, name, ours)))])
  ]))
  say('\nWhat each does:')
  say(merged(names, results.map((r) => ({ workload: r.workload, line: `${r.peer}, ${r.variant}: ${r.does}` }))).join('\n'))
  const notRun = [
    ...missing.map((line) => `- ${line}`),
    ...merged(names, absent.map((a) => ({ workload: a.workload, line: `${a.peer}, ${a.variant}: ${a.why}` })))
  ]
  if (notRun.length > 0) say(`\nWhat did not run:\n${notRun.join('\n')}`)
}

const main = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workload: { type: 'string', multiple: true, default: [] },
      peer: { type: 'string', multiple: true, default: [] },
      seconds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    say(usage)
    return 0
  }
  const seconds = secondsOf(values.seconds)
  const chosen = values.workload.length === 0 ? workloads : values.workload.map(workloadNamed)
  const notInstalled = install()
  const { all, missing } = contenders()
  const known = [...new Set(all.map((c) => c.peer))]
  const stranger = values.peer.find((p) => !known.includes(p))
  if (stranger !== undefined) throw new Error(`no peer '${stranger}' here. There are ${known.join(', ')}.`)
  const field = values.peer.length === 0 ? all : all.filter((c) => c.peer === ours || values.peer.includes(c.peer))
  const folder = mkdtempSync(join(tmpdir(), 'tikhonov-bench-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  process.once('SIGINT', () => { process.exit(130) })
  const results: Result[] = []
  const absent: Absence[] = []
  for (const workload of chosen) {
    const raced = await race(workload, field, seconds, folder)
    results.push(...raced.results)
    absent.push(...raced.absent)
    if (values.json) raced.results.forEach((r) => { say(JSON.stringify(r)) })
  }
  const left = [...missing, ...(notInstalled === undefined ? [] : [notInstalled])]
  if (values.json) {
    absent.forEach((a) => { say(JSON.stringify(a)) })
    left.forEach(remark)
  } else report(chosen.map((w) => w.name), results, absent, left)
  return results.some((r) => r.peer === ours) ? 0 : 1
}

main(process.argv.slice(2)).then((code) => { process.exitCode = code }, (error: unknown) => {
  remark(messageOf(error))
  process.exitCode = 2
})
