import { describe, expect, it } from 'vitest'
import {
  abs, add, constant, concat, evaluate, gradient, matmul, mul, print, problems, pullback, pushforward, reshape, scan, share,
  showShapeProblem, sigmoid, simplify, slice, sub, sum, tanh, topological, variable, type Expr, type Scanned, type ScanOptions, type Step
} from 'tikhonov/expr'
import { unrolled } from 'tikhonov/laws'
import { bits } from 'tikhonov/random'
import { interpreter } from '../../src/expr/evaluate.js'
import { partsOf } from '../../src/expr/loop.js'
import { prunedScan } from '../../src/expr/prune.js'
import { loopOf } from '../../src/expr/loop.js'

const [T, n, k, u] = [5, 4, 3, 2]
const [W, U, b] = [variable('W', [k, 4 * u]), variable('U', [u, 4 * u]), variable('b', [4 * u])]
const x = variable('x', [T, n, k])
const [h, c] = [variable('h', [n, u]), variable('c', [n, u])]
const leaves = [x, h, c, W, U, b]
const wave = (size: number, phase: number) => Array.from({ length: size }, (_, i) => Math.sin(7 * phase + 1.3 * i))
const size = (e: Expr): number => e.shape.reduce((p, d) => p * d, 1)
const given = Object.fromEntries(['x', 'h', 'c', 'W', 'U', 'b'].map((path, i) => [path, wave(size(leaves[i]), i)]))

const lstm: Step = ([hidden, cell], [item]) => {
  const z = add(matmul(item, W), b, matmul(hidden, U))
  const [i, f, o, g] = [0, 1, 2, 3].map((gate) => slice(z, [0, u * gate], [n, u]))
  const next = add(mul(sigmoid(f), cell), mul(sigmoid(i), tanh(g)))
  const out = mul(sigmoid(o), tanh(next))
  return { states: [out, next], outputs: [out] }
}

const over = (options: Partial<ScanOptions> = {}): ScanOptions => ({ sequences: [x], initial: [h, c], ...options })
const flat = (es: readonly Expr[]): Expr => concat(es.map((e) => reshape(e, [size(e)])))
const all = ({ final, outputs }: Scanned): Expr => flat([...final, ...outputs])
const loopsIn = (roots: readonly Expr[]) => topological(roots).filter((e) => loopOf(e) !== undefined)
const squares = (s: Scanned): Expr => sum(mul(all(s), all(s)))
const expectClose = (got: readonly number[], wanted: readonly number[], tolerance = 1e-12): void => {
  expect(got.length).toBe(wanted.length)
  got.forEach((v, i) => { expect(Math.abs(v - wanted[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted[i]))) })
}
type Given = Readonly<Record<string, readonly number[]>>

/** Both loops, in value and gradient. */
const expectTheSame = (options: ScanOptions, step: Step, at: readonly Expr[], values: Given): void => {
  const [mine, theirs] = [scan(options, step), unrolled(options, step)]
  expect(problems([...mine.final, ...mine.outputs])).toEqual([])
  expect(evaluate(all(mine), values)).toEqual(evaluate(all(theirs), values))
  expectClose(evaluate(flat(gradient(squares(mine), at)), values), evaluate(flat(gradient(squares(theirs), at)), values))
}

describe('a scan is its steps, written out', () => {
  it('forwards', () => { expectTheSame(over(), lstm, leaves, given) })
  it('backwards', () => { expectTheSame(over({ reverse: true }), lstm, leaves, given) })
  it.each([1, 2, 3, 5, 9])('with gradients cut every %i steps', (truncate) => {
    expectTheSame(over({ truncate }), lstm, leaves, given)
    expectTheSame(over({ truncate, reverse: true }), lstm, leaves, given)
  })
  it.each([0, 1])('of %i items', (length) => {
    expectTheSame(over({ sequences: [slice(x, [0, 0, 0], [length, n, k])] }), lstm, leaves, given)
  })
  it('without sequences', () => {
    const step: Step = ([s]) => ({ states: [tanh(mul(s, variable('a', [])))], outputs: [s] })
    expectTheSame({ sequences: [], initial: [h], length: 4 }, step, [h, variable('a', [])], { ...given, a: [0.7] })
    expectTheSame({ sequences: [], initial: [h], length: 0 }, step, [h, variable('a', [])], { ...given, a: [0.7] })
  })
  it('without states: a map', () => {
    expectTheSame({ sequences: [x, x], initial: [] }, (_, [p, q]) => ({ states: [], outputs: [mul(tanh(p), q), sum(p)] }), [x], given)
  })
  it('where states change places, stay or are set from outside', () => {
    expectTheSame(over(), ([p, q], [item]) => ({ states: [q, p], outputs: [sum(item), p] }), leaves, given)
    expectTheSame(over(), ([p], [item]) => ({ states: [p, variable('c', [n, u])], outputs: [item, item, b] }), leaves, given)
  })
  it('of scalars and of batches of one', () => {
    const y = variable('y', [3])
    expectTheSame({ sequences: [y], initial: [constant(0.5)] }, ([s], [item]) => {
      const next = sub(mul(s, item), tanh(item))
      return { states: [next], outputs: [abs(next)] }
    }, [y], { y: [1, -2, 0.25] })
  })
  it('where a constant is a factor on either side, of what is neither a state nor an item', () => {
    const square = variable('U', [u, u])
    const step: Step = ([hidden, cell]) => ({
      states: [add(matmul(mul(tanh(hidden), cell), square, { b: true }), matmul(cell, square)), cell],
      outputs: [matmul(square, hidden, { b: true })]
    })
    expectTheSame(over(), step, [h, c, square], { ...given, U: wave(u * u, 3) })
  })
  it('where one loop runs inside of another', () => {
    const [first, weights] = [variable('h', [1, u]), { U: variable('U', [u, u]), W: variable('W', [k, u]) }]
    const nested = (loop: typeof scan): Scanned => loop({ sequences: [x], initial: [first] }, ([hidden], [item]) => {
      const { final } = loop({ sequences: [item], initial: [hidden] }, ([s], [row]) => {
        const next = tanh(add(matmul(s, weights.U), matmul(reshape(row, [1, k]), weights.W), mul(0.1, hidden)))
        return { states: [next], outputs: [] }
      })
      return { states: final, outputs: [sum(final[0])] }
    })
    const values = { x: given.x, h: wave(u, 1), U: wave(u * u, 2), W: wave(k * u, 3) }
    const at = [x, first, weights.U, weights.W]
    expect(evaluate(all(nested(scan)), values)).toEqual(evaluate(all(nested(unrolled)), values))
    expectClose(
      evaluate(flat(gradient(squares(nested(scan)), at)), values), evaluate(flat(gradient(squares(nested(unrolled)), at)), values)
    )
  })
})

describe('derivatives of a scan', () => {
  const value = squares(scan(over(), lstm))
  const slopes = gradient(value, leaves)
  const direction = leaves.map((e, i) => constant(wave(size(e), i + 0.5), e.shape))
  const inner = (ds: readonly Expr[]): Expr => ds.map((d, i) => sum(mul(d, direction[i]))).reduce((p, q) => add(p, q))
  const moved = (t: number) => Object.fromEntries(leaves.map((e, i) => {
    const path = ['x', 'h', 'c', 'W', 'U', 'b'][i]
    return [path, given[path].map((v, j) => v + t * wave(size(e), i + 0.5)[j])]
  }))
  const difference = (f: Expr): number => (evaluate(f, moved(2 ** -14))[0] - evaluate(f, moved(-(2 ** -14)))[0]) * 2 ** 13
  // Central differences with h = 2⁻¹⁴ err by h²/6·f‴, here below 1e-5 of what is compared.

  it('are those of central differences', () => { expectClose(evaluate(inner(slopes), given), [difference(value)], 1e-5) })
  it('once more too', () => {
    const slope = inner(slopes)
    expectClose(evaluate(inner(gradient(slope, leaves)), given), [difference(slope)], 1e-5)
  })
  it('J and Jᵀ are transposes', () => {
    const y = all(scan(over(), lstm))
    const dy = constant(wave(size(y), 9), y.shape)
    expectClose(evaluate(sum(mul(dy, pushforward(y, leaves, direction))), given), evaluate(inner(pullback(y, dy, leaves)), given))
  })
  it('can be had after simplification, when what they read was pruned', () => {
    const [pruned] = simplify([value])
    expectClose(evaluate(flat(gradient(pruned, leaves)), given), evaluate(flat(slopes), given))
  })
})

describe('what a loop computes', () => {
  const { final, outputs } = scan(over(), lstm)
  const bodyOf = (e: Expr) => loopOf(loopsIn(simplify([e]))[0])?.body

  it('is what is read: without a gradient nothing is kept for it', () => {
    expect(bodyOf(outputs[0])?.outputs.length).toBe(1)
    expect(bodyOf(final[0])?.outputs.length).toBe(0)
    const kept = (at: Expr) => loopsIn(simplify(gradient(sum(outputs[0]), [at]))).map((e) => loopOf(e)?.body.outputs.length)
    // Four gates, tanh of the cell, the cell before; for U also the hidden state before, which it multiplies.
    expect([kept(W), kept(U)]).toEqual([[6, 1], [7, 1]])
  })
  it('leaves out states that nothing needs', () => {
    const counted = scan(over(), ([hidden, count], [item]) => ({ states: [add(hidden, sum(item)), add(count, 1)], outputs: [] }))
    const [e] = simplify([counted.final[0]])
    expect(loopsIn([e]).map((loop) => loopOf(loop)?.body.states.length)).toEqual([1])
    expect(evaluate(e, given)).toEqual(evaluate(counted.final[0], given))
  })
  it('can be pruned by an engine, which learns where the rest lies', () => {
    const [loop] = loopsIn([outputs[0]])
    const parts = partsOf(loopOf(loop) ?? expect.fail())
    const { scan: pruned, moved } = prunedScan(loop, { final: [false, false], outputs: parts.outputs.map((_, j) => j === 0) })
    const at = moved(parts.outputs[0].offset)
    expect(evaluate(pruned, given).slice(at, at + T * n * u)).toEqual(evaluate(outputs[0], given))
  })
  it('is one product for all steps where it is made of items only', () => {
    const products = (roots: readonly Expr[]) => topological(roots).filter((e) => e.primitive.name === 'matmul').map((e) => e.shape)
    expect(products([outputs[0]])).toEqual([[T * n, 4 * u]])
    const body = bodyOf(outputs[0])
    expect(products([...body?.next ?? []])).toEqual([[n, 4 * u]])
    expect(body?.constants.map((e) => e.shape)).toEqual([[u, 4 * u]])
  })
  it('is one product for all steps where it is the cotangent of a matrix', () => {
    const [e] = simplify(gradient(sum(outputs[0]), [U]))
    expect([e.primitive.name, e.args.map((a) => a.shape)]).toEqual(['matmul', [[T * n, u], [T * n, 4 * u]]])
  })
  it('does not hold draws: they are the same at all steps', () => {
    const drawn = scan(over(), (states) => ({ states, outputs: [bits('perStep', 'mask', [2])] }))
    const values = evaluate(drawn.outputs[0], given, { seed: 3, step: 4 })
    expect(topological(drawn.outputs).some((e) => e.primitive.name === 'bits')).toBe(true)
    expect(values).toEqual(Array.from({ length: T }, () => evaluate(bits('perStep', 'mask', [2]), {}, { seed: 3, step: 4 })).flat())
  })
  it('is rounded after every operation where the interpreter is', () => {
    const [mine, theirs] = [all(scan(over(), lstm)), all(unrolled(over(), lstm))]
    const [p, q] = [mine, theirs].map((e) => {
      const bound = interpreter([e], 'float32')
      bound.run({ values: (path) => given[path], seed: 0, step: 0, position: 0 })
      return bound.values(e)
    })
    expect(p).toEqual(q)
    expect(Array.from(p)).not.toEqual(evaluate(mine, given))
  })
})

describe('loops in the graph', () => {
  const one = (step: (s: Expr, item: Expr) => Expr, reverse = false): Expr =>
    scan({ sequences: [x], initial: [constant(0)], reverse }, ([s], [item]) => ({ states: [step(s, item)], outputs: [] })).final[0]
  const total = () => one((s, item) => add(s, sum(item)))
  const product = () => one((s, item) => mul(s, sum(item)))

  it('are merged where they are equal, and only there', () => {
    const [p, q] = share([total(), total()])
    expect(p).toBe(q)
    expect(loopsIn(share([total(), product()])).length).toBe(2)
    expect(loopsIn(share([total(), one((s, item) => add(s, sum(item)), true)])).length).toBe(2)
  })
  it('are simplified inside', () => {
    const [p, q] = simplify([one((s, item) => add(mul(1, s), sum(reshape(reshape(item, [n * k]), [n, k])))), total()])
    expect(p).toBe(q)
  })
  it('print their body', () => {
    const y = variable('y', [3])
    const step: Step = ([s], [item]) => ({ states: [mul(s, item)], outputs: [] })
    const { final: [last] } = scan({ sequences: [y], initial: [variable('s', [])] }, step)
    expect(print(simplify([last]))).toBe([
      "%0 = variable 'y' [3] : [3]",
      "%1 = variable 's' [] : []",
      '%2 = scan %0 %1 3 steps {',
      '  state0 : []',
      '  item0 : []',
      '  %0 = mul state0 item0 : []',
      '  next %0',
      '  outputs',
      '} : [1]',
      '%3 = reshape %2 [] : []'
    ].join('\n'))
  })
  it('of many steps are one node', () => {
    const step: Step = ([s]) => ({ states: [tanh(add(s, 0.5))], outputs: [] })
    const long = scan({ sequences: [], initial: [variable('s', [])], length: 20_000 }, step)
    const slope = gradient(long.final[0], [variable('s', [])])[0]
    expect(topological([slope]).length).toBeLessThan(40)
    expect(evaluate(long.final[0], { s: [0] })[0]).toBeGreaterThan(0.5)
    expect(evaluate(slope, { s: [0] })[0]).toBe(0)
  })
  it('have their own leaves: a variable of theirs cannot be one of the caller', () => {
    const [leaked] = scan({ sequences: [x], initial: [] }, (_, [item]) => ({ states: [], outputs: [item] })).outputs
    const escaped: Expr[] = []
    scan({ sequences: [x], initial: [] }, (_, [item]) => {
      escaped.push(item)
      return { states: [], outputs: [] }
    })
    expect(evaluate(leaked, given)).toEqual(given.x)
    expect(() => evaluate(escaped[0], given)).toThrow('read outside of its body')
  })
})

describe('misfits of a loop', () => {
  const same: Step = (states) => ({ states, outputs: [] })
  const wrong: Step = ([p, ...others], [item]) => ({ states: [add(p, item), ...others], outputs: [] })
  const messages = ({ final, outputs }: Scanned) => problems([...final, ...outputs]).map(showShapeProblem)
  it.each<readonly [string, Scanned, readonly string[]]>([
    ['sequences of different lengths', scan({ sequences: [x, variable('y', [6])], initial: [h] }, same),
      ['scan [5, 4, 3] × [6] × [4, 2]: sequences of different lengths 5, 6']],
    ['a length that is not that of the sequences', scan(over({ length: 7 }), same),
      ['scan [5, 4, 3] × [4, 2] × [4, 2]: sequences of length 5 in a loop of 7 steps']],
    ['no length', scan({ sequences: [], initial: [h] }, same), ['scan [4, 2]: wants sequences, or a length: a whole number ≥ 0']],
    ['half a step', scan({ sequences: [], initial: [h], length: 1.5 }, same),
      ['scan [4, 2]: wants sequences, or a length: a whole number ≥ 0']],
    ['a scalar as a sequence', scan({ sequences: [constant(1)], initial: [h], length: 2 }, same),
      ['scan [] × [4, 2]: a sequence wants an axis of steps']],
    ['a state that changes shape', scan(over(), ([p]) => ({ states: [p, constant([1, 2])], outputs: [] })),
      ['scan [5, 4, 3] × [4, 2] × [4, 2]: state 1 is [4, 2], the next one [2]']],
    ['a state that is lost', scan(over(), ([p]) => ({ states: [p], outputs: [] })),
      ['scan [5, 4, 3] × [4, 2] × [4, 2]: 1 next states for 2 initial ones']],
    ['truncation at no step', scan(over({ truncate: 0 }), same), ['scan: truncate is 0: wants a whole number ≥ 1']],
    ['a misfit in the body', scan(over(), wrong),
      ['add [4, 2] × [4, 3]: do not broadcast to one shape']],
    ['a misfit in the body, and one of the loop', scan(over({ truncate: -1 }), wrong),
      ['scan: truncate is -1: wants a whole number ≥ 1', 'add [4, 2] × [4, 3]: do not broadcast to one shape']],
    ['a misfit further up', scan({ sequences: [add(x, variable('y', [7]))], initial: [h] }, wrong),
      ['add [5, 4, 3] × [7]: do not broadcast to one shape']]
  ])('%s', (_, scanned, wanted) => { expect(messages(scanned)).toEqual(wanted) })
})
