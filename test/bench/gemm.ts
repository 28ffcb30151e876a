/** How fast an engine multiplies matrices: what the times to reach are scaled by. */
import { option as O } from 'fp-ts'
import { wasm, type Engine } from 'tikhonov/engine'
import { constant, matmul } from 'tikhonov/expr'
import { ceilings, dispatchMicroseconds } from './ceiling.js'
import { rounded, table } from './line.js'
import { quantile, timed } from './timing.js'

const [m, k, n] = [128, 784, 512]

const wave = (size: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(i))
const now = { values: () => [], seed: 0, step: 0, position: 0 }

/** Measures for so many seconds: GFLOP/s. */
type Meter = (seconds: number, warmUpSeconds: number) => number

const meter = (call: () => void, operations: number): Meter => (seconds, warmUpSeconds) =>
  operations / timed(call, { cadence: 1, seconds, warmUpSeconds }).median / 1e6

/**
 * [128, 784]·[784, 512] through `engine.evaluate`: the graph is that one product of two constants, which lie in the engine's memory
 * already; packing them is part of every call.
 */
export const gemm = (engine: Engine): Meter => {
  const product = engine.evaluate([matmul(constant(wave(m * k), [m, k]), constant(wave(k * n), [k, n]))])
  return meter(() => { product(now) }, 2 * m * k * n)
}

/** The rate of that product on an engine, GFLOP/s. */
export const gemmRate = (engine: Engine, seconds = 0.5): number => gemm(engine)(seconds, 0.5)

/** One thread that multiplies and adds in registers, or in a tile that stays in the first cache: the better of them. */
const most = (relaxed: boolean): Meter => {
  const meters = ceilings(relaxed).map(({ call, operations }) => meter(call, operations))
  return (seconds, warmUpSeconds) => Math.max(...meters.map((each) => each(seconds / meters.length, warmUpSeconds)))
}

/** The rates of one kind of SIMD, GFLOP/s. */
export interface Rates {
  readonly gemm: '128×784×512'
  readonly relaxed: boolean
  /** The most that one thread can do without a memory behind its first cache. */
  readonly ceiling_gflops: number
  readonly one_gflops: number
  readonly two_gflops: number
  /** One thread as a part of its ceiling, and two as so many times one: medians of the rounds, in each of which all took turns. */
  readonly of_ceiling: number
  readonly second_thread: number
  /** Microseconds that it costs to offer a kernel that does nothing to a second thread, and to wait until both are through. */
  readonly dispatch_us: number
}

const rounds = 9

/** The rates of the wasm engine: with plain SIMD, and with relaxed SIMD where this host has it. */
export const rates = (seconds: number): readonly Rates[] => [false, true].flatMap((relaxed) => {
  const engines = [1, 2].map((threads) => wasm({ threads, relaxed }))
  const made = engines.flatMap((e) => (O.isSome(e) && e.value.relaxed === relaxed ? [gemm(e.value)] : []))
  if (made.length < engines.length) return []
  const meters = [most(relaxed), ...made]
  meters.forEach((each) => each(0.05, 0.5))
  const seen = Array.from({ length: rounds }, () => meters.map((each) => each(seconds / rounds / meters.length, 0.02)))
  const median = (of: (round: readonly number[]) => number): number => rounded(quantile(seen.map(of), 0.5))
  return [{
    gemm: '128×784×512', relaxed,
    ceiling_gflops: median(([c]) => c), one_gflops: median(([, one]) => one), two_gflops: median(([, , two]) => two),
    of_ceiling: median(([c, one]) => one / c), second_thread: median(([, one, two]) => two / one),
    dispatch_us: rounded(dispatchMicroseconds())
  }]
})

/** The same for people. */
export const showRates = (all: readonly Rates[]): string => table([
  ['128×784×512, GFLOP/s', 'ceiling', '1 thread', 'of ceiling', '2 threads', 'of 1 thread', 'dispatch'],
  ...all.map((r) => [
    r.relaxed ? 'relaxed SIMD' : 'plain SIMD', r.ceiling_gflops.toFixed(1), r.one_gflops.toFixed(1), `${(100 * r.of_ceiling).toFixed(0)} %`,
    r.two_gflops.toFixed(1), `×${r.second_thread.toFixed(2)}`, `${r.dispatch_us.toPrecision(2)} µs`
  ])
])
