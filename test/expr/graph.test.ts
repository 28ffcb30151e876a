import { describe, expect, it } from 'vitest'
import { either as E } from 'fp-ts'
import {
  abs, add, broadcast, concat, constant, div, erf, erfinv, evaluate, exp, gather, gradient, hyper, keepAxes, log, matmul, max, mean, mul,
  neg, pad, pow, print, problems, pullback, pushforward, reduceMax, reshape, reverse, scatterAdd, select, share, showShapeProblem, sigmoid,
  simplify, slice, softplus, sqrt, stopGradient, sub, substitute, sum, tanh, topological, transpose, variable, variance,
  type Expr, type Shape
} from 'tikhonov/expr'
import { activation, dense, tanh as tanhOf } from 'tikhonov/layers'
import { sequential, type Part } from 'tikhonov/model'

const x = variable('x', [3])
const at = (e: Expr, values: readonly number[]) => evaluate(e, { x: values })
const slope = (f: (x: Expr) => Expr, values: readonly number[]) => at(gradient(sum(f(x)), [x])[0], values)

describe('depth is no limit', () => {
  const deep = (n: number): Expr => Array.from({ length: n }).reduce<Expr>((e) => tanh(add(e, 0.5)), variable('x', []))

  it('a chain of 20,000 nodes is differentiated, simplified, merged, printed and evaluated', () => {
    const chain = deep(10_000)
    const [d] = gradient(chain, [variable('x', [])])
    const [smaller] = simplify([d])
    expect(topological([share([d])[0]]).length).toBeLessThanOrEqual(topological([d]).length)
    expect(print([chain]).split('\n').length).toBeGreaterThan(20_000)
    expect(evaluate(smaller, { x: [0] })).toEqual(evaluate(d, { x: [0] }))
    expect(problems([sub(chain, constant([1, 2]))])).toEqual([])
  })

  it('a model of 1,000 layers is built', () => {
    const layers: readonly Part[] = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? dense(2) : activation(tanhOf)))
    const model = sequential<Shape, readonly Part[]>([2], ...layers)
    expect(E.isRight(model)).toBe(true)
  })
})

describe('ties and corners are what the documentation says', () => {
  it('|·|′(0) = 0', () => { expect(slope(abs, [-2, 0, 2])).toEqual([-1, 0, 1]) })
  it('max(x, 0)′ is 0 at 0', () => { expect(slope((e) => max(e, 0), [-2, 0, 2])).toEqual([0, 0, 1]) })
  it('max(a, b) at a = b gives all to b', () => {
    const b = variable('b', [1])
    const [da, db] = gradient(sum(max(x, b)), [x, b])
    expect(evaluate(da, { x: [1, 2, 3], b: [2] })).toEqual([0, 0, 1])
    expect(evaluate(db, { x: [1, 2, 3], b: [2] })).toEqual([2])
  })
  it('equal winners of reduceMax share the gradient', () => { expect(slope((e) => reduceMax(e), [3, 1, 3])).toEqual([0.5, 0, 0.5]) })
  it('pow is smooth in its base at exponent 0, and derivable at a = b = 0', () => {
    const b = variable('b', [])
    const [da] = gradient(pow(variable('a', []), b), [variable('a', [])])
    expect(evaluate(gradient(da, [b])[0], { a: [2], b: [0] })[0]).toBeCloseTo(0.5, 12)
    expect(evaluate(da, { a: [0], b: [0] })).toEqual([0])
  })
  it('stopGradient ends a gradient', () => { expect(slope((e) => mul(e, stopGradient(e)), [1, 2, 3])).toEqual([1, 2, 3]) })
  it('a variable written twice counts twice', () => {
    const twin = variable('x', [3])
    expect(at(gradient(sum(mul(x, twin)), [x])[0], [1, 2, 3])).toEqual([2, 4, 6])
  })
  it('an inner node may be what the gradient is taken at', () => {
    const inner = exp(x)
    expect(at(gradient(sum(mul(inner, inner)), [inner])[0], [0, 0, 0])).toEqual([2, 2, 2])
  })
})

describe('misfits are found where they arise, with the operation and both shapes', () => {
  const messages = (e: Expr) => problems([e]).map(showShapeProblem)
  it.each<readonly [string, Expr, string]>([
    ['add', add(x, variable('y', [2])), 'add [3] × [2]: do not broadcast to one shape'],
    ['matmul', matmul(variable('a', [2, 3]), variable('b', [2, 3])), 'matmul [2, 3] × [2, 3]: inner sizes 3 and 2 differ'],
    ['matmul of vectors', matmul(x, x), 'matmul [3] × [3]: wants matrices: rank 2 or more'],
    ['reshape', reshape(x, [2, 2]), 'reshape [3]: 3 values do not fill [2, 2]'],
    ['broadcast', broadcast(x, [2]), 'broadcast [3]: does not stretch to [2]'],
    ['sum', sum(x, [1]), 'sum [3]: no axes [1] in rank 1'],
    ['slice', slice(x, [2], [2]), 'slice [3]: no window [2] from [2]'],
    ['pad', pad(x, [1], [3]), 'pad [3]: does not lie in [3] from [1]'],
    ['transpose', transpose(x, [1]), 'transpose [3]: [1] is no order of 1 axes'],
    ['concat', concat([variable('a', [2, 3]), variable('b', [3, 3])], 1), 'concat [2, 3] × [3, 3]: do not line up along axis 1'],
    ['select', select(x, variable('a', [2]), 1), 'select [3] × [2] × []: do not broadcast to one shape'],
    ['scatterAdd', scatterAdd(x, variable('i', [2]), 4), 'scatterAdd [3] × [2]: rows are numbered [2], which is no beginning of [3]'],
    ['gather', gather(variable('s', []), x), 'gather [] × [3]: wants rows: rank 1 or more'],
    ['constant', constant([1, 2], [3]), 'constant: 2 values for [3]'],
    ['variable', variable('v', [-1]), 'variable: [-1] is no shape: sizes are whole numbers ≥ 0'],
    ['gradient', gradient(x, [x])[0], 'gradient [3]: wants a scalar'],
    ['pullback', pullback(x, constant(1), [x])[0], 'pullback [3] × []: a value and its cotangent differ in shape']
  ])('%s', (_, e, message) => { expect(messages(e)).toEqual([message]) })

  it('what comes after a misfit is quiet, and all misfits are found', () => {
    const twice = add(matmul(add(x, variable('y', [2])), x), reshape(x, [4]))
    expect(messages(tanh(twice))).toEqual(['add [3] × [2]: do not broadcast to one shape', 'reshape [3]: 3 values do not fill [4]'])
  })
  it('evaluation refuses a misfit, and variables without their values, all at once', () => {
    expect(() => evaluate(add(x, variable('y', [3])), { x: [1, 2] })).toThrow("'x' [3] was given 2 values; 'y' [3] was given no values")
    expect(() => evaluate(add(x, variable('y', [2])))).toThrow(/^add \[3\] × \[2\]/)
  })
})

describe('operations are what they say', () => {
  const m = constant([1, 2, 3, 4, 5, 6], [2, 3])
  it.each<readonly [string, Expr, readonly number[]]>([
    ['transpose', transpose(m), [1, 4, 2, 5, 3, 6]],
    ['slice', slice(m, [0, 1], [2, 2]), [2, 3, 5, 6]],
    ['pad', pad(constant([1, 2]), [1], [4]), [0, 1, 2, 0]],
    ['reverse', reverse(m, -1), [3, 2, 1, 6, 5, 4]],
    ['reverse of rows', reverse(m, 0), [4, 5, 6, 1, 2, 3]],
    ['concat of columns', concat([m, constant([7, 8], [2, 1])]), [1, 2, 3, 7, 4, 5, 6, 8]],
    ['concat of rows', concat([m, constant([7, 8, 9], [1, 3])], 0), [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['sum of rows', sum(m, [1]), [6, 15]],
    ['sum of columns', sum(m, [-2]), [5, 7, 9]],
    ['sum of nothing', sum(variable('none', [0])), [0]],
    ['mean', mean(m, [0]), [2.5, 3.5, 4.5]],
    ['variance', variance(constant([1, 3])), [1]],
    ['keepAxes', sub(m, keepAxes(reduceMax(m, [1]), m.shape, [1])), [-2, -1, 0, -2, -1, 0]],
    ['matmul', matmul(m, m, { b: true }), [14, 32, 32, 77]],
    ['matmul of the transposed', matmul(m, m, { a: true }), [17, 22, 27, 22, 29, 36, 27, 36, 45]],
    ['batched matmul', matmul(constant([1, 2, 3, 4], [2, 1, 2]), constant([1, 1, 2, 2], [2, 2, 1])), [3, 14]],
    ['gather of no row', gather(constant([1, 2]), constant([1, 5])), [2, Number.NaN]],
    ['scatterAdd', scatterAdd(constant([1, 2, 4]), constant([0, 1, 0]), 3), [5, 2, 0]],
    ['variadic add', add(1, 2, 3, 4), [10]],
    ['variadic mul', mul(1, 2, 3, 4), [24]],
    ['both notations', sub(2)(constant(5)), [3]]
  ])('%s', (_, e, values) => { expect(evaluate(e, { none: [] })).toEqual(values) })

  it('special functions are accurate to 1e-14 (values by series of 50 digits, Abramowitz & Stegun table 7.1)', () => {
    expect(evaluate(erf(constant([0, 0.5, 1, 2, 3])))).toEqual(expect.arrayContaining([0]))
    const known = [0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9999779095030014]
    evaluate(erf(constant([0.5, 1, 2, 3]))).forEach((v, i) => { expect(Math.abs(v - known[i])).toBeLessThan(1e-14) })
    evaluate(erfinv(erf(constant([-1.5, 0.1, 1])))).forEach((v, i) => { expect(Math.abs(v - [-1.5, 0.1, 1][i])).toBeLessThan(1e-13) })
  })

  it('nothing overflows on the way', () => {
    expect(evaluate(sigmoid(constant([-1000, 1000])))).toEqual([0, 1])
    expect(evaluate(softplus(constant([-1000, 1000])))).toEqual([0, 1000])
  })
})

describe('simplify and share', () => {
  it('tell −0 from 0', () => {
    const [a, b] = share([div(1, constant(0)), div(1, constant(-0))])
    expect(a).not.toBe(b)
    expect(evaluate(b)).toEqual([-Infinity])
  })
  it('merge a graph that was written twice', () => {
    const twice = () => exp(log(add(x, 1)))
    expect(topological(simplify([add(twice(), twice())])).length).toBe(topological([twice()]).length + 1)
  })
  it('keep a draw and a hyper-parameter, which are leaves of the run', () => {
    const h = hyper('rate', 0.5)
    expect(print(simplify([mul(h, 2)]))).toContain("hyper 'hyper/rate'")
  })
  it('substitute replaces a variable by its path', () => {
    expect(evaluate(substitute([add(x, x)], { x: constant([1, 2, 3]) })[0])).toEqual([2, 4, 6])
  })
})

describe('pushforward', () => {
  it('is the change of y along v', () => {
    const y = mul(x, x)
    expect(at(pushforward(y, [x], [constant([1, 0, 2])]), [3, 4, 5])).toEqual([6, 0, 20])
  })
  it('⟨dy, J·v⟩ = ⟨Jᵀ·dy, v⟩', () => {
    const y = exp(neg(sqrt(add(1, mul(x, x)))))
    const [v, dy] = [constant([1, -2, 0.5]), constant([0.25, 1, -3])]
    const left = at(sum(mul(dy, pushforward(y, [x], [v]))), [0.1, -0.7, 2])[0]
    const right = at(sum(mul(pullback(y, dy, [x])[0], v)), [0.1, -0.7, 2])[0]
    expect(Math.abs(left - right)).toBeLessThan(1e-15)
  })
})
