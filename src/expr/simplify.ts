/** Rewrites that keep every value, NaN, ∞ and −0 included. */
import { rebuild, withArgs } from './graph.js'
import { constant, constantValues } from './leaf.js'
import type { Expr, Values } from './node.js'
import { prune, rewritten } from './prune.js'
import { reshape } from './reshape.js'
import { sameShape, sizeOf } from './shape.js'
import { share } from './share.js'
import { transpose } from './view.js'

/** The one number that a constant, or a constant broadcast, is everywhere; else `undefined`. */
const everywhere = (e: Expr): number | undefined => {
  const source = e.primitive.name === 'broadcast' ? e.args[0] : e
  const values = constantValues(source)
  return values?.length === 1 ? values[0] : undefined
}

const foldable = 16

const run = { values: () => [], seed: 0, step: 0, position: 0 }

/** What stays as it is, constants or not: broadcast numbers say more than their copies. */
const kept = ['stopGradient', 'broadcast']

/** A node of small constants as the constant that it is. Random draws stay, since they have no arguments. */
const folded = (e: Expr): Expr | undefined => {
  const values = e.args.map(constantValues)
  const stays = e.args.length === 0 || kept.includes(e.primitive.name) || sizeOf(e.shape) > foldable
  if (stays || values.some((v) => v === undefined)) return undefined
  const out = new Float64Array(sizeOf(e.shape))
  e.primitive.evaluate(values.flatMap((v): Values[] => (v === undefined ? [] : [Float64Array.from(v)])), e)(out, run)
  return constant(out, e.shape)
}

const rules: Readonly<Record<string, (e: Expr) => Expr | undefined>> = {
  // x + −0 = x for every x; x + 0 is not (−0 + 0 = 0).
  add: ({ args: [a, b] }) => (Object.is(everywhere(b), -0) ? a : Object.is(everywhere(a), -0) ? b : undefined),
  sub: ({ args: [a, b] }) => (Object.is(everywhere(b), 0) ? a : undefined),
  mul: ({ args: [a, b] }) => (everywhere(b) === 1 ? a : everywhere(a) === 1 ? b : undefined),
  div: ({ args: [a, b] }) => (everywhere(b) === 1 ? a : undefined),
  pow: ({ args: [a, b] }) => (everywhere(b) === 1 ? a : undefined),
  neg: ({ args: [a] }) => (a.primitive.name === 'neg' ? a.args[0] : undefined),
  abs: ({ args: [a] }) => (a.primitive.name === 'abs' ? a : undefined),
  select: ({ args: [c, a, b] }) => {
    const chosen = everywhere(c)
    return a === b ? a : chosen === undefined ? undefined : chosen !== 0 ? a : b
  },
  reshape: ({ args: [a], shape }) =>
    a.primitive.name === 'reshape' ? reshape(a.args[0], shape) : sameShape(a.shape, shape) ? a : undefined,
  scan: (e) => rewritten(e, simplify),
  slice: ({ args: [a], shape }) => (sameShape(a.shape, shape) ? a : undefined),
  pad: ({ args: [a], shape }) => (sameShape(a.shape, shape) ? a : undefined),
  broadcast: ({ args: [a], shape }) => (sameShape(a.shape, shape) ? a : undefined),
  transpose: (e) => {
    const order = (x: Expr) => (x as Expr<{ readonly order: readonly number[] }>).attributes.order
    const [a] = e.args
    return a.primitive.name === 'transpose' ? transpose(a.args[0], order(e).map((i) => order(a)[i])) : undefined
  }
}

/**
 * The same graph, smaller: equal nodes merged, small constants computed, identities gone, and of a scan what nobody reads;
 * inside of its body too. It never changes a value: `x · 0` stays.
 * @example
 * ```ts
 * import { mul, print, simplify, variable } from 'tikhonov/expr'
 * const w = variable('w', [2])
 * print(simplify([mul(1, w)])) // => "%0 = variable 'w' [2] : [2]"
 * ```
 */
export const simplify = (roots: readonly Expr[]): readonly Expr[] =>
  share(
    rebuild(prune(share(roots)), (node, args) => {
      const e = withArgs(node, args)
      return folded(e) ?? rules[e.primitive.name]?.(e) ?? e
    })
  )
