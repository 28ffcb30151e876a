/**
 * Threads that help with kernels. Whoever is free takes the next chunk; a worker that is busy elsewhere, asleep or not there yet costs
 * nothing, because the main thread takes what is left. Every split of a kernel gives the same bytes, so the number of threads changes none.
 */
import type { Platform } from './platform.js'
import { assemble, current, forget, lose, send, unwatch, wake, watch, weigh, type SharedMemory, type Team } from './pool.js'
import { trials, type Trials } from './trial.js'
import { cell, mostWorkers, spin, untaken } from './worker.js'

export { closeThreads } from './pool.js'

/**
 * A kernel of a program: does its work for `from` ≤ i < `to`, with the scratch memory of a thread (0 is the main thread's). Whatever ranges
 * 0…extent is split into, the result is the same; done again, it is the same again: a kernel never reads what it writes.
 */
export type Kernel = (from: number, to: number, slot: number) => void

/** A program's code and shared memory. */
export interface Shared {
  readonly module: object
  /** Imported by the module as `host.memory`. */
  readonly memory: SharedMemory
  /** The names under which the module exports its kernels. */
  readonly kernels: readonly string[]
  /** The same kernels of the main thread's instance. */
  readonly functions: readonly Kernel[]
}

/** The threads of a program. */
export interface Crew {
  /** How many threads may work, the main thread included: slots are 0 … threads − 1. */
  readonly threads: number
  /**
   * Runs a kernel, by its index, over 0…extent in at most so many chunks, and returns when all is done. Allocates nothing. Throws what the
   * kernel throws on the main thread; a kernel that threw on a worker is run again here.
   */
  readonly run: (kernel: number, extent: number, chunks: number) => void
  /** The workers forget the program; from now on the main thread works alone. */
  readonly release: () => void
}

/** How many programs there were; they are known by their numbers. */
let programs = 0

/** How long a worker may take longer than twenty times the main thread's share before it counts as lost, in ms. */
const limit = 2000

/** The main thread sleeps in naps, and counts them: a process that was stopped and continued has not waited. */
const nap = 50

/** Whether this thread may sleep: a page's main thread may not. */
const maySleep = (cells: Int32Array): boolean => {
  try {
    Atomics.wait(cells, cell.ticket, -1, 0)
    return true
  } catch {
    return false
  }
}

/**
 * Takes back what nobody took, and waits until no worker works. False: one never ended. `begun` is when the dispatch began: work that is
 * long is waited for long.
 */
const joined = (cells: Int32Array, begun: number): boolean => {
  if (Atomics.and(cells, cell.ticket, ~untaken) === 0) return true
  const from = performance.now()
  const sleeps = maySleep(cells)
  const patience = limit + 20 * (from - begun)
  const look = sleeps ? spin : patience
  for (let now = from; now - from < look; now = performance.now()) {
    for (let n = 0; n < 64; n++) if (Atomics.load(cells, cell.ticket) === 0) return true
  }
  if (!sleeps) return false
  let naps = Math.ceil(patience / nap)
  Atomics.store(cells, cell.waits, 1)
  for (let ticket = Atomics.load(cells, cell.ticket); ticket !== 0 && naps > 0; ticket = Atomics.load(cells, cell.ticket)) {
    if (Atomics.wait(cells, cell.ticket, ticket, nap) === 'timed-out') naps -= 1
  }
  Atomics.store(cells, cell.waits, 0)
  return Atomics.load(cells, cell.ticket) === 0
}

/** The main thread's share: the first chunk, and every one that it takes. */
const share = (cells: Int32Array, kernel: Kernel, extent: number, chunks: number): void => {
  kernel(0, Math.floor(extent / chunks), 0)
  for (let ticket = Atomics.load(cells, cell.ticket); (ticket & untaken) !== 0; ticket = Atomics.load(cells, cell.ticket)) {
    if (Atomics.compareExchange(cells, cell.ticket, ticket, ticket - 1) !== ticket) continue
    const chunk = chunks - (ticket & untaken)
    kernel(Math.floor((chunk * extent) / chunks), Math.floor(((chunk + 1) * extent) / chunks), 0)
  }
}

/**
 * Gives a program to the process's workers, which are started when there are too few. `undefined` where threads cannot be had: one thread
 * wanted, no SharedArrayBuffer, no workers, memory that is not shared. Which runs are shared is found by trial.
 */
export const crew = (
  host: Platform, { module, memory, kernels, functions }: Shared, wanted: number, { shares, timed, took }: Trials = trials(kernels.length)
): Crew | undefined => {
  const { threads: source } = host
  const threads = Math.min(wanted, mostWorkers + 1)
  if (source === undefined || !(threads > 1) || memory.buffer instanceof ArrayBuffer) return undefined
  programs += 1
  const id = programs
  const bytes = memory.buffer.byteLength
  let released = false
  let home: Team | undefined
  /** The team that knows the program: another one after a loss or a shut-down. */
  const mustered = (): Team | undefined => {
    if (released) return undefined
    if (home !== undefined && home === current()) return home
    home = assemble(source, threads - 1)
    for (let worker = 1; home !== undefined && worker < threads; worker++) send(home, worker, { id, module, memory, kernels })
    return home
  }
  const together = (found: Team, kernel: number, extent: number, chunks: number): void => {
    const { cells } = found
    const begun = performance.now()
    cells[cell.program] = id
    cells[cell.kernel] = kernel
    cells[cell.extent] = extent
    cells[cell.chunks] = chunks
    cells[cell.failed] = 0
    Atomics.store(cells, cell.ticket, chunks - 1)
    for (let worker = 1; worker < threads && worker < chunks; worker++) wake(cells, worker)
    let whole = false
    try {
      share(cells, functions[kernel], extent, chunks)
    } finally {
      whole = joined(cells, begun)
      if (!whole) {
        lose(found)
        // Time for the end to reach a worker that is still at it, before its chunk is done again.
        if (maySleep(cells)) Atomics.wait(cells, cell.waits, 0, nap)
      }
    }
    if (!whole || cells[cell.failed] === 1) functions[kernel](0, extent, 0)
  }
  const run: Crew['run'] = (kernel, extent, chunks) => {
    const parts = Math.min(chunks, extent, untaken)
    const found = parts > 1 ? mustered() : undefined
    if (found === undefined) {
      functions[kernel](0, extent, 0)
      return
    }
    const shared = shares(kernel)
    const begun = timed(kernel) ? performance.now() : 0
    if (shared) together(found, kernel, extent, parts)
    else functions[kernel](0, extent, 0)
    if (begun > 0) took(kernel, shared, performance.now() - begun)
  }
  const release = (): void => {
    if (released) return
    released = true
    unwatch(run)
    if (home !== undefined && home === current()) forget({ id, bytes })
    home = undefined
  }
  if (mustered() === undefined) return undefined
  weigh(memory)
  watch(run, { id, bytes })
  return { threads, run, release }
}
