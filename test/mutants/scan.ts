/** Mutants of loops. */
import { add, concat, mul, reverse, scan, slice, stopGradient, sub, sum, zerosLike, type Expr, type Scanned } from 'tikhonov/expr'
import { scanLaws, unrolled, type Scan } from 'tikhonov/laws'
import { rebuild, withArgs } from '../../src/expr/graph.js'
import { argumentsOf } from '../../src/expr/loop.js'
import { loopOf } from '../../src/expr/loop.js'
import { bits, drawOf } from '../../src/random/bits.js'
import type { Mutant } from './harness.js'

export const suites = [scanLaws(scan)]

const map = ({ final, outputs }: Scanned, f: (e: Expr, k: number) => Expr): Scanned =>
  ({ final: final.map(f), outputs: outputs.map((e, j) => f(e, final.length + j)) })

/** The value of one loop with the derivative of another. */
const derivedAs = (value: Scanned, slope: Scanned): Scanned => {
  const slopes = [...slope.final, ...slope.outputs]
  return map(value, (e, k) => add(stopGradient(e), sub(slopes[k], stopGradient(slopes[k]))))
}

/** Each loop of a graph with its constants cut off from the gradient. */
const withoutConstants = (roots: readonly Expr[]): readonly Expr[] =>
  rebuild(roots, (e, args) => {
    const loop = loopOf(e)
    if (loop === undefined) return withArgs(e, args)
    const { sequences, initial, constants } = argumentsOf(loop.body, args)
    return withArgs(e, [...sequences, ...initial, ...constants.map((c) => stopGradient(c))])
  })

const lengthOf: (options: Parameters<Scan>[0]) => number = ({ length, sequences }) => length ?? sequences[0].shape[0]

export const mutants: readonly Mutant[] = [
  {
    name: 'a loop whose backward pass forgets the cotangent of the final states', origin: 'one edit', law: 'derives as its steps do',
    suite: () => scanLaws((options, body) => {
      const { final, outputs } = scan(options, body)
      return { final: final.map((e) => stopGradient(e)), outputs }
    })
  },
  {
    name: 'a loop whose backward pass runs forward', origin: 'one edit', law: 'derives as its steps do',
    suite: () => scanLaws((options, body) => derivedAs(scan(options, body), scan({ ...options, reverse: options.reverse !== true }, body)))
  },
  {
    name: 'a loop whose constants get the cotangent of the last step only', origin: 'one edit', law: 'derives as its steps do',
    suite: () => scanLaws((options, body) => {
      const length = lengthOf(options)
      const last = options.reverse === true ? 0 : length - 1
      const part = (from: number, steps: number) => options.sequences.map((x) =>
        slice(x, x.shape.map((_, a) => (a === 0 ? from : 0)), [steps, ...x.shape.slice(1)]))
      if (length === 0) return scan(options, body)
      const before = scan({ ...options, sequences: part(last === 0 ? 1 : 0, length - 1) }, body)
      const first = withoutConstants([...before.final, ...before.outputs])
      const after = scan({ ...options, sequences: part(last, 1), initial: first.slice(0, before.final.length) }, body)
      const outputs = first.slice(before.final.length)
      return { final: after.final, outputs: outputs.map((o, j) => concat(last === 0 ? [after.outputs[j], o] : [o, after.outputs[j]], 0)) }
    })
  },
  {
    name: 'a loop that is bent where it is straight', origin: 'one edit', law: 'derives twice as its steps do',
    suite: () => scanLaws((options, body) => {
      const off = sub(options.initial[0], stopGradient(options.initial[0]))
      return map(scan(options, body), (e) => add(e, sum(mul(off, off))))
    })
  },
  {
    name: 'a loop that hands out its outputs as it met them', origin: 'one edit', law: 'is its steps',
    suite: () => scanLaws((options, body) => {
      const { final, outputs } = scan(options, body)
      return { final, outputs: options.reverse === true ? outputs.map((o) => reverse(o, 0)) : outputs }
    })
  },
  {
    name: 'a loop that starts from nothing', origin: 'one edit', law: 'over one sequence and another is one loop and another',
    suite: () => scanLaws((options, body) => scan({ ...options, initial: options.initial.map(zerosLike) }, body))
  },
  {
    name: 'a loop that reads its items in their order when it runs backwards', origin: 'one edit',
    law: 'backwards is forwards over what is turned round',
    suite: () => scanLaws((options, body) => {
      const { final, outputs } = scan({ ...options, reverse: false }, body)
      return { final, outputs: options.reverse === true ? outputs.map((o) => reverse(o, 0)) : outputs }
    })
  },
  {
    name: 'a loop whose gradient is never cut', origin: 'one edit', law: 'truncation cuts every k steps from the last',
    suite: () => scanLaws(({ sequences, initial, reverse: backwards = false }, body) =>
      scan({ sequences, initial, reverse: backwards }, body))
  },
  {
    name: 'a loop that draws anew at each step', origin: 'a dropout mask of its own for each step', law: 'a draw is the same at all steps',
    suite: () => scanLaws((options, body) => {
      const steps = Array.from({ length: lengthOf(options) + 1 }, (_, i) => i).values()
      return unrolled(options, (states, items) => {
        const step = Number(steps.next().value)
        const made = body(states, items)
        const renamed = (roots: readonly Expr[]) => rebuild(roots, (e, args) => {
          const draw = drawOf(e)
          return draw === undefined ? withArgs(e, args) : bits(draw.address, `${draw.purpose}/${step}`, draw.shape)
        })
        return { states: renamed(made.states), outputs: renamed(made.outputs) }
      })
    })
  }
]
