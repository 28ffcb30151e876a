import { either as E } from 'fp-ts'
import { sweepLaws, type Suite } from 'tikhonov/laws'
import { sweepOver } from 'tikhonov/stream'
import { sweep, type Swept } from 'tikhonov/training'
import type { Mutant } from './harness.js'

const job = (x: number): number => {
  if (x < 0) throw new RangeError(`no root of ${x}`)
  return Math.exp(Math.sqrt(x))
}
/** The same, as threads have it. */
const module = new URL(`data:text/javascript,export default ${encodeURIComponent(
  '(x) => { if (x < 0) throw new RangeError(`no root of ${x}`); return Math.exp(Math.sqrt(x)) }')}`)

/** The same, and it says so meanwhile. */
const talking = new URL(`data:text/javascript,${encodeURIComponent(
  `import { parentPort } from 'node:worker_threads'
  export default (x) => {
    parentPort.postMessage(x)
    if (x < 0) throw new RangeError('no root of ' + x)
    return Math.exp(Math.sqrt(x))
  }`)}`)

export const suites: readonly Suite[] = [
  sweepLaws(sweep(job), { job }),
  sweepLaws((settings) => sweepOver<typeof job>(talking, settings, { workers: 2 }), { job, mostRuns: 2 }),
  sweepLaws((settings) => sweepOver<typeof job>(module, settings, { workers: 2 }), { job, mostRuns: 2 })
]

const mutant = (
  name: string, law: string, change: (swept: readonly Swept<number, number>[]) => readonly Swept<number, number>[], origin = 'one edit'
): Mutant =>
  ({ name, origin, law, suite: () => sweepLaws((settings) => change([...sweep(job)(settings)]), { job }) })

export const mutants: readonly Mutant[] = [
  mutant('the last is cancelled', 'as alone', (swept) => swept.slice(0, -1)),
  mutant('a float32 on the way', 'as alone', (swept) => swept.map((s) => ({ ...s, result: E.map(Math.fround)(s.result) }))),
  mutant('a message of the first job is taken for its result', 'as alone', (swept) =>
    swept.map((s, i) => ({ ...s, result: i === 0 ? E.right(s.setting) : swept[i - 1].result })), 'tikhonov'),
  mutant('an error ends the sweep', 'as alone', (swept) =>
    swept.slice(0, Math.max(0, swept.findIndex(({ result }) => E.isLeft(result))) || swept.length)),
  mutant('counted by index, whatever the order', 'counts', (swept) => [...swept].reverse()),
  mutant('counted from 0', 'counts', (swept) => swept.map((s) => ({ ...s, done: s.done - 1 })))
]
