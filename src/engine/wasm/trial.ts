/**
 * Whether sharing a kernel pays, found by trial: on a machine whose other cores are busy it costs more than it brings, and no rule knows.
 * Now and then a few runs are shared and not in turn; what took less time in all is kept until the next trial, where of two runs in turn
 * neither counts for more than twice the other: a moment in which the machine is elsewhere decides nothing. It changes no result.
 */
export interface Trials {
  /** Whether to share the next run of a kernel, by its index. */
  readonly shares: (kernel: number) => boolean
  /** Whether that run is part of a trial, so that its time is wanted. */
  readonly timed: (kernel: number) => boolean
  /** How long it took, in ms. */
  readonly took: (kernel: number, shared: boolean, time: number) => void
}

/** Runs of each kind in a trial. */
const samples = 16

/** Runs until the first trial. */
const first = 64

/**
 * Runs between trials: the shortest pause after a change; each trial that confirms the last doubles it, up to the longest, or as many runs
 * as fill so many ms, but never fewer than make a trial cheap. Alone it grows no further than that: to be alone in vain costs the most.
 */
const pause = { shortest: 256, cheap: 512, longest: 16_384, time: 10_000 } as const

/** Trials of so many kernels. Until the first, runs are shared. */
export const trials = (kernels: number): Trials => {
  const shared = new Uint8Array(kernels).fill(1)
  const left = new Int32Array(kernels).fill(first)
  const pauses = new Int32Array(kernels).fill(pause.shortest)
  /** Of a trial: time shared − time alone, the last time alone, and the sum of all. */
  const balance = new Float64Array(kernels)
  const alone = new Float64Array(kernels)
  const total = new Float64Array(kernels)
  return {
    shares: (kernel) => {
      left[kernel] -= 1
      return left[kernel] >= 0 ? shared[kernel] === 1 : left[kernel] % 2 === 0
    },
    timed: (kernel) => left[kernel] < 0,
    took: (kernel, wasShared, time) => {
      total[kernel] += time
      if (!wasShared) alone[kernel] = time
      else balance[kernel] += Math.min(time, 2 * alone[kernel]) - Math.min(alone[kernel], 2 * time)
      if (left[kernel] > -2 * samples) return
      const better = balance[kernel] <= 0 ? 1 : 0
      const enough = Math.max(pause.cheap, better * Math.min(pause.longest, (2 * samples * pause.time) / total[kernel]))
      pauses[kernel] = better === shared[kernel] ? Math.min(2 * pauses[kernel], enough) : pause.shortest
      shared[kernel] = better
      left[kernel] = pauses[kernel]
      balance[kernel] = 0
      total[kernel] = 0
    }
  }
}
