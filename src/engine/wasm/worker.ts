/** What a worker runs, as text: a library that is bundled has no file to give to a thread, and loaders do not reach into threads. */

/**
 * Cells that a team shares, 32 bits each. The ticket holds in its lower 16 bits how many chunks nobody has taken yet and above them one bit
 * for each worker at work; taking a chunk, and saying so, is one exchange. It is 0 when all is done. What is to be done stands behind it
 * and changes only while the ticket is 0, so whoever holds a chunk reads what belongs to it, however old the ticket that it had seen.
 */
export const cell = {
  ticket: 0, program: 1, kernel: 2, extent: 3, chunks: 4,
  /** 1: a kernel threw. */
  failed: 5,
  /** 1: the main thread sleeps on the ticket. */
  waits: 6
} as const

/** Each worker's own cells, on a cache line of their own: worker w's begin at w · line. */
export const line = 32
export const own = {
  /** 1: it sleeps on this cell. */
  asleep: 0,
  /** How many messages were sent to it; it reads them when it has read fewer. */
  mail: 1
} as const

/** Chunks not taken. */
export const untaken = 0xffff

/** The workers that a ticket has bits for. */
export const mostWorkers = 15

/** For how long a thread that has nothing to do looks on before it sleeps, in ms. */
export const spin = 0.05

/**
 * The script of a worker, for Node and for pages. Messages: `{ cells, slot }` first; `{ id, module, memory, kernels }` to know a program,
 * `{ id }` to forget it. A worker that has no room for a program leaves it to the others.
 */
export const script = `'use strict'
const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
const programs = new Map()
let cells, slot, bit, asleep, mail
let read = 0, known = 0, kernels

const load = (at) => Atomics.load(cells, at)

const knows = (id) => {
  if (id !== known) {
    known = id
    kernels = programs.get(id)
  }
  return kernels !== undefined
}

const ready = () => (load(${cell.ticket}) & ${untaken}) !== 0 && knows(load(${cell.program}))

const next = () => {
  for (;;) {
    const ticket = load(${cell.ticket})
    if ((ticket & ${untaken}) === 0) return 0
    if (Atomics.compareExchange(cells, ${cell.ticket}, ticket, ticket - 1) === ticket) return ticket & ${untaken}
  }
}

const help = () => {
  const ticket = load(${cell.ticket})
  if ((ticket & ${untaken}) === 0 || !knows(load(${cell.program}))) return false
  if (Atomics.compareExchange(cells, ${cell.ticket}, ticket, (ticket - 1) | bit) !== ticket) return true
  if (knows(cells[${cell.program}])) {
    const kernel = kernels[cells[${cell.kernel}]]
    const extent = cells[${cell.extent}]
    const chunks = cells[${cell.chunks}]
    try {
      for (let left = ticket & ${untaken}; left !== 0; left = next()) {
        const chunk = chunks - left
        kernel(Math.floor(chunk * extent / chunks), Math.floor((chunk + 1) * extent / chunks), slot)
      }
    } catch {
      Atomics.store(cells, ${cell.failed}, 1)
    }
  } else Atomics.store(cells, ${cell.failed}, 1)
  Atomics.and(cells, ${cell.ticket}, ~bit)
  if (load(${cell.waits}) === 1) Atomics.notify(cells, ${cell.ticket})
  return true
}

const serve = () => {
  for (;;) {
    let until = performance.now() + ${spin}
    for (let n = 1; ; n++) {
      if (help()) until = performance.now() + ${spin}
      else if (load(mail) !== read) return
      else if (n % 64 === 0 && performance.now() > until) break
    }
    Atomics.store(cells, asleep, 1)
    if (!ready() && load(mail) === read) Atomics.wait(cells, asleep, 1)
    Atomics.store(cells, asleep, 0)
  }
}

const receive = (message) => {
  read = (read + 1) | 0
  known = 0
  kernels = undefined
  if (message.cells !== undefined) {
    cells = message.cells
    slot = message.slot
    bit = 1 << (15 + slot)
    asleep = slot * ${line} + ${own.asleep}
    mail = slot * ${line} + ${own.mail}
  } else if (message.module === undefined) programs.delete(message.id)
  else {
    try {
      const { exports } = new WebAssembly.Instance(message.module, { host: { memory: message.memory } })
      programs.set(message.id, message.kernels.map((name) => exports[name]))
    } catch {}
  }
  if (load(mail) === read) serve()
}

if (threads === undefined) globalThis.onmessage = ({ data }) => { receive(data) }
else threads.parentPort.on('message', receive)
`
