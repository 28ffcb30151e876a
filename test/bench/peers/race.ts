/** A race: contenders take turns on one workload. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { examplesOf, guessed, quality, type Examples } from '../data.js'
import { plain } from '../engines.js'
import { gemm } from '../gemm.js'
import { rounded } from '../line.js'
import { quantile } from '../timing.js'
import type { Workload } from '../workloads.js'
import type { Contender } from './contenders.js'
import { start, type Runner } from './runner.js'

const warmUpMilliseconds = 1500
const blockMilliseconds = 20
export const rounds = 5

/** What one variant did on one workload. */
export interface Result {
  readonly workload: string
  readonly peer: string
  readonly variant: string
  readonly does: string
  readonly median_ms: number
  readonly p10_ms: number
  readonly p90_ms: number
  readonly steps: number
  /** The part of the examples that are predicted rightly; of a regression the part of the labels' variance that is explained. */
  readonly accuracy: number
  /** Whether that is more than a guess gets that has seen no inputs. */
  readonly trained: boolean
  /** The rate of our own matrix product on one thread, which had its turns too, GFLOP/s. */
  readonly gemm_gflops: number
}

/** A variant that could not, and why. */
export interface Absence {
  readonly workload: string
  readonly peer: string
  readonly variant: string
  readonly why: string
}

/** A race that was run. */
interface Raced {
  readonly results: readonly Result[]
  readonly absent: readonly Absence[]
}

const remark = (text: string): void => { process.stderr.write(`${text}\n`) }

/** The batches as files that every contender reads. */
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
    right += quality(workload, answered(outputs, error).map((p) => p ?? Number.NaN), y)
  }
  return right / batches.length
}

/** What was thrown, as text. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Everyone in the field on one workload: what each did, and who could not. Batches lie in the folder meanwhile. */
export const race = async (workload: Workload, field: readonly Contender[], seconds: number, folder: string): Promise<Raced> => {
  const batches = examplesOf(workload)
  const guess = guessed(workload, batches.map((b) => b.y))
  const product = gemm(plain('wasm'))
  product(0.1, 0.5)
  const products: number[] = []
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
      products.push(product(0.1, 0.02))
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
          steps, accuracy: rounded(right), trained: right > guess, gemm_gflops: rounded(quantile(products, 0.5))
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
