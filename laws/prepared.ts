/** Expressions as functions of tensors, made once and run often. */
import { reference } from 'tikhonov/engine'
import { abs, concat, gradient, reduceMax, reshape, topological, variable, type Expr } from 'tikhonov/expr'
import type { Tensor } from 'tikhonov/tensor'
import type { Functional } from './functional.js'

/** An expression as a function of tensors and settings; its graph is made once for each shape and setting. */
export const prepared = <Setting>(f: (w: Expr, setting: Setting) => Expr): ((w: Tensor, setting: Setting) => readonly number[]) => {
  const known = new Map<string, (w: Tensor) => readonly number[]>()
  const make = (shape: Tensor['shape'], setting: Setting) => {
    const run = reference().evaluate([f(variable('w', shape), setting)])
    return ({ data }: Tensor) =>
      Array.from(run({ values: (path) => (path === 'w' ? data : [NaN]), seed: 0, step: 0, position: 0 })[0])
  }
  return (w, setting) => {
    const key = JSON.stringify([w.shape, setting])
    const at = known.get(key) ?? make(w.shape, setting)
    known.set(key, at)
    return at(w)
  }
}

/** f as a function of tensors that gives a number. */
export const valueOf = (f: Functional): ((w: Tensor) => number) => {
  const values = prepared(f)
  return (w) => values(w, undefined)[0]
}

/** ∇f as a function of tensors, as the library derives it. */
export const gradientOf = (f: Functional): ((w: Tensor) => readonly number[]) => {
  const values = prepared((w) => gradient(f(w), [w])[0])
  return (w) => values(w, undefined)
}

const size = ({ shape }: Expr): number => shape.reduce((n, d) => n * d, 1)

/** The largest magnitude that f meets on its way from a tensor to its number: what rounding on the way is measured by. */
export const largestOf = (f: Functional): ((w: Tensor) => number) => {
  const values = prepared((w) => reduceMax(abs(concat(topological([f(w)]).map((e) => reshape(e, [size(e)])), 0))))
  return (w) => values(w, undefined)[0]
}

/** A function that computes each answer once, by the text of its arguments. */
export const remembered = <Given extends readonly (number | string | boolean | undefined)[], Answer>(f: (...given: Given) => Answer) => {
  const known = new Map<string, Answer>()
  return (...given: Given): Answer => {
    const key = given.join()
    const answer = known.get(key) ?? f(...given)
    known.set(key, answer)
    return answer
  }
}

/** A function that computes each answer once, by the identity of its argument. */
export const rememberedFor = <Given extends object, Answer>(f: (given: Given) => Answer) => {
  const known = new WeakMap<Given, Answer>()
  return (given: Given): Answer => {
    const answer = known.get(given) ?? f(given)
    known.set(given, answer)
    return answer
  }
}
