import { readdirSync } from 'node:fs'
import { describe, expect as expects, it } from 'vitest'
import { tensor } from 'tikhonov/tensor'
import { differences, expected, expectGolden, forFloat32, golden, input, setting } from './golden.js'

const names = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json')).map((file) => file.replace(/\.json$/, ''))

describe('the golden files', () => {
  it('are there', () => {
    expects(names).toContain('opt_adam_keras')
    expects(names.length).toBeGreaterThanOrEqual(19)
  })

  it.each(names)('%s is read whole: every tensor fills its shape, and the case is named like its file', (name) => {
    const read = golden(name)
    expects(read.name).toBe(name)
    expects(Object.keys(read.inputs).length).toBeGreaterThan(0)
    Object.entries(read.expected).forEach(([each, value]) => { expectGolden(read, each, value) })
  })

  it('have shapes, settings and numbers as their text says', () => {
    const adam = golden('opt_adam_keras')
    expects(input(adam, 'X').shape).toEqual([12, 3])
    expects(setting(adam, 'beta2')).toBe(0.999)
    expects([adam.dtype, adam.rtol, adam.atol]).toEqual(['float64', 1e-9, 1e-11])
    expects(expected(golden('reg_l1_l2_l1l2'), 'penalty_l1_0.01')).toEqual(tensor(0.24196357))
  })

  it('refuse a name that they have not, and list those that they have', () => {
    expects(() => input(golden('dense_relu'), 'w')).toThrow(/no input of dense_relu "w", only: "x, W, b, dy"/)
    expects(() => expected(golden('dense_relu'), 'z')).toThrow(/no expected value of dense_relu "z", only: "y, dx, dW, db"/)
    expects(() => setting(golden('opt_sgd'), 'momentum')).toThrow(/no setting of opt_sgd "momentum"/)
    expects(() => golden('opt_unknown')).toThrow(/ENOENT/)
  })
})

describe('the comparison', () => {
  const want = tensor([[1, 2], [3, 4]])

  it('holds to |got − expected| ≤ atol + rtol·|expected|', () => {
    expects(differences(tensor([[1, 2], [3, 4.25]]), want, { rtol: 0, atol: 0.25 })).toBeUndefined()
    expects(differences(tensor([[1, 2], [3, 5]]), want, { rtol: 0.25, atol: 0 })).toBeUndefined()
    expects(differences(tensor([[1, 2], [3, 5]]), want, { rtol: 0.125, atol: 0.25 }))
      .toBe('1 of 4 elements differ, the worst at [1, 1]: got 5, expected 4, 1.33 times the tolerance')
  })

  it('finds NaN and infinities where they should not be', () => {
    expects(differences(tensor([[NaN, 2], [3, 4]]), want, forFloat32)).toMatch(/1 of 4 .* \[0, 0\]: got NaN, expected 1/)
    expects(differences(tensor([[1, Infinity], [3, 4]]), want, forFloat32)).toMatch(/got Infinity, expected 2/)
    expects(differences(1, tensor(Infinity), forFloat32)).toMatch(/got 1, expected Infinity/)
    expects(differences(tensor([NaN, Infinity]), tensor([NaN, Infinity]), forFloat32)).toBeUndefined()
  })

  it('tells shapes apart', () => {
    expects(differences(tensor([1, 2, 3, 4]), want, forFloat32)).toBe('got the shape [4], expected [2, 2]')
    expects(differences(1, tensor([1]), forFloat32)).toBe('got the shape [], expected [1]')
  })

  it('throws with the case, the name and the place', () => {
    const relu = golden('dense_relu')
    const { shape, data } = expected(relu, 'db')
    const off = tensor(data.map((x, i) => (i === 0 ? x + 1 : x)), shape)
    expects(() => { expectGolden(relu, 'db', off) }).toThrow(/^dense_relu\.db: 1 of \d+ elements differ, the worst at \[0\]: got /)
    expects(() => { expectGolden(relu, 'db', off, { rtol: 0, atol: 1.5 }) }).not.toThrow()
  })
})
