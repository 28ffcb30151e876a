/**
 * How steps are timed.
 *
 * - One call folds as many batches as the cadence says and emits one state: 1, 100 or the 16 of an epoch. Batches, their tensors and the
 *   state before the first step exist already; the call is `executable.fold`, so the checks that `fold` of `tikhonov/training` makes of a
 *   stranger's batch are not in it, and what it emits is.
 * - Warm-up, at least 1.5 s: calls of 1, 2, 4, … batches up to the cadence, so that a slow engine is not held by its first call; V8
 *   compiles the emitted code for good meanwhile.
 * - A sample is a block of whole calls that last at least 2 ms together, its time divided by its steps: a step of microseconds is far
 *   below what a clock resolves. Percentiles are those of blocks, so single slow steps (a collection of garbage) are averaged into theirs;
 *   where a call lasts longer than 2 ms it is a block by itself.
 * - Blocks follow each other for at least the seconds asked for and until there are 10, but not longer than four times those seconds.
 * - Nothing is subtracted. The code is the sources, translated into one file of JavaScript before it runs.
 */

/** Milliseconds from anywhere. */
export type Clock = () => number

/** Milliseconds a step: the median, and the 10th and 90th percentiles of blocks. */
export interface Timed {
  readonly median: number
  readonly p10: number
  readonly p90: number
  /** Steps timed, in how many blocks. */
  readonly steps: number
  readonly blocks: number
}

export interface Timing {
  /** Batches a call: the cadence. */
  readonly cadence: number
  readonly seconds: number
  readonly warmUpSeconds?: number
  readonly clock?: Clock
}

const blockMilliseconds = 2
const wantedBlocks = 10
const patience = 4

/** The value below which a part of the samples lies, between the two nearest of them. */
export const quantile = (samples: readonly number[], part: number): number => {
  if (samples.length === 0) return Number.NaN
  const sorted = [...samples].sort((a, b) => a - b)
  const at = part * (sorted.length - 1)
  const below = sorted[Math.floor(at)]
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at))
}

/** Runs `call`, which takes the number of batches to fold, until enough is known. */
export const timed = (call: (batches: number) => void, timing: Timing): Timed => {
  const { cadence, seconds, warmUpSeconds = 1.5, clock = () => performance.now() } = timing
  const during = (batches: number, calls: number): number => {
    const from = clock()
    for (let i = 0; i < calls; i++) call(batches)
    return clock() - from
  }
  let warm = 0
  let size = 1
  let aCall = Number.POSITIVE_INFINITY
  while (warm < warmUpSeconds * 1000) {
    const took = during(size, 1)
    warm += took
    if (size === cadence) aCall = Math.min(aCall, took)
    size = Math.min(2 * size, cadence)
  }
  const calls = Math.max(1, Math.ceil(blockMilliseconds / aCall))
  const samples: number[] = []
  let passed = 0
  while (passed < seconds * 1000 || (samples.length < wantedBlocks && passed < patience * seconds * 1000)) {
    const took = during(cadence, calls)
    passed += took
    samples.push(took / (calls * cadence))
  }
  return {
    median: quantile(samples, 0.5),
    p10: quantile(samples, 0.1),
    p90: quantile(samples, 0.9),
    steps: samples.length * calls * cadence,
    blocks: samples.length
  }
}
