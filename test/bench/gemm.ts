/** How fast an engine multiplies matrices: what the times to reach are scaled by. */
import type { Engine } from 'tikhonov/engine'
import { matmul, variable } from 'tikhonov/expr'
import { timed } from './timing.js'

const [m, k, n] = [128, 784, 512]

/**
 * GFLOP/s of [128, 784]·[784, 512] through `engine.evaluate`, a graph of that one product. Its time includes the copy of both factors into
 * the engine's memory (2 MB of float32) and the call; nothing is subtracted, so the product alone is a little faster than this.
 */
export const gemmRate = (engine: Engine, seconds = 0.5): number => {
  const product = engine.evaluate([matmul(variable('a', [m, k]), variable('b', [k, n]))])
  const wave = (size: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(i))
  const factors: Readonly<Record<string, Float32Array>> = { a: wave(m * k), b: wave(k * n) }
  const run = { values: (path: string) => factors[path], seed: 0, step: 0, position: 0 }
  const { median } = timed(() => { product(run) }, { cadence: 1, seconds, warmUpSeconds: 0.5 })
  return 2 * m * k * n / median / 1e6
}
