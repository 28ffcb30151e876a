/** The command line of the benchmark. */
import { parseArgs } from 'node:util'
import type { Asked, EngineName } from './engines.js'
import { batchesInACycle, workloadNamed, workloads, type Workload } from './workloads.js'

/** How often a state is emitted: after every step, after 100, after each epoch. */
export type Emit = 'step' | '100' | 'epoch'

/** Batches a call of `fold`, and the name of the cadence in the output. */
export const cadences: Readonly<Record<Emit, { readonly batches: number; readonly name: string }>> = {
  step: { batches: 1, name: 'every-step' },
  100: { batches: 100, name: 'every-100' },
  epoch: { batches: batchesInACycle, name: 'epoch' }
}

export interface Flags extends Asked {
  readonly workloads: readonly Workload[]
  readonly emit: Emit
  readonly seconds: number
  readonly json: boolean
  readonly verify: boolean
  readonly grow: boolean
  readonly gemm: boolean
  readonly help: boolean
}

export const usage = `npm run bench -- [flags]

  --workload NAME     ${workloads.map((w) => w.name).join(', ')}; may be repeated; all of them unless told
  --engine NAME       wasm (default) or reference
  --emit CADENCE      how often a state goes out: step, 100 (default) or epoch (${batchesInACycle} batches)
  --threads N         1, 2 or auto (default)
  --relaxed           relaxed SIMD; on Node 20 it runs in a process that has the flag for it
  --seconds N         timed seconds of each workload, 3 unless told; warm-up comes on top
  --json              one JSON object a line
  --verify            train 20 steps on the reference engine too, and print the largest differences; exit 1 where they are too large
  --grow              resident memory before and after 100,000 steps of online; exit 1 where it grew. Nothing else is run
  --gemm              GFLOP/s of the matrix product alone, of one thread and of two, beside what the machine can do. Nothing else is run
`

const oneOf = <A extends string>(flag: string, given: string, known: readonly A[]): A => {
  const found = known.find((k) => k === given)
  if (found === undefined) throw new Error(`--${flag} ${given}: one of ${known.join(', ')}`)
  return found
}

/** A number of seconds above 0. */
export const secondsOf = (given: string): number => {
  const seconds = Number(given)
  if (!(seconds > 0 && seconds <= 3600)) throw new Error(`--seconds ${given}: a number above 0, at most 3600`)
  return seconds
}

/** What a command line says; an Error with a readable message where it is not understood. */
export const flagsOf = (args: readonly string[]): Flags => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      workload: { type: 'string', multiple: true, default: [] },
      engine: { type: 'string', default: 'wasm' },
      emit: { type: 'string', default: '100' },
      threads: { type: 'string', default: 'auto' },
      relaxed: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      verify: { type: 'boolean', default: false },
      grow: { type: 'boolean', default: false },
      gemm: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const { workload, engine, emit, threads, seconds, ...switches } = values
  const asked = oneOf('threads', threads, ['1', '2', 'auto'])
  return {
    ...switches,
    workloads: workload.length === 0 ? workloads : workload.map(workloadNamed),
    engine: oneOf<EngineName>('engine', engine, ['wasm', 'reference']),
    emit: oneOf<Emit>('emit', emit, ['step', '100', 'epoch']),
    threads: asked === 'auto' ? asked : Number(asked),
    seconds: secondsOf(seconds)
  }
}
