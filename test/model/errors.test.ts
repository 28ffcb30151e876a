import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { add, constant, hyper, matmul, type Shape } from 'tikhonov/expr'
import { layer, named, same, showIssue, spec } from 'tikhonov/layer'
import { dense, leakyRelu, reshape, residual } from 'tikhonov/layers'
import { sequential, type Part } from 'tikhonov/model'
import { l1, l2, regularizer } from 'tikhonov/regularizers'

const errors = (input: Shape, ...parts: readonly Part[]): readonly string[] =>
  F.pipe(sequential<Shape, readonly Part[]>(input, ...parts), E.fold((found) => found.map(showIssue), () => []))

describe('a model that is wrong says where, what was found and what is allowed', () => {
  it.each([
    [-0.1, 'dropout/0/rate: found -0.1, allowed: a number, 0 ≤ rate < 1'],
    [1, 'dropout/0/rate: found 1, allowed: a number, 0 ≤ rate < 1'],
    [Number.NaN, 'dropout/0/rate: found NaN, allowed: a number, 0 ≤ rate < 1'],
    [Infinity, 'dropout/0/rate: found Infinity, allowed: a number, 0 ≤ rate < 1']
  ])('a rate of %s', (rate, message) => {
    expect(errors([4], dropout(rate))).toEqual([message])
  })

  it('a negative λ, and one that is not a number', () => {
    expect(errors([4], dense(1, { kernelRegularizer: l2(-1), biasRegularizer: l1(Number.NaN) }))).toEqual([
      'dense/0/kernel/l2/lambda: found -1, allowed: a number, 0 ≤ lambda',
      'dense/0/bias/l1/lambda: found NaN, allowed: a number, 0 ≤ lambda'
    ])
  })

  it('a hyper-parameter that may leave the range', () => {
    expect(errors([4], dropout(hyper('rate', 0.5)))).toEqual([
      'dropout/0/rate: found a hyper-parameter that may be a finite number, allowed: a number, 0 ≤ rate < 1'
    ])
    expect(errors([4], dropout(hyper('rate', 0.5, { min: 0, max: 0.9, open: 'none' })))).toEqual([])
  })

  it('all of it at once, in order, and nothing that only follows from it', () => {
    expect(errors([60], dense(0), dropout(2), dense(30, { activation: leakyRelu(-1) }), reshape([7]), dense(1))).toEqual([
      'dense/0/units: found 0, allowed: a whole number ≥ 1',
      'dropout/0/rate: found 2, allowed: a number, 0 ≤ rate < 1',
      'dense/1/activation/slope: found -1, allowed: a number, 0 ≤ slope'
    ])
  })

  it('a wrong rank or size, at the layer that cannot take it', () => {
    expect(errors([60], dense(30), reshape([7]))).toEqual([
      'reshape/0: found an input of shape [30], allowed: reshape to [7] needs 7 values, found 30 in [30]'
    ])
    expect(errors([], dense(1))).toEqual(['dense/0: found an input of shape [], allowed: dense needs an input of rank 1 or more, found []'])
    expect(errors([0], dense(1))[0]).toBe('input: found [0], allowed: whole numbers ≥ 1')
  })

  it('a misfit inside a layer names the operation and both shapes', () => {
    const wrong = layer({ spec: spec('mine'), rule: same, apply: () => (x) => add(matmul(x, constant([1, 2, 3, 4], [2, 2])), 1) })
    expect(errors([3], wrong)).toEqual([
      'mine/0: found matmul [1, 3] × [2, 2]: inner sizes 3 and 2 differ, allowed: shapes that fit matmul'
    ])
  })

  it('a penalty that is no scalar', () => {
    const vector = regularizer('vector', {}, (w) => w)
    expect(errors([3], dense(2, { kernelRegularizer: vector }))).toEqual(['dense/0/kernel/vector: found shape [3, 2], allowed: a scalar'])
  })

  it('a name that is none, or that a sibling has', () => {
    expect(errors([3], named('1st', dense(2)), named('a', dense(2)), named('a', dense(2)))).toEqual([
      "dense/0/name: found '1st', allowed: a name that matches /^[A-Za-z]\\w*$/",
      "dense/2/name: found 'a' twice, allowed: a name that no sibling has"
    ])
  })

  it('two such names, each at its place, in blocks too', () => {
    expect(errors([3], dense(2), named('', dropout(0.5)), residual(named('', dense(2)), dense(2), named('', dense(2))))).toEqual([
      "dropout/0/name: found '', allowed: a name that matches /^[A-Za-z]\\w*$/",
      "residual/0/dense/0/name: found '', allowed: a name that matches /^[A-Za-z]\\w*$/",
      "residual/0/dense/2/name: found '', allowed: a name that matches /^[A-Za-z]\\w*$/"
    ])
  })

  it('two purposes whose random draws would be one: costarring and liquid have the same 32-bit FNV-1a word', () => {
    expect(errors([3], named('costarring', dropout(0.5)), named('liquid', dropout(0.5)))).toEqual([
      "liquid/mask: found the same word as 'costarring/mask', allowed: names whose random draws differ"
    ])
  })
})
