/** What happens where WebAssembly, or memory, is missing; and that nothing is compiled twice. */
import { either as E, option as O } from 'fp-ts'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { defaultEngine, wasm, type Engine, type Executable, type Program, type TrainState } from 'tikhonov/engine'
import { constant, mul, variable } from 'tikhonov/expr'
import { dense, relu } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { fold, showTrainError, start, trainer } from 'tikhonov/training'
import { assembler } from '../../src/engine/wasm/assemble.js'
import { compiler } from '../../src/engine/wasm/compile.js'
import { platform } from '../../src/engine/wasm/platform.js'
import { training } from '../../src/engine/wasm/training.js'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

describe('the default engine', () => {
  it('is the WebAssembly engine', () => {
    expect(defaultEngine().name).toBe('wasm')
  })

  it('is the reference engine where WebAssembly is missing, which is said once', async () => {
    const warn = vi.fn()
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    vi.stubGlobal('console', { ...console, warn })
    const fresh = await import('../../src/engine/default.js')
    expect([fresh.defaultEngine().name, fresh.defaultEngine().name]).toEqual(['reference', 'reference'])
    expect(warn.mock.calls).toEqual([[expect.stringContaining('no WebAssembly with SIMD')]])
  })

  it.each<readonly [string, Parameters<typeof wasm>[0], number]>([
    ['as many as are asked for', { threads: 4 }, 1], ['as many as the host could run', {}, 1], ['one', { threads: 1 }, 0]
  ])('has one thread where memory cannot be shared, which is said once where it is not what was wanted: %s', async (_, options, times) => {
    const warn = vi.fn()
    vi.resetModules()
    vi.stubGlobal('SharedArrayBuffer', undefined)
    vi.stubGlobal('navigator', { hardwareConcurrency: 2 })
    vi.stubGlobal('console', { ...console, warn })
    const fresh = await import('../../src/engine/wasm/wasm.js')
    const threads = [1, 2].map(() => O.toNullable(O.map((engine: { readonly threads: number }) => engine.threads)(fresh.wasm(options))))
    expect(threads).toEqual([1, 1])
    expect(warn.mock.calls).toEqual(times === 0 ? [] : [[expect.stringContaining('cross-origin isolated')]])
  })

  it('refuses threads that are no number of threads', () => {
    expect(() => wasm({ threads: 0 })).toThrow("threads: found 0, allowed: a whole number ≥ 1, or 'auto'")
    expect(() => wasm({ threads: 1.5 })).toThrow(RangeError)
  })
})

describe('a model that is too large', () => {
  it('ends with a typed error that carries the state that came in', () => {
    const size = 2 ** 30
    const place = { path: 'w', shape: [size], offset: 0, size, holds: 'kernel' } as const
    const program: Program = {
      batch: 1, layout: [place], next: { w: mul(0.5, variable('w', [size])) },
      report: { data: constant(0), penalties: {}, total: constant(0), metrics: {}, probes: {} }
    }
    const state: TrainState = { _tag: 'TrainState', step: 3, seed: 0, cursor: 5, values: new Float32Array(0) }
    const after = defaultEngine().compile(program).fold(state, [])
    expect(E.isLeft(after) && after.left).toMatchObject({ _tag: 'OutOfMemory', state })
    expect(E.isLeft(after) && showTrainError(after.left)).toMatch(/^after step 3, example 5: the program needs 8\d{3} MB, more than could be had$/)
  })
})

describe('equal structures', () => {
  it('are compiled once, whatever objects they are made of, and keep states of their own', () => {
    const host = platform()
    if (host === undefined) throw new Error('this host has no WebAssembly SIMD')
    const compiled = vi.fn(function (code: Uint8Array) { return new host.Module(code) })
    const code = compiler({ host: { ...host, Module: compiled }, write: assembler({ relaxed: false }), threads: 1 })
    const engine: Engine = {
      ...defaultEngine(),
      compile: (program) => E.getOrElse((): Executable => { throw new Error('no memory') })(training(code, program))
    }
    const learned = (seed: number) => {
      const made = E.chain((model: Parameters<typeof trainer>[0]['model']) => trainer({ model, loss: mse(), optimizer: sgd(0.1), engine }))(
        sequential([2], dense(3, { activation: relu }), dense(1)))
      if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
      const after = fold(made.right)(start(made.right, seed), [{ x: tensor([[1, 2]]), y: tensor([[3]]) }])
      return E.isRight(after) ? [...after.right.state.values] : []
    }
    const [first, second, third] = [learned(1), learned(2), learned(1)]
    expect(compiled).toHaveBeenCalledTimes(1)
    expect(third).toEqual(first)
    expect(second).not.toEqual(first)
  })
})
