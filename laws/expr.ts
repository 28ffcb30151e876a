/** Laws of differentiation and of rewriting, on random graphs. */
import fc from 'fast-check'
import {
  abs, add, concat, constant, div, equal, evaluate, exp, floor, gradient as derive, keepAxes, log, max, maxPool, mul, neg, patches, pow,
  print, reciprocal, reduceMax, reshape, select, sqrt, sub, sum, topological, variable, type Expr, type Window
} from 'tikhonov/expr'
import { graph, type Graph } from './arbitraries/graph.js'
import { dyadic, real } from './arbitraries/index.js'
import { about, every, law, near, same, suite, type Outcome, type Suite } from './kit/index.js'

/** A way to differentiate: the cotangents of `at`, given that of `y`. */
export type Pullback = (y: Expr, dy: Expr, at: readonly Expr[]) => readonly Expr[]

const size = (e: Expr): number => e.shape.reduce((n, d) => n * d, 1)

const h = 2 ** -14

/** How far each pixel below a window is from the largest there. */
const contest = (x: Expr, window: Window): Expr => {
  const p = patches(x, window)
  return sub(p, keepAxes(maxPool(x, window), p.shape, window.size.map((_, a) => 1 + window.size.length + a)))
}

/** Whatever decides between branches, as numbers whose sign must not change near the point: a − b at a comparison, x at |x|, … */
const decisions = (root: Expr): readonly Expr[] =>
  topological([root]).flatMap((e): readonly Expr[] => {
    const [a, b] = e.args
    switch (e.primitive.name) {
      case 'max': case 'min': case 'greater': case 'equal': return [sub(a, b)]
      case 'abs': case 'sign': return [a]
      case 'floor': return [floor(a)]
      case 'reduceMax': return [sub(a, reduceMax(a))]
      case 'pick': case 'unpool': return [contest(a, (e as Expr<Window>).attributes)]
      default: return []
    }
  })

/** The graph moved by t·v, with v drawn once for each variable. */
const moved = ({ values }: Graph, v: readonly number[], t: number): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(Object.entries(values).map(([path, xs], k) => [path, xs.map((x, i) => x + t * v[(i + 7 * k) % v.length])]))

const directions = (): fc.Arbitrary<readonly number[]> =>
  fc.array(real({ smallest: 2 ** -3, largest: 1 }), { minLength: 30, maxLength: 30 })

/** Whether every decision comes out alike over ±10h: no kink is nearer than that. */
const farFromKinks = (g: Graph, v: readonly number[]): boolean => {
  const roots = decisions(g.root)
  if (roots.length === 0) return true
  const all = concat(roots.map((e) => reshape(e, [size(e)])), 0)
  const at = (t: number) => evaluate(all, moved(g, v, t)).map(Math.sign)
  const here = at(0)
  return [-10, -5, 5, 10].every((n) => at(n * h).every((s, i) => s === here[i]))
}

const bounded = (xs: readonly number[], bound: number): boolean => xs.every((x) => Math.abs(x) < bound)

const inner = (xs: readonly Expr[], v: readonly number[]): Expr =>
  xs
    .map((x, k) => sum(mul(x, constant(Array.from({ length: size(x) }, (_, i) => v[(i + 7 * k) % v.length]), x.shape))))
    .reduce((a, b) => add(a, b))

/** The truncation error of a central difference is h²/6·|f‴|, its rounding error ε·|f|/h: both below this for values below 1e3. */
const tolerance = { relative: 1e-5, absolute: 1e-5 }

const differencesOf = (f: Expr, slope: Expr, g: Graph, v: readonly number[]): Outcome => {
  const value = (t: number) => evaluate(f, moved(g, v, t))[0]
  const [left, here, right, found] = [value(-h), value(0), value(h), evaluate(slope, g.values)[0]]
  const curve = Math.abs(value(2 * h) - 2 * right + 2 * left - value(-2 * h)) / (2 * h ** 3)
  fc.pre(bounded([left, here, right, found], 1e3) && curve < 1e4)
  return near(found, (right - left) / (2 * h), tolerance)
}

/**
 * Reverse-mode differentiation, on random graphs: it is the derivative, its own derivative is the second one, it is linear in the
 * cotangent, it counts every occurrence of a variable, and J and Jᵀ are transposes. The subject is the differentiation; graphs are farther
 * than 10h from kinks, with h = 2⁻¹⁴.
 *
 * @example
 * ```ts
 * import { pullback } from 'tikhonov/expr'
 * import { check, differentiationLaws } from 'tikhonov/laws'
 * check(differentiationLaws(pullback), { runs: 20 }).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const differentiationLaws = (pullback: Pullback): Suite => {
  const gradient = (y: Expr, at: readonly Expr[]) => pullback(y, constant(1), at)
  const smooth = [graph('smooth'), directions()] as const
  return suite('differentiation', pullback, [
    law('is the derivative', '⟨∇f, v⟩ = (f(x + hv) − f(x − hv))/2h', [graph('safe'), directions()], (g, v) => {
      const f = sum(g.root)
      fc.pre(farFromKinks(g, v))
      return differencesOf(f, inner(gradient(f, g.leaves), v), g, v)
    }),
    law('twice is the second derivative', '⟨∇⟨∇f, v⟩, v⟩ = (⟨∇f(x + hv), v⟩ − ⟨∇f(x − hv), v⟩)/2h', smooth, (g, v) => {
      const slope = inner(gradient(sum(g.root), g.leaves), v)
      return differencesOf(slope, inner(gradient(slope, g.leaves), v), g, v)
    }),
    law('is linear', 'Jᵀ(αp + q) = α·Jᵀp + Jᵀq', [graph('safe'), directions(), dyadic()], (g, v, alpha) => {
      const like = (k: number) => constant(Array.from({ length: size(g.root) }, (_, i) => v[(i + k) % v.length]), g.root.shape)
      const [p, q] = [like(0), like(11)]
      const both = pullback(g.root, add(mul(alpha, p), q), g.leaves)
      const apart = pullback(g.root, p, g.leaves).map((d, i) => add(mul(alpha, d), pullback(g.root, q, g.leaves)[i]))
      return every(...both.map((d, i): Outcome => {
        const [left, right] = [evaluate(d, g.values), evaluate(apart[i], g.values)]
        fc.pre(bounded(left, 1e6))
        return about(`variable ${i}`, near(left, right, { relative: 1e-9, absolute: 1e-9 }))
      }))
    }),
    law('counts every occurrence by its path', '∂(x·x′)/∂x = x + x′ where x and x′ have one path', [dyadic(), dyadic()], (a, b) => {
      const [x, twin] = [variable('x', [2]), variable('x', [2])]
      return same(evaluate(gradient(sum(mul(x, twin)), [variable('x', [2])])[0], { x: [a, b] }), [2 * a, 2 * b])
    }),
    law('what does not matter gets zeros', '∂f/∂z = 0 where z is not in f', [graph('safe')], (g) =>
      same(evaluate(gradient(sum(g.root), [variable('elsewhere', [3])])[0], { ...g.values, elsewhere: [1, 2, 3] }), [0, 0, 0]))
  ])
}

/**
 * The derivative of a function of yours, at points of an arbitrary (default: reals of either sign, up to 4), against central differences:
 * for activations and penalties built of expressions. Points nearer than 10h to a kink are passed over.
 *
 * @example
 * ```ts
 * import { check, derivativeLaws } from 'tikhonov/laws'
 * import { gelu } from 'tikhonov/layers'
 * check(derivativeLaws(gelu.of)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const derivativeLaws = (f: (x: Expr) => Expr, point: fc.Arbitrary<number> = real({ largest: 4 })): Suite => {
  const points = fc.array(point, { minLength: 1, maxLength: 4 })
  return suite('derivative', f, [
    law('is the derivative of the function', 'f′(x) = (f(x + h) − f(x − h))/2h', [points, directions()], (xs, v) => {
      const x = variable('v0', [xs.length])
      const g: Graph = { root: f(x), leaves: [x], values: { v0: xs } }
      fc.pre(farFromKinks(g, v))
      return differencesOf(sum(g.root), inner(derive(sum(g.root), [x]), v), g, v)
    })
  ])
}

/** A rewriting of graphs. */
export type Rewriting = (roots: readonly Expr[]) => readonly Expr[]

/** Numbers with all that is hard on rewriting: both zeros, both infinities, NaN. */
const hard = (): fc.Arbitrary<number> => fc.oneof(
  { weight: 3, arbitrary: dyadic() }, { weight: 2, arbitrary: fc.constantFrom(0, -0, Infinity, -Infinity, Number.NaN, 1, -1) }
)

const corners = [0, -0, 1, -1, 2.5, 5e-324, 1e308, Infinity, -Infinity, Number.NaN]

/** What looks like x, like 0 or like 1, and is not at every number. */
const identities: readonly ((x: Expr) => Expr)[] = [
  (x) => mul(x, 0), (x) => mul(0, x), (x) => add(x, 0), (x) => add(0, x), (x) => add(x, -0), (x) => sub(x, 0), (x) => sub(x, -0),
  (x) => sub(0, x), (x) => sub(x, x), (x) => div(x, x), (x) => div(0, x), (x) => div(x, 1), (x) => mul(x, 1), (x) => mul(x, -1),
  (x) => neg(neg(x)), (x) => pow(x, 0), (x) => pow(x, 1), (x) => pow(1, x), (x) => max(x, x), (x) => abs(abs(x)),
  (x) => reciprocal(reciprocal(x)), (x) => equal(x, x), (x) => select(x, x, x), (x) => log(exp(x)), (x) => exp(log(x)),
  (x) => sqrt(mul(x, x))
]

/**
 * A rewriting changes no value, bit for bit: NaN, ∞ and −0 included. It gives as many roots as it was given, of the same shapes, and no
 * more nodes; once more changes nothing.
 *
 * @example
 * ```ts
 * import { simplify } from 'tikhonov/expr'
 * import { check, rewritingLaws } from 'tikhonov/laws'
 * check(rewritingLaws(simplify)).every((verdict) => verdict._tag === 'Passed') // => true
 * ```
 */
export const rewritingLaws = (simplify: Rewriting): Suite =>
  suite('rewriting', simplify, [
    law('changes no value', '⟦simplify(e)⟧ = ⟦e⟧, bit for bit', [graph('raw', hard())], (g) => {
      const [after] = simplify([g.root])
      return every(about('shape', same(after.shape, g.root.shape)), same(evaluate(after, g.values), evaluate(g.root, g.values)))
    }),
    law('keeps the hard corners of every identity', 'x·0, x + 0, x − x, x/x, x⁰, … at 0, −0, ±∞ and NaN', [], () => {
      const x = variable('x', [corners.length])
      return every(...identities.map((f, i) => about(`identity ${i}, ${print(simplify([f(x)])).split('\n').at(-1)}`,
        same(evaluate(simplify([f(x)])[0], { x: corners }), evaluate(f(x), { x: corners })))))
    }),
    law('makes no graph larger', '|simplify(e)| ≤ |e|', [graph('raw', hard())], (g) => {
      const [before, after] = [topological([g.root]).length, topological(simplify([g.root])).length]
      return after <= before || `${after} nodes of ${before}`
    }),
    law('merges what is equal', 'one node for two that are equal', [dyadic()], (c) => {
      const twice = () => abs(mul(variable('x', [2]), constant(c)))
      const [a, b] = simplify([twice(), twice()])
      return a === b || 'two nodes'
    })
  ])
