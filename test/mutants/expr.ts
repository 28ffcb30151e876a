/** Mutants of differentiation and of rewriting. */
import { add, broadcast, mul, print, pullback, sigmoid, simplify, stopGradient, topological, zerosLike, type Expr } from 'tikhonov/expr'
import { derivativeLaws, differentiationLaws, rewritingLaws, type Pullback } from 'tikhonov/laws'
import { gelu, relu, selu } from 'tikhonov/layers'
import type { Mutant } from './harness.js'

export const suites = [
  differentiationLaws(pullback), derivativeLaws(relu.of), derivativeLaws(gelu.of), derivativeLaws(selu.of), rewritingLaws(simplify)
]

const then = (edit: (d: Expr, e: Expr, y: Expr) => Expr): Pullback => (y, dy, at) => pullback(y, dy, at).map((d, i) => edit(d, at[i], y))

const occurs = (e: Expr, y: Expr): boolean => topological([y]).includes(e)

/** The graph with each node of a primitive made anew: rewrites that look right and are not. */
const rewriting = (name: string, edit: (args: readonly Expr[]) => Expr | undefined) => (roots: readonly Expr[]): readonly Expr[] =>
  simplify(roots).map((root) => (root.primitive.name === name ? edit(root.args) ?? root : root))

const isNumber = (e: Expr, x: number): boolean => print([e]).startsWith(`%0 = constant [] ${x} : []`)

export const mutants: readonly Mutant[] = [
  {
    name: 'a derivative one part in a thousand too large', origin: 'one edit', law: 'is the derivative',
    suite: () => differentiationLaws(then((d) => mul(1.001, d)))
  },
  {
    name: 'a derivative that cannot be derived', origin: 'one edit', law: 'twice is the second derivative',
    suite: () => differentiationLaws(then((d) => stopGradient(d)))
  },
  {
    name: 'a cotangent squared', origin: 'one edit', law: 'is linear',
    suite: () => differentiationLaws((y, dy, at) => pullback(y, mul(dy, dy), at))
  },
  {
    name: 'variables told apart by identity', origin: 'an early form of this library', law: 'counts every occurrence by its path',
    suite: () => differentiationLaws(then((d, e, y) => (occurs(e, y) ? d : zerosLike(d))))
  },
  {
    name: 'ones for what does not matter', origin: 'one edit', law: 'what does not matter gets zeros',
    suite: () => differentiationLaws(then((d, e, y) => (print([y]).includes(print([e]).slice(5)) ? d : add(1, zerosLike(d)))))
  },
  {
    name: 'an activation whose derivative forgets a factor', origin: 'one edit', law: 'is the derivative of the function',
    suite: () => derivativeLaws((x) => mul(x, stopGradient(sigmoid(x))))
  },
  {
    name: 'x · 0 = 0', origin: 'one edit', law: 'keeps the hard corners of every identity',
    suite: () => rewritingLaws(rewriting('mul', ([a, b]) => (isNumber(b, 0) ? broadcast(0, a.shape) : undefined)))
  },
  {
    name: 'x + 0 = x', origin: 'one edit', law: 'keeps the hard corners of every identity',
    suite: () => rewritingLaws(rewriting('add', ([a, b]) => (isNumber(b, 0) ? a : isNumber(a, 0) ? b : undefined)))
  },
  {
    name: 'a rewriting that is one ulp off', origin: 'one edit', law: 'changes no value',
    suite: () => rewritingLaws((roots) => simplify(roots).map((r) => mul(r, 1 + 2 ** -52)))
  },
  {
    name: 'a rewriting that adds', origin: 'one edit', law: 'makes no graph larger',
    suite: () => rewritingLaws((roots) => simplify(roots).map((r) => mul(1, r)))
  },
  { name: 'no merging', origin: 'one edit', law: 'merges what is equal', suite: () => rewritingLaws((roots) => [...roots]) }
]
