import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { constraint, maxNorm, minMaxNorm, nonNegative, unitNorm, type Constraint } from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { hyper, matmul, sum, type Range } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { tensor } from 'tikhonov/tensor'
import { parametersOf, start, step, trainer, type Batch, type TrainState, type Trainer } from 'tikhonov/training'

const right = <L, A>(e: E.Either<L, A>): A => (E.isRight(e) ? e.right : expect.fail(JSON.stringify(e.left)))
const made = (kernelConstraint: Constraint, biasConstraint?: Constraint) =>
  E.flatMap(
    sequential([2], dense(3, { kernelConstraint, ...(biasConstraint === undefined ? {} : { biasConstraint }) })),
    (model) => trainer({ model, loss: mse(), optimizer: sgd(1), engine: reference() }))
const batch: Batch = { x: tensor([[3, -2], [0.5, 4]]), y: tensor([[9, -9, 5], [-7, 8, 0]]) }

/** The state after each of ten steps that would otherwise run away. */
const states = (t: Trainer, batches: readonly Batch[] = Array.from({ length: 10 }, () => batch)): readonly TrainState[] =>
  batches.reduce<readonly TrainState[]>((all, b) => [...all, right(step(t)(all.at(-1) ?? start(t, 3), b))], [])
const columns = (t: Trainer, state: TrainState): readonly (readonly number[])[] => {
  const { data } = parametersOf(t, state)['dense/0/kernel']
  return [0, 1, 2].map((j) => [data[j], data[3 + j]])
}
const norms = (t: Trainer, state: TrainState): readonly number[] => columns(t, state).map((v) => Math.hypot(...v))
const slack = 8 * Number.EPSILON

describe('a constraint holds after every step, for the incoming weights of each unit', () => {
  it('without one the weights do run away', () => {
    const free = right(made(constraint('free', {}, () => (w) => w)))
    expect(Math.max(...norms(free, states(free).at(-1) ?? start(free)))).toBeGreaterThan(1e3)
  })

  it('maxNorm', () => {
    const t = right(made(maxNorm(2)))
    states(t).forEach((s) => { norms(t, s).forEach((norm) => { expect(norm).toBeLessThanOrEqual(2 * (1 + slack)) }) })
  })

  it('unitNorm', () => {
    const t = right(made(unitNorm))
    states(t).forEach((s) => { norms(t, s).forEach((norm) => { expect(Math.abs(norm - 1)).toBeLessThanOrEqual(slack) }) })
  })

  it('nonNegative', () => {
    const t = right(made(nonNegative))
    states(t).forEach((s) => { expect(Math.min(...columns(t, s).flat())).toBeGreaterThanOrEqual(0) })
  })

  it('minMaxNorm, on a bias element by element', () => {
    const t = right(made(maxNorm(1), minMaxNorm({ min: 0.25, max: 0.5 })))
    states(t).forEach((s) => {
      parametersOf(t, s)['dense/0/bias'].data.forEach((b) => {
        expect(Math.abs(b)).toBeGreaterThanOrEqual(0.25)
        expect(Math.abs(b)).toBeLessThanOrEqual(0.5)
      })
    })
  })

  it('a cap that each batch carries', () => {
    const range: Range = { min: 0.1, max: 10, open: 'none' }
    const t = right(made(maxNorm(hyper('cap', 1, range))))
    const caps = [4, 2, 0.5, 1, 3]
    states(t, caps.map((cap) => ({ ...batch, hyper: { cap } }))).forEach((s, i) => {
      expect(Math.max(...norms(t, s))).toBeLessThanOrEqual(caps[i] * (1 + slack))
      expect(s.report?.hyper).toEqual({ cap: caps[i] })
    })
  })
})

describe('a model says, when it is built, which constraint is wrong, and how:', () => {
  const told = (kernelConstraint: Constraint) => {
    const model = sequential([2], dense(3, { kernelConstraint }))
    return E.isLeft(model) ? model.left.map(showIssue) : []
  }
  it('a bad cap', () => {
    expect(told(maxNorm(-2))).toEqual(['dense/0/kernel/maxNorm/cap: found -2, allowed: a number, 0 < cap'])
  })
  it('another shape', () => {
    expect(told(constraint('column', {}, () => (w) => sum(w, [0])))).toEqual(['dense/0/kernel/column: found shape [3], allowed: [2, 3]'])
  })
  it('shapes inside that do not fit', () => {
    expect(told(constraint('square', {}, () => (w) => matmul(w, w)))).toEqual([
      'dense/0/kernel/square: found matmul [2, 3] × [2, 3]: inner sizes 3 and 2 differ, allowed: shapes that fit matmul'
    ])
  })
})
