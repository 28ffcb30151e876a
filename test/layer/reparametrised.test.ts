import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { add, broadcast, constant, evaluate, gradient, mul, mean, sub, sum, variable } from 'tikhonov/expr'
import { ones } from 'tikhonov/initializers'
import { infer, joinPath, layer, named, reparametrised, same, showIssue, spec, training, type Layer, type Scope } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { l2 } from 'tikhonov/regularizers'

const scope: Scope = { path: 'wrapped/0', mode: infer }
const x = variable('x', [2, 3])

/** A layer whose state and penalty depend on its kernel. */
const leaky: Layer = layer({
  spec: spec('leaky'), rule: same,
  parameters: (s) => ({ kernel: { shape: s.slice(1), role: 'kernel', initial: ones.initial(s.slice(1)), incoming: [] } }),
  state: (s) => ({ last: { shape: s.slice(1), initial: () => broadcast(0, s.slice(1)) } }),
  activityRegularizer: l2(1),
  apply: ({ kernel }, { state }) => (input) => {
    const y = mul(input, kernel)
    return { y: sub(y, state.last), state: { last: mean(y, [0]) } }
  }
})

describe('a reparametrised layer', () => {
  it('reads its weights anew in its result, its state and its penalties', () => {
    const doubled = reparametrised({ rewrite: (w) => ({ weight: mul(2, w) }) }, leaky)
    const { y, state, penalties, parameters } = doubled({ path: 'wrapped/0', mode: training(constant([1, 1])) })(x)
    const values = { x: [1, 2, 3, 4, 5, 6], 'wrapped/0/leaky/0/kernel': [1, 10, 100], 'wrapped/0/leaky/0/last': [0, 0, 0] }
    expect(evaluate(y, values)).toEqual([2, 40, 600, 8, 100, 1200])
    expect(evaluate(state['wrapped/0/leaky/0/last'].next, values)).toEqual([5, 70, 900])
    expect(evaluate(penalties['wrapped/0/leaky/0/activity/l2'], values)).toEqual([(4 + 1600 + 360000 + 64 + 10000 + 1440000) / 2])
    expect(Object.keys(parameters)).toEqual(['wrapped/0/leaky/0/kernel'])
  })

  it('declares what its weight is made of instead of it, and is learned through it', () => {
    const scaled = reparametrised({
      roles: ['kernel'],
      rewrite: (w, declared, path) => {
        const g = joinPath(path, 'g')
        return {
          weight: mul(variable(g, [2]), w),
          parameters: { [path]: declared, [g]: { shape: [2], role: 'scale', initial: ones.initial([2]), incoming: [] } },
          state: { [joinPath(path, 'norm')]: { shape: [], initial: () => constant(0), next: sum(mul(w, w)) } },
          penalties: { [joinPath(path, 'size')]: sum(mul(w, w)) }
        }
      }
    }, named('inner', dense(2)))
    const { y, parameters, state, penalties } = scaled(scope)(x)
    expect(Object.entries(parameters).map(([path, { role }]) => `${path} ${role}`)).toEqual([
      'wrapped/0/inner/kernel kernel', 'wrapped/0/inner/kernel/g scale', 'wrapped/0/inner/bias bias'
    ])
    const values = {
      x: [1, 0, 0, 0, 1, 0], 'wrapped/0/inner/kernel': [1, 2, 3, 4, 5, 6],
      'wrapped/0/inner/kernel/g': [10, 100], 'wrapped/0/inner/bias': [0, 7]
    }
    expect(evaluate(y, values)).toEqual([10, 207, 30, 407])
    expect(evaluate(state['wrapped/0/inner/kernel/norm'].next, values)).toEqual([91])
    expect(evaluate(penalties['wrapped/0/inner/kernel/size'], values)).toEqual([91])
    const [dg, dw] = gradient(sum(y), [variable('wrapped/0/inner/kernel/g', [2]), variable('wrapped/0/inner/kernel', [3, 2])])
    expect(evaluate(dg, values)).toEqual([4, 6])
    expect(evaluate(dw, values)).toEqual([10, 100, 10, 100, 0, 0])
  })

  it('says where there is no such weight, and what is wrong inside', () => {
    const keep = { rewrite: (w: typeof x) => ({ weight: w }) }
    const issues = (wrapped: Layer) => reparametrised(keep, wrapped)(scope)(x).issues.map(showIssue)
    expect(issues(dropout(0.5))).toEqual(['wrapped/0: found dropout, allowed: a layer with a weight (kernel, recurrent, embedding)'])
    expect(issues(dense(0))[0]).toBe('wrapped/0/dense/0/units: found 0, allowed: a whole number ≥ 1')
    expect(issues(dense(4))).toEqual([])
    const misshapen = (weight: typeof x) => reparametrised({ rewrite: () => ({ weight }) }, dense(4))(scope)(x).issues.map(showIssue)
    expect(misshapen(constant(1))).toEqual(['wrapped/0/dense/0/kernel: found a weight of shape [], allowed: [3, 4]'])
    expect(misshapen(add(constant([1, 2]), constant([1, 2, 3])))[0]).toMatch(/^wrapped\/0\/dense\/0\/kernel: found .*add/)
  })
})
