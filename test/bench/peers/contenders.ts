/** Who is compared, in which variants, and how each is started. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { relaxedFlags } from '../engines.js'

/** One way of running one library. */
export interface Contender {
  /** The library; variants of one compete for its best time. */
  readonly peer: string
  readonly variant: string
  readonly command: string
  readonly args: readonly string[]
  /** Workloads that it is left out of unless it is asked for by name, and why. */
  readonly skips?: Readonly<Record<string, string>>
}

/** Us: with plain SIMD, which is the default, and with relaxed SIMD. */
export const ours = 'tikhonov'
export const oursRelaxed = 'tikhonov, relaxed SIMD'
export const isOurs = (peer: string): boolean => peer === ours || peer === oursRelaxed

export const pytorch = 'PyTorch'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

const node = (peer: string, variant: string, adapter: string, options: object = {}, flags: readonly string[] = []): Contender =>
  ({ peer, variant, command: process.execPath, args: [...flags, here('child.mjs'), here(adapter), JSON.stringify(options)] })

const showThreads = (threads: number): string => (threads === 1 ? '1 thread' : `${threads} threads`)

/** Our own sources are TypeScript: the loader that runs this program runs them. Peers run without it, as they were published. */
const own = (threads: number, relaxed: boolean): Contender =>
  node(relaxed ? oursRelaxed : ours, showThreads(threads), '../ours.ts', { engine: 'wasm', threads, relaxed },
    [...process.execArgv, ...(relaxed ? relaxedFlags : [])])

const jax = (variant: string, threads: number, flags: readonly string[] = []): Contender => ({
  ...node('jax-js', variant, 'adapters/jax.mjs', { threads }, flags),
  skips: { lenet: 'a step takes seconds; `--peer jax-js` waits for it' }
})

const hasTorch = (python: string): boolean => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0

/** The first Python that can import torch: `$PYTHON`, the one on the path, the system's. */
const torchPython = (): string | undefined =>
  [...(process.env.PYTHON === undefined ? [] : [process.env.PYTHON]), 'python3', '/usr/bin/python3'].find(hasTorch)

/** Everyone who can be started here, us first; `missing` says who cannot, and why. */
export const contenders = (): { readonly all: readonly Contender[]; readonly missing: readonly string[] } => {
  const python = torchPython()
  const torch = (command: string, threads: number): Contender =>
    ({ peer: pytorch, variant: showThreads(threads), command, args: [here('adapters/pytorch.py'), JSON.stringify({ threads })] })
  return {
    all: [
      own(1, false), own(2, false), own(1, true), own(2, true),
      ...(python === undefined ? [] : [torch(python, 1), torch(python, 2)]),
      node('TensorFlow.js', 'wasm', 'adapters/tensorflow.mjs'),
      jax('wasm', 1),
      jax('wasm, relaxed SIMD', 1, relaxedFlags),
      jax('wasm, relaxed SIMD, 2 threads', 2, relaxedFlags),
      node('ConvNetJS', 'JavaScript', 'adapters/convnet.mjs'),
      node('brain.js', 'JavaScript', 'adapters/brain.mjs')
    ],
    missing: python === undefined ? ['PyTorch: no python3 here can import torch (PYTHON names another)'] : []
  }
}
