/** Contenders are asked and answer, and one that fails says why instead of leaving the others waiting. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { examplesOf, quality } from '../data.js'
import { workloadNamed } from '../workloads.js'
import { contenders, ours, type Contender } from './contenders.js'
import { start } from './runner.js'

const folder = mkdtempSync(join(tmpdir(), 'tikhonov-runner-'))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

const workload = workloadNamed('sonar')
const batches = examplesOf(workload)
const written = (what: 'x' | 'y'): string => {
  const path = join(folder, what)
  writeFileSync(path, Buffer.concat(batches.map((b) => new Uint8Array(b[what].buffer))))
  return path
}
const question = { open: { workload, x: written('x'), y: written('y') } }

const known = contenders().all

const script = (source: string): Contender => ({ peer: 'a script', variant: '', command: process.execPath, args: ['-e', source] })

describe('a contender', () => {
  it('opens, trains for a time that it took, and predicts what it learned', async () => {
    const own = known.find((c) => c.peer === ours)
    // The loader that runs the benchmark; a test runs under another.
    const runner = start({ ...script(''), ...own, args: ['--import', 'tsx', '-C', 'tikhonov-source', ...(own?.args.slice(-3) ?? [])] })
    const { does, error } = await runner.ask(question)
    expect(error).toBeUndefined()
    expect(does).toContain('wasm')
    const before = performance.now()
    const { milliseconds } = await runner.ask({ train: 500 })
    expect(milliseconds).toBeGreaterThan(0)
    expect(milliseconds).toBeLessThan(performance.now() - before)
    const { outputs } = await runner.ask({ predict: 0 })
    expect(quality(workload, (outputs ?? []).map(Number), batches[0].y)).toBeGreaterThan(0.9)
    runner.close()
  })

  it('that dies, or cannot be started, is an answer with its reason, then and ever after', async () => {
    const dies = start(script('process.stdin.once("data", () => process.exit(3))'))
    expect(await dies.ask({ train: 1 })).toEqual({ error: 'its process ended with exit code 3' })
    expect(await dies.ask({ train: 1 })).toEqual({ error: 'its process ended with exit code 3' })
    const nowhere = start({ ...script(''), command: join(folder, 'none') })
    expect((await nowhere.ask({ train: 1 })).error).toContain('ENOENT')
  })

  it('whose adapter throws says what was thrown', async () => {
    const adapter = join(folder, 'adapter.mjs')
    writeFileSync(adapter, 'export const open = () => { throw new Error("no such backend") }')
    const child = known[0].args.at(-3) ?? ''
    const runner = start({ ...script(''), args: [child, adapter, '{}'] })
    expect(await runner.ask(question)).toEqual({ error: 'no such backend' })
    runner.close()
  })
})
