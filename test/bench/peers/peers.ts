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
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { secondsOf } from '../flags.js'
import { workloadNamed, workloads } from '../workloads.js'
import { contenders, isOurs, ours } from './contenders.js'
import { messageOf, race, rounds, type Absence, type Result } from './race.js'
import { ratios, report } from './report.js'

const usage = `npm run bench:peers -- [flags]

  --workload NAME     ${workloads.map((w) => w.name).join(', ')}; may be repeated; all of them unless told
  --peer NAME         only these beside us; may be repeated; who is asked for runs even where a step takes seconds
  --seconds N         timed seconds of each variant on each workload, 3 unless told, in ${rounds} rounds; warm-up comes on top
  --json              one JSON object a line
`

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
  const known = [...new Set(all.map((c) => c.peer))].filter((p) => !isOurs(p))
  const stranger = values.peer.find((p) => !known.includes(p))
  if (stranger !== undefined) throw new Error(`no peer '${stranger}' here. There are ${known.join(', ')}.`)
  const field = values.peer.length === 0 ? all : all.filter((c) => isOurs(c.peer) || values.peer.includes(c.peer))
  const folder = mkdtempSync(join(tmpdir(), 'tikhonov-bench-'))
  process.once('exit', () => { rmSync(folder, { recursive: true, force: true }) })
  process.once('SIGINT', () => { process.exit(130) })
  const results: Result[] = []
  const absent: Absence[] = []
  for (const workload of chosen) {
    const skipped = field.flatMap(({ peer, variant, skips }): Absence[] => {
      const why = values.peer.includes(peer) ? undefined : skips?.[workload.name]
      return why === undefined ? [] : [{ workload: workload.name, peer, variant, why }]
    })
    absent.push(...skipped)
    const racing = field.filter((c) => !skipped.some((s) => s.peer === c.peer && s.variant === c.variant))
    const raced = await race(workload, racing, seconds, folder)
    results.push(...raced.results)
    absent.push(...raced.absent)
    if (values.json) [...raced.results, ...ratios(raced.results)].forEach((line) => { say(JSON.stringify(line)) })
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
