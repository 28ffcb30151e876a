import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { platform, type Platform } from '../../src/engine/wasm/platform.js'
import { closeThreads, crew, type Crew, type Kernel, type Shared } from '../../src/engine/wasm/team.js'
import { threads, type Thread, type Threads } from '../../src/engine/wasm/threads.js'
import type { Trials } from '../../src/engine/wasm/trial.js'
import { cell } from '../../src/engine/wasm/worker.js'
import { extent, kernel, small, type Small } from './programs.js'

const present = <A>(a: A | undefined): A => {
  if (a === undefined) throw new Error('this host has no threads')
  return a
}

const host = present(platform())
const source = present(host.threads)

/** Shares every run, whether that pays here or not. */
const always: Trials = { shares: () => true, timed: () => false, took: () => undefined }

const crewOf = (program: Shared, wanted: number, on: Platform = host): Crew => present(crew(on, program, wanted, always))

/** As in a page. */
const notHere = () => vi.spyOn(Atomics, 'wait').mockImplementation(() => { throw new TypeError('not in this context') })

/** Runs until somebody other than the main thread did something. */
const helped = ({ target }: Small, { run }: Crew): boolean => {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    run(kernel.who, 64, 64)
    if (target.subarray(0, 256).some((slot) => slot > 0)) return true
  }
  return false
}

const bytesOf = (a: Float32Array): Buffer => Buffer.from(Uint8Array.from(new Uint8Array(a.buffer, a.byteOffset, a.byteLength)))

/** A host whose threads are kept, so that they can be killed, and the cells that they share. */
const watched = () => {
  const [alive, gone]: [Thread[], Thread[]] = [[], []]
  const shared: { cells?: Int32Array } = {}
  const start: Threads['start'] = (script, done) => {
    const thread = source.start(script, () => {
      gone.push(thread)
      done()
    })
    alive.push(thread)
    return {
      ...thread,
      post: (message) => {
        if ('cells' in message) shared.cells = message.cells as Int32Array
        thread.post(message)
      }
    }
  }
  return { alive, gone, shared, host: { ...host, threads: { ...source, start } } }
}

afterEach(async () => {
  vi.restoreAllMocks()
  await closeThreads()
})

describe('any number of threads gives the same bytes', () => {
  it.each([2, 4])('%i threads, extents and chunks of any size', (wanted) => {
    const program = small(host)
    const team = crewOf(program, wanted)
    expect(team.threads).toBe(wanted)
    expect(helped(program, team)).toBe(true)
    for (const size of [0, 1, 2, 3, 5, 7, 64, 1001, extent]) {
      for (const chunks of [1, 2, 3, 7, 64, 1_000_000]) {
        program.target.fill(-7)
        program.functions[kernel.there](0, size, 0)
        const alone = bytesOf(program.target)
        program.target.fill(-7)
        team.run(kernel.there, size, chunks)
        expect(bytesOf(program.target).equals(alone), `extent ${size}, ${chunks} chunks`).toBe(true)
      }
    }
  })

  const stress = (wanted: number, rounds: number) => {
    const [one, two] = [small(host, 0.25), small(host, -0.5)]
    const [alone, other] = [small(host, 0.25), small(host, -0.5)]
    const [a, b] = [crewOf(one, wanted), crewOf(two, wanted)]
    expect(helped(one, a) && helped(two, b)).toBe(true)
    ;[one, two].forEach(({ target }) => target.fill(0))
    for (let i = 0; i < rounds; i++) {
      const [way, size, chunks] = [i % 2, 1 + ((i * 37) % 200), 1 + ((i * 11) % 17)]
      a.run(way, size, chunks)
      b.run(way, size, chunks)
      alone.functions[way](0, size, 0)
      other.functions[way](0, size, 0)
    }
    return [[one, alone], [two, other]].every(([got, wantedOf]) =>
      bytesOf(got.source).equals(bytesOf(wantedOf.source)) && bytesOf(got.target).equals(bytesOf(wantedOf.target)))
  }

  it.each([2, 4])('%i threads, two programs in turn, tens of thousands of runs that build on each other', (wanted) => {
    expect(stress(wanted, 30_000)).toBe(true)
  })

  it('where the main thread may not sleep, as in a page', () => {
    notHere()
    expect(stress(2, 5000)).toBe(true)
  })
})

describe('a worker that is lost costs time, not results', () => {
  const expected = (program: Small): Buffer => {
    program.functions[kernel.long](0, extent, 0)
    const bytes = bytesOf(program.target)
    program.target.fill(0)
    return bytes
  }

  it.each(['killed', 'given up'])('%s in the middle of its chunk', async (how) => {
    const { alive, gone, shared, host: on } = watched()
    const program = small(on)
    // The main thread, at its own chunk, waits until the worker has begun with another.
    const stuck: Kernel = (from, to, slot) => {
      for (const end = performance.now() + 20_000; performance.now() < end && Atomics.load(present(shared.cells), cell.ticket) < 1 << 16;);
      if (how === 'killed') void alive[0].terminate()
      program.functions[kernel.stuck](from, to, slot)
    }
    const team = crewOf({ ...program, functions: program.functions.with(kernel.stuck, stuck) }, 2, on)
    expect(helped(program, team)).toBe(true)
    program.target.fill(0)
    team.run(kernel.stuck, extent, 2)
    expect(bytesOf(program.target).equals(bytesOf(program.source))).toBe(true)
    expect(alive).toHaveLength(1)
    expect(helped(program, team)).toBe(true)
    expect(alive).toHaveLength(2)
    await closeThreads()
    expect(gone).toHaveLength(2)
  })

  it('killed at any moment', () => {
    const { alive, host: on } = watched()
    const program = small(on)
    const right = expected(program)
    const team = crewOf(program, 4, on)
    expect(helped(program, team)).toBe(true)
    for (let i = 0; i < 60; i++) {
      if (i % 20 === 10) void alive.shift()?.terminate()
      program.target.fill(0)
      team.run(kernel.long, extent, 1 + (i % 9))
      expect(bytesOf(program.target).equals(right), `run ${i}`).toBe(true)
    }
  })

  it.each(['thread', 'page'])('one that never answers: the main %s does all of it again, and calls another team', (where) => {
    const wait = where === 'page' ? notHere() : vi.spyOn(Atomics, 'wait')
    let cells: Int32Array | undefined
    let started = 0
    let ended = 0
    const start: Threads['start'] = () => {
      started += 1
      return {
        post: (message) => { if ('cells' in message) cells = message.cells as Int32Array },
        terminate: () => {
          ended += 1
          return Promise.resolve()
        }
      }
    }
    const program = small(host)
    const right = expected(program)
    let taken = 0
    const long: Kernel = (from, to, slot) => {
      // A worker takes a chunk, and is never heard of again.
      if (taken < 1) {
        Atomics.add(present(cells), cell.ticket, (1 << 16) - 1)
        taken += 1
      }
      program.functions[kernel.long](from, to, slot)
    }
    const team = crewOf({ ...program, functions: program.functions.with(kernel.long, long) }, 2, { ...host, threads: { cores: 2, start } })
    const begun = performance.now()
    team.run(kernel.long, extent, 8)
    expect(performance.now() - begun).toBeGreaterThan(1900)
    expect(bytesOf(program.target).equals(right)).toBe(true)
    expect([started, ended]).toEqual([1, 1])
    expect(wait).toHaveBeenCalled()
    program.target.fill(0)
    team.run(kernel.long, extent, 8)
    expect(bytesOf(program.target).equals(right)).toBe(true)
    expect([started, ended]).toEqual([2, 1])
  })
})

describe('a kernel that throws', () => {
  it('on a worker is run again by the main thread', () => {
    const program = small(host)
    const team = crewOf(program, 2)
    expect(helped(program, team)).toBe(true)
    for (let i = 0; i < 200; i++) {
      program.target.fill(0)
      team.run(kernel.mainOnly, extent, 64)
      expect(bytesOf(program.target).equals(bytesOf(program.source))).toBe(true)
    }
    expect(helped(program, team)).toBe(true)
  })

  it('wherever it is throws here, and the next run is as if nothing had been', () => {
    const program = small(host)
    const team = crewOf(program, 2)
    expect(helped(program, team)).toBe(true)
    for (let i = 0; i < 200; i++) {
      expect(() => { team.run(kernel.bad, 64, 1 + (i % 20)) }).toThrow('unreachable')
      program.functions[kernel.there](0, 99, 0)
      const alone = bytesOf(program.target)
      program.target.subarray(0, 99 * 4).fill(0)
      team.run(kernel.there, 99, 5)
      expect(bytesOf(program.target).equals(alone)).toBe(true)
    }
  })
})

describe('threads come and go', () => {
  it('there are none where they cannot be had', () => {
    const program = small(host)
    const absent = threads({ process })
    expect(absent).toBeUndefined()
    expect(crew({ ...host, threads: absent }, program, 2)).toBeUndefined()
    expect(crew(host, program, 1)).toBeUndefined()
    expect(crew(host, { ...program, memory: { buffer: new ArrayBuffer(8) } }, 2)).toBeUndefined()
    const refused: Threads = { cores: 2, start: () => { throw new Error('access denied') } }
    expect(crew({ ...host, threads: refused }, program, 2)).toBeUndefined()
  })

  it('in a page there are some where it is isolated', () => {
    const Worker = class {
      onerror = null
      postMessage() { /* nobody is there */ }
      terminate() { /* nor now */ }
    }
    const page = { SharedArrayBuffer, Worker, Blob, URL }
    expect(threads({ ...page, crossOriginIsolated: false })).toBeUndefined()
    expect(threads({ ...page, crossOriginIsolated: true, navigator: { hardwareConcurrency: 3 } })?.cores).toBe(3)
  })

  it('the script of a worker serves where messages come as a page sends them', () => {
    const shim = 'const { parentPort } = require("node:worker_threads"); process.getBuiltinModule = undefined;'
      + 'parentPort.on("message", (data) => { globalThis.onmessage({ data }) });'
    const start: Threads['start'] = (script, gone) => source.start(`${shim}(() => {${script}})()`, gone)
    const program = small(host)
    expect(helped(program, crewOf(program, 2, { ...host, threads: { cores: 2, start } }))).toBe(true)
  })

  it('a shut-down leaves none; the next run calls new ones', async () => {
    const { alive, gone, host: on } = watched()
    const program = small(on)
    const team = crewOf(program, 4, on)
    expect(helped(program, team)).toBe(true)
    await closeThreads()
    expect(gone).toHaveLength(3)
    expect(process.report.getReport()).toMatchObject({ workers: [] })
    expect(helped(program, team)).toBe(true)
    expect(alive).toHaveLength(6)
  })

  it('who was released is helped no more', () => {
    const program = small(host)
    const team = crewOf(program, 2)
    expect(helped(program, team)).toBe(true)
    team.release()
    program.target.fill(1)
    team.run(kernel.who, 64, 64)
    expect(program.target.subarray(0, 256).every((slot) => slot === 0)).toBe(true)
  })

  it('a program of two threads is helped by one of three workers', () => {
    const [wide, narrow] = [small(host), small(host)]
    const [all, pair] = [crewOf(wide, 4), crewOf(narrow, 2)]
    expect(helped(wide, all) && helped(narrow, pair)).toBe(true)
    for (let i = 0; i < 50; i++) {
      pair.run(kernel.who, 64, 64)
      expect(Math.max(...narrow.target.subarray(0, 256))).toBeLessThanOrEqual(1)
    }
  })

  const child = async (script: string, argument: string): Promise<unknown> => {
    const path = new URL(script, import.meta.url).pathname
    const process_ = spawn(process.execPath, ['--import', 'tsx', path, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    process_.stdout.on('data', (text: Buffer) => { said += text.toString() })
    expect(await new Promise((done) => { process_.on('close', done) })).toBe(0)
    return JSON.parse(said)
  }

  it('sleep without using the processor, and keep no process alive', { timeout: 60_000 }, async () => {
    const { helped: wasHelped, idle } = await child('idle.ts', '') as { readonly helped: boolean; readonly idle: number }
    expect(wasHelped).toBe(true)
    // Of 500 ms, in which a worker that spins would use all.
    expect(idle).toBeLessThan(150)
  })

  it.each(['released', 'dropped'])('programs that were %s give their memory back', { timeout: 120_000 }, async (how) => {
    const { helped: times, grown } = await child('many.ts', how) as { readonly helped: number; readonly grown: number }
    expect(times).toBeGreaterThan(15)
    // MB, of 30 times 32.
    expect(grown).toBeLessThan(500)
  })
})
