import { option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { wasm } from 'tikhonov/engine'
import { ceilingRate, gemmRate } from './gemm.js'

describe('a product on the WebAssembly engine', () => {
  // It is at 0.6 to 0.7. A tile whose sums do not fit the registers halves it, a loop that is not compiled for good costs ten times.
  it('runs at a quarter of what the registers allow, or more', () => {
    const engine = O.getOrElseW((): never => { throw new Error('this host has no WebAssembly SIMD') })(wasm({ threads: 1 }))
    expect(gemmRate(engine, 0.3) / ceilingRate(0.3)).toBeGreaterThan(0.25)
  })
})
