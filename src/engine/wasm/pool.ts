/** The workers of a process: one team, called when a program first wants threads, given up whole when one of them is lost. */
import type { Thread, Threads } from './threads.js'
import { line, mostWorkers, own, script } from './worker.js'

/** A module's memory, shared with workers. */
export interface SharedMemory { readonly buffer: ArrayBuffer | SharedArrayBuffer }

/** Workers, and the cells that they share with the main thread. */
export interface Team { readonly cells: Int32Array; readonly workers: Thread[] }

/** After so many lost teams the process goes on alone. */
const mostLost = 3

/**
 * A worker frees a program's memory at its next garbage collection, and a worker that sleeps has none: after so many programs, or so many
 * bytes, were forgotten, its team is dismissed, and the next run calls another.
 */
const mostForgotten = { programs: 32, bytes: 2 ** 28 }

/** A program that workers may know, and the bytes of its memory. */
export interface Known { readonly id: number; readonly bytes: number }

let team: Team | undefined
let lost = 0
const forgotten = { programs: 0, bytes: 0 }
let forgetting: FinalizationRegistry<Known> | undefined

/** Buffers never touched, as large as the shared memories beside which they live. */
const weights = new WeakMap<object, ArrayBuffer>()

/** V8 does not count shared memory, so that nothing makes it collect what is dropped: it counts a buffer of that size, which uses none. */
export const weigh = (memory: SharedMemory): void => {
  if (weights.has(memory)) return
  try {
    weights.set(memory, new ArrayBuffer(memory.buffer.byteLength))
  } catch {
    // A host that is as short of memory as that collects without being told.
  }
}

/** Ends of workers that are under way. */
const ending = new Set<Promise<void>>()

/** The team there is. */
export const current = (): Team | undefined => team

/** Wakes a worker, if it sleeps. */
export const wake = (cells: Int32Array, worker: number): void => {
  const asleep = worker * line + own.asleep
  if (Atomics.load(cells, asleep) === 0) return
  Atomics.store(cells, asleep, 0)
  Atomics.notify(cells, asleep)
}

/** The count of messages is raised first: the worker that sees it goes to its mailbox and finds the message there, or waits for it. */
export const send = ({ cells, workers }: Team, worker: number, message: object): void => {
  Atomics.add(cells, worker * line + own.mail, 1)
  wake(cells, worker)
  workers[worker - 1].post(message)
}

/** Ends a team's workers. */
const dismiss = (given: Team): void => {
  if (team === given) {
    team = undefined
    Object.assign(forgotten, { programs: 0, bytes: 0 })
  }
  for (const worker of given.workers.splice(0)) {
    const end = worker.terminate()
    ending.add(end)
    void end.finally(() => ending.delete(end))
  }
}

/** Gives up a team one of whose workers is lost. */
export const lose = (given: Team): void => {
  if (team !== given) return
  lost += 1
  dismiss(given)
}

/** Makes the workers forget a program. */
export const forget = ({ id, bytes }: Known): void => {
  const given = team
  if (given === undefined) return
  given.workers.forEach((_, i) => { send(given, i + 1, { id }) })
  forgotten.programs += 1
  forgotten.bytes += bytes
  if (forgotten.programs >= mostForgotten.programs || forgotten.bytes >= mostForgotten.bytes) dismiss(given)
}

/** Makes the workers forget a program when `run` has been collected. */
export const watch = (run: object, known: Known): void => {
  forgetting ??= new FinalizationRegistry(forget)
  forgetting.register(run, known, run)
}

/** Watches no more. */
export const unwatch = (run: object): void => { forgetting?.unregister(run) }

/** The team, with so many workers at least, or `undefined` where none can be had. */
export const assemble = (host: Threads, workers: number): Team | undefined => {
  if (lost >= mostLost) return undefined
  const found: Team = team ?? { cells: new Int32Array(new SharedArrayBuffer(4 * line * (mostWorkers + 1))), workers: [] }
  team = found
  try {
    while (found.workers.length < workers) {
      found.workers.push(host.start(script, () => { lose(found) }))
      send(found, found.workers.length, { cells: found.cells, slot: found.workers.length })
    }
    return found
  } catch {
    lost = mostLost
    dismiss(found)
    return undefined
  }
}

/**
 * Ends every thread that engines started, and resolves when all are gone. No thread keeps the process alive, so there is no need to; the
 * next heavy work starts new ones.
 * @example
 * ```ts
 * import { closeThreads } from 'tikhonov/engine'
 * await closeThreads()
 * ```
 */
export const closeThreads = async (): Promise<void> => {
  lost = 0
  if (team !== undefined) dismiss(team)
  await Promise.all(ending)
}
