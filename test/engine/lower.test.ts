import { describe, expect, it } from 'vitest'
import { add, constant, gradient, mul, print, simplify, sum, variable } from 'tikhonov/expr'
import { lower } from '../../src/engine/wasm/lower.js'

const w = variable('w', [4])
const lowered = (e: Parameters<typeof print>[0][number]): string => print(lower(simplify([e])).roots)

describe('what is added to itself', () => {
  it('is twice the number that it is a product of', () => {
    const [slope] = gradient(mul(0.25, sum(mul(w, w))), [w])
    expect(lowered(slope)).toContain('0.5')
    expect(lowered(slope)).not.toContain('add')
  })

  it('stays a sum where no number is known', () => {
    const y = mul(w, variable('x', [4]))
    expect(lowered(add(y, y))).toContain('add')
    expect(lowered(add(mul(w, 2), mul(w, constant(3))))).toContain('add')
  })
})
