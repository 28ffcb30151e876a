import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference } from 'tikhonov/engine'
import { constant, evaluate, gradient, hyper, matmul, mul, sum, variable, type Expr, type Precision, type Range } from 'tikhonov/expr'
import { showIssue, showSpec } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { sequential } from 'tikhonov/model'
import { l1, l1l2, l2, lpNorm, none, penaltyOf, plus, regularizer, ridge, scale, type Regularizer } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { expectGolden, golden, input } from '../golden/golden.js'

const keras = golden('reg_l1_l2_l1l2')
const precisions: readonly Precision[] = ['float64', 'float32']

describe.each(precisions)('in %s, penalties and their gradients', (precision) => {
  const given = input(keras, 'w')
  const w = variable('w', given.shape)
  const value = (e: Expr) => {
    const [values] = reference(precision).evaluate([e])({ values: () => given.data, seed: 0, step: 0, position: 0 })
    return tensor(values.slice(), e.shape)
  }

  it.each([
    ['l1_0.01', l1(0.01)], ['l2_0.01', l2(0.01)], ['l1l2_0.003_0.02', l1l2({ l1: 0.003, l2: 0.02 })],
    ['l2_0.01', ridge(0.02)], ['l1l2_0.003_0.02', plus(scale(0.3, l1(0.01)), scale(2, l2(0.01)))]
  ] as const)('are those of Keras, six weights being exactly 0: %s', (name, penalty) => {
    const y = penaltyOf(penalty)(w)
    expectGolden(keras, `penalty_${name}`, value(y))
    expectGolden(keras, `dw_${name}`, value(gradient(y, [w])[0]))
  })
})

const at = (r: Regularizer, w: readonly number[]): number => evaluate(penaltyOf(r)(constant(w)))[0]
const names = (r: Regularizer): readonly string[] => r.terms.map((t) => t.name)

describe('a penalty', () => {
  it('is exactly what it is told: what is left out adds nothing, what is given stays', () => {
    expect(at(l1l2({ l1: 0.5 }), [2, -2])).toBe(2)
    expect(at(l1l2({ l2: 0.5 }), [2, -2])).toBe(4)
    expect(names(l1l2({}))).toEqual([])
    expect(names(l1l2({ l1: 0, l2: 1 }))).toEqual(['l1', 'l2'])
    expect(at(l1(0), [2, -2])).toBe(0)
  })

  it('keeps its name when it is scaled, and says in its spec what it is', () => {
    const r = scale(0.5, plus(l1(1), ridge(2)))
    expect(names(r)).toEqual(['l1', 'ridge'])
    expect(r.terms.map((t) => showSpec(t.spec)))
      .toEqual(['scale(factor 0.5, term l1(lambda 1))', 'scale(factor 0.5, term ridge(lambda 2))'])
    expect(names(plus())).toEqual([])
    expect(at(none, [1])).toBe(0)
  })

  const range: Range = { min: 0, max: 1, open: 'none' }
  it('takes a λ that varies, by name', () => {
    const r = l1(hyper('lambda', 0.1, range))
    expect(r.issues).toEqual([])
    expect(evaluate(penaltyOf(r)(constant([2, -2])), { 'hyper/lambda': [0.25] })).toEqual([1])
  })

  it('of a homemade name that is none, or that may hold what no λ may, is an issue', () => {
    const told = (r: Regularizer) => r.issues.map(showIssue)
    expect(told(regularizer('my penalty', {}, (w) => sum(w))))
      .toEqual(['regularizer: found \'my penalty\', allowed: a name that matches /^[A-Za-z]\\w*$/'])
    expect(told(l2(hyper('lambda', 0.1)))[0]).toMatch(/^l2\/lambda: found a hyper-parameter that may be a finite number, allowed: a number, 0 ≤ lambda$/)
    expect(told(l2(hyper('lambda', 2, range)))[0]).toMatch(/^l2\/lambda: found a hyper-parameter that begins at 2, allowed: a number, 0 ≤ .*lambda ≤ 1$/)
    expect(told(l2(constant([1, 2])))).toEqual(['l2/lambda: found an expression of shape [2], allowed: a scalar'])
    expect(told(scale(-1, plus(l1(NaN), ridge(Infinity))))).toEqual([
      'scale/factor: found -1, allowed: a number, 0 ≤ factor',
      'l1/lambda: found NaN, allowed: a number, 0 ≤ lambda',
      'ridge/lambda: found Infinity, allowed: a number, 0 ≤ lambda'
    ])
  })
})

describe('a model says, when it is built,', () => {
  const wrong = (options: Parameters<typeof dense>[1]): readonly string[] => {
    const made = sequential([2], dense(3, options))
    return E.isLeft(made) ? made.left.map(showIssue) : []
  }

  it('which λ is wrong, where, and what is allowed: all of them', () => {
    expect(wrong({ kernelRegularizer: l1l2({ l1: -0.1, l2: NaN }), biasRegularizer: l2(-1), activityRegularizer: l1(Infinity) })).toEqual([
      'dense/0/kernel/l1/lambda: found -0.1, allowed: a number, 0 ≤ lambda',
      'dense/0/kernel/l2/lambda: found NaN, allowed: a number, 0 ≤ lambda',
      'dense/0/bias/l2/lambda: found -1, allowed: a number, 0 ≤ lambda',
      'dense/0/activity/l1/lambda: found Infinity, allowed: a number, 0 ≤ lambda'
    ])
  })

  const columns = regularizer('columns', {}, (w) => sum(mul(w, w), [0]))
  const square = regularizer('square', {}, (w) => sum(matmul(w, w)))
  it('which penalty is no scalar', () => {
    expect(wrong({ kernelRegularizer: plus(l2(1), columns) })).toEqual(['dense/0/kernel/columns: found shape [3], allowed: a scalar'])
    expect(wrong({ activityRegularizer: columns })).toEqual(['dense/0/activity/columns: found shape [3], allowed: a scalar'])
  })

  it('which penalty does not fit inside, with the operation and the shapes', () => {
    expect(wrong({ kernelRegularizer: square })).toEqual([
      'dense/0/kernel/square: found matmul [2, 3] × [2, 3]: inner sizes 3 and 2 differ, allowed: shapes that fit matmul'
    ])
    expect(wrong({ biasRegularizer: regularizer('half', {}, (w) => lpNorm(0.5)(w)) })).toEqual([
      'dense/0/bias/half: found lpNorm [3]: 0.5 is no p of a norm: 1 ≤ p ≤ ∞, allowed: shapes that fit lpNorm'
    ])
  })
})
