import { describe, expect, it } from 'vitest'
import { add, constant, matmul, stopGradient } from 'tikhonov/expr'
import { glorotUniform } from 'tikhonov/initializers'
import { layer, spec, type Layer } from 'tikhonov/layer'
import { bind, check, gradientLaws, layerLaws, penalisedLaws, rowLaws, type Suite, type Verdict } from 'tikhonov/laws'
import { averagePooling1d, dense, maxPooling1d, maxPooling2d, relu } from 'tikhonov/layers'
import { l2 } from 'tikhonov/regularizers'

const reasons = (suite: Suite): Readonly<Record<string, string>> =>
  Object.fromEntries(check(suite, { seed: 1, runs: 5 }).map((v) => [v.law, v._tag === 'Passed' ? 'passed' : v.reason]))

const throws: Layer = layer({
  spec: spec('throws'), rule: { check: () => undefined }, apply: () => (): never => { throw new RangeError('no such row') }
})

describe('a layer that cannot be tried', () => {
  it('fails by its laws where it throws, row and gradient laws among them', () => {
    const said = [rowLaws(throws, { input: [2] }), gradientLaws(throws, { input: [2] })].flatMap((suite) => Object.values(reasons(suite)))
    expect([...new Set(said)]).toEqual(['threw RangeError: no such row'])
  })

  it('fails by the laws of a penalty on it where it throws', () => {
    expect(Object.values(reasons(penalisedLaws(throws, throws, { input: [2] }))).every((said) => said === 'threw RangeError: no such row'))
      .toBe(true)
  })

  it('fails by its laws where it does not take the input, with its own words', () => {
    const issue = 'issues: dense/0: found an input of shape [], allowed: dense needs an input of rank 1 or more, found []'
    const said = reasons(gradientLaws(dense(3), { input: [] }))
    expect(said).toEqual({
      'layer › shapes fit': issue,
      'layer › refuses what its rule refuses': 'passed',
      'layer › inference ignores the address': issue,
      'layer › inference keeps state': issue,
      'layer › a run is its address': issue,
      'gradient › the gradient is the derivative': issue,
      'gradient › the gradient by the parameters is the derivative': issue
    })
    expect(reasons(rowLaws(dense(3), { input: [] }))).toMatchObject({ 'rows › rows are independent (Infer)': issue })
  })

  it('still has one test for each law', () => {
    const tests: string[] = []
    const runner = { describe: (_: string, body: () => void) => { body() }, it: (name: string) => tests.push(name) }
    bind(runner)('throws', gradientLaws(throws, { input: [2] }))
    expect(tests).toHaveLength(7)
  })

  it('says the issues of its options', () => {
    const said = reasons(layerLaws(dense(3, { kernelRegularizer: l2(-1) }), { input: [2] }))
    expect(said['layer › shapes fit']).toBe('issues: dense/0/kernel/l2/lambda: found -1, allowed: a number, 0 ≤ lambda')
    expect(said['layer › refuses what its rule refuses']).toMatch(/^at \[.+\]: issues: dense\/0\/kernel\/l2\/lambda: found -1/)
  })

  it('says the shapes that do not fit', () => {
    const initial = glorotUniform.initial([3, 2])
    const misfit = layer({
      spec: spec('misfit'), rule: { check: () => undefined },
      parameters: () => ({ kernel: { shape: [3, 2], role: 'kernel', initial, incoming: [0] } }),
      apply: ({ kernel }) => (x) => matmul(x, kernel)
    })
    expect(reasons(layerLaws(misfit, { input: [2] }))['layer › shapes fit']).toMatch(/matmul \[\d, 2\] × \[3, 2\]/)
  })
})

describe('the gradient laws', () => {
  const gradients = (suite: Suite, seed: number) => check(suite, { seed }).filter(({ law }) => law.startsWith('gradient'))
  const share = (v: Verdict): number => (v._tag === 'Passed' ? v.discarded / v.runs : Infinity)

  it.each<[string, Layer, readonly number[]]>([
    ['relu', dense(3, { activation: relu }), [2]],
    ['maxima', maxPooling1d(), [4, 2]],
    ['padded maxima', maxPooling2d(2, { padding: 'same' }), [3, 3, 1]],
    ['means', averagePooling1d(), [4, 2]]
  ])('hold for layers with kinks, and discard few points: %s', (_, made, input) => {
    const seeds = [1, 2, 3]
    expect(Math.max(...seeds.flatMap((seed) => gradients(gradientLaws(made, { input }), seed).map(share)))).toBeLessThan(0.1)
  })

  it('are not judged where every point is at a kink, which is no success', () => {
    const cornered = layer({
      spec: spec('cornered'), rule: { check: () => undefined },
      parameters: () => ({ rate: { shape: [], role: 'rate', initial: () => constant(0), incoming: [] } }),
      apply: ({ rate }) => (x) => add(x, relu.of(rate))
    })
    expect(reasons(gradientLaws(cornered, { input: [2] }))).toMatchObject({
      'gradient › the gradient is the derivative': 'passed',
      'gradient › the gradient by the parameters is the derivative':
        '501 values were discarded as outside its domain, 0 kept (seed 1)'
    })
  })

  it('name the parameter whose derivative is off', () => {
    const initial = glorotUniform.initial([2, 2])
    const held = layer({
      spec: spec('held'), rule: { check: () => undefined },
      parameters: () => ({
        kernel: { shape: [2, 2], role: 'kernel', initial, incoming: [0] },
        second: { shape: [2, 2], role: 'kernel', initial, incoming: [0] }
      }),
      apply: ({ kernel, second }) => (x) => matmul(matmul(x, kernel), stopGradient(second))
    })
    expect(reasons(gradientLaws(held, { input: [2] }))['gradient › the gradient by the parameters is the derivative'])
      .toMatch(/^held\/0\/second: differs at the value itself: got 0, expected /)
  })
})
