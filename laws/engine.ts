/** Laws of engines: one meaning, whatever computes it. */
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { dropout } from 'tikhonov/dropout'
import { reference, type Engine } from 'tikhonov/engine'
import { gradient, sum, topological, type Expr, type Run } from 'tikhonov/expr'
import { dense, sigmoid, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { bits } from 'tikhonov/random'
import { l1, l2, plus } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { fold, start, trainer, type Batch, type Trainer } from 'tikhonov/training'
import { graph, type Graph } from './arbitraries/graph.js'
import { position, seed as seeds } from './arbitraries/index.js'
import { about, every, law, same, suite, type Outcome, type Suite } from './kit/index.js'

/** float32 numbers of moderate size, and the hard ones. */
const numbers = (): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.double({ min: -3, max: 3, noNaN: true }).map((x) => (Math.abs(x) < 1e-30 ? 0 : Math.fround(x))) },
    { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 100, -100) }
  )

const runOf = (values: Graph['values'], at: Partial<Run> = {}): Run =>
  ({ values: (path) => values[path], seed: 0, step: 0, position: 0, ...at })

/** A copy of what an engine makes of a graph: the engine's own is overwritten by the next call. */
const valuesOf = (engine: Engine, roots: readonly Expr[], run: Run): readonly (readonly number[])[] =>
  engine.evaluate(roots)(run).map((x) => Array.from(x))

/** All nodes of a graph whose decisions a rounding error may turn. */
const discontinuous = new Set([
  'floor', 'greater', 'equal', 'sign', 'max', 'min', 'reduceMax', 'pick', 'unpool', 'abs', 'select',
  'reciprocal', 'div', 'pow', 'log', 'log1p', 'erfinv', 'sqrt'
])

/**
 * How many terms the longest inner product of a graph adds up: an engine may add in float32, where each addition may round the same way.
 * (The reference rounds a sum once.)
 */
const longestProduct = (nodes: readonly Expr[]): number =>
  nodes.reduce((most, e) => {
    const [columns, all] = [e.shape[e.shape.length - 1] ?? 1, count(e.shape)]
    return e.primitive.name === 'matmul' && all > 0 ? Math.max(most, (count(e.args[0].shape) * columns) / all) : most
  }, 0)

const count = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1)

/**
 * |engine − float64| ≤ 8·|reference float32 − float64| + (4 + k/2) ulp of the largest intermediate, element by element, where k is the
 * length of the longest inner product; what is not finite in float64 must be the same. Where a graph may jump (comparisons, poles) and
 * the two references differ by more than rounding, it is discarded.
 */
const agrees = (engine: Engine, root: Expr, values: Graph['values']): Outcome => {
  const run = runOf(values)
  const inner = topological([root])
  const all = [root, ...inner]
  const [exact, rounded] = [valuesOf(reference(), all, run), valuesOf(reference('float32'), all, run)]
  const [got] = valuesOf(engine, [root], run)
  const largest = exact.flat().reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0)
  fc.pre(largest < 1e30)
  const ulps = 4 + longestProduct(inner) / 2
  const jumps = inner.some((e) => discontinuous.has(e.primitive.name))
  return every(...exact[0].map((x, i): Outcome => {
    const r = rounded[0][i]
    if (Object.is(got[i], r) || (Number.isNaN(got[i]) && Number.isNaN(r))) return true
    const bound = 8 * Math.abs(r - x) + ulps * 2 ** -23 * largest
    if (Math.abs(got[i] - x) <= bound) return true
    // A pole or a tie within rounding: the references themselves need not agree there.
    fc.pre(!(jumps && nearJump(exact, rounded)))
    return about(`element ${i}`, `got ${got[i]}, float64 ${x}, float32 reference ${r}: off by more than ${bound}`)
  }))
}

/** Whether somewhere the float32 reference left the float64 one by more than rounding explains, or stood at a tie. */
const nearJump = (exact: readonly (readonly number[])[], rounded: readonly (readonly number[])[]): boolean =>
  exact.some((xs, k) => xs.some((x, i) => {
    const d = Math.abs(x - rounded[k][i])
    return Number.isNaN(x) || !Number.isFinite(x) || Math.abs(x) < 1e-6 || d > 1e-4 * Math.max(1, Math.abs(x)) || Math.abs(x) > 1e6
  }))

const right = <A>(e: E.Either<unknown, A>): A => {
  fc.pre(E.isRight(e))
  return e.right
}

/** A small network with all that a step has: dropout, two penalties, momentum. */
const learner = (engine: Engine, units: number): Trainer => {
  const hidden = dense(units, { activation: tanh, kernelRegularizer: plus(l1(0.001), l2(0.01)) })
  const model = right(sequential([3], hidden, dropout(0.25), dense(1, { activation: sigmoid, kernelRegularizer: l2(0.01) })))
  return right(trainer({ model, loss: mse(), optimizer: sgd(0.05, { momentum: 0.9 }), engine }))
}

const exampleBatches = (): fc.Arbitrary<readonly Batch[]> =>
  fc.array(
    fc.array(fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: -64, max: 64 }).map((n) => n / 64))), { minLength: 5, maxLength: 5 }),
    { minLength: 1, maxLength: 6 }
  ).map((all) => all.map((rows) => ({ x: tensor(rows.map((r) => r.slice(0, 3))), y: tensor(rows.map((r) => [Math.abs(r[3])])) })))

const purposes = () => fc.constantFrom('perExample' as const, 'perStep' as const, 'initial' as const)

const drawnShapes = () => fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }))

/** To one part in ten thousand; of a number below 1, to 1e-4. */
const close = (got: number, want: number): Outcome =>
  Math.abs(got - want) <= 1e-4 * Math.max(1, Math.abs(want)) || `${got} of ${want}`

/** The graphs whose values are held to the reference, and those whose gradients are: small ones, unless told. */
export interface Graphs { readonly values?: fc.Arbitrary<Graph>; readonly slopes?: fc.Arbitrary<Graph> }

/**
 * An engine computes what the reference engine means: values and gradients of random graphs to the rounding of float32, random draws
 * bit for bit, training steps to 1e-4; and its states are values, old ones included.
 *
 * @example
 * ```ts
 * import { reference } from 'tikhonov/engine'
 * import { check, engineLaws } from 'tikhonov/laws'
 * check(engineLaws(reference('float32')), { runs: 20 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const engineLaws = (engine: Engine, graphs: Graphs = {}): Suite => {
  const { values = graph('raw', numbers()), slopes = graph('smooth', numbers()) } = graphs
  const widths = fc.integer({ min: 1, max: 9 })
  const twoRuns = [exampleBatches(), exampleBatches(), seeds()] as const
  return suite('engine', engine, [
    law('values agree', '⟦e⟧ = ⟦e⟧ of the reference, to float32', [values], (g) => agrees(engine, g.root, g.values)),
    law('gradients agree', '⟦∇e⟧ = ⟦∇e⟧ of the reference, to float32', [slopes], (g) =>
      every(...gradient(sum(g.root), g.leaves).map((d): Outcome => agrees(engine, d, g.values)))),
    law('draws are the same bits', 'bits(address) is a function of the address, not of the engine',
      [purposes(), drawnShapes(), seeds(), position()], (address, shape, seed, at) => {
        const run = runOf({}, { seed, step: at, position: at })
        const drawn = bits(address, 'laws/draw', [...shape])
        return same(valuesOf(engine, [drawn], run), valuesOf(reference(), [drawn], run))
      }),
    law('training agrees', 'fold is that of the reference, to 1e-4', [exampleBatches(), seeds(), widths], (given, seed, units) => {
      const [mine, exact] = [learner(engine, units), learner(reference(), units)]
      const [a, b] = [right(fold(mine)(start(mine, seed), given)), right(fold(exact)(start(exact, seed), given))]
      return every(
        ...Array.from(b.state.values, (x, i): Outcome => about(`value ${i}`, close(a.state.values[i], x))),
        ...b.reports.map((r, i): Outcome => about(`report ${i}`, close(a.reports[i].total, r.total)))
      )
    }, { mostRuns: 15 }),
    law('states are values', 'fold from an older state gives the same again', [exampleBatches(), seeds()], (given, seed) => {
      const t = learner(engine, 4)
      const s = start(t, seed)
      const before = Array.from(s.values)
      const first = right(fold(t)(s, given)).state
      const kept = Array.from(first.values)
      right(fold(t)(first, given))
      const again = right(fold(t)(s, given)).state
      return every(
        about('the first state', same(Array.from(s.values), before)),
        about('the state that went out', same(Array.from(first.values), kept)),
        about('again', same(Array.from(again.values), kept))
      )
    }, { mostRuns: 15 }),
    law('one fold or many', 'fold(xs ++ ys) = fold(ys) ∘ fold(xs), bit for bit', twoRuns, (xs, ys, seed) => {
      const t = learner(engine, 4)
      const s = start(t, seed)
      const one = right(fold(t)(s, [...xs, ...ys])).state
      const two = right(fold(t)(right(fold(t)(s, xs)).state, ys)).state
      return same(Array.from(two.values), Array.from(one.values))
    }, { mostRuns: 15 })
  ])
}
