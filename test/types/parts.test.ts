/** What the types of parts promise: what must not compile does not. */
import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { box, halfSpace, intersection, l1Ball, monotone, nonNegative } from 'tikhonov/constraints'
import { mul } from 'tikhonov/expr'
import { ones } from 'tikhonov/initializers'
import { layer, same, spec } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { accuracy, auc } from 'tikhonov/metrics'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { trainer } from 'tikhonov/training'

describe('what does not compile', () => {
  test('drawing where there is no randomness: a mode must be looked at first', () => {
    const awake = layer({
      spec: spec('awake'), rule: same,
      // @ts-expect-error in inference there is nothing to draw from
      apply: (_, { mode }) => (x) => mul(x, mode.random.perExample.uniform('noise', x.shape))
    })
    const asleep = layer({
      spec: spec('asleep'), rule: same,
      apply: (_, { mode }) => (x) => (mode._tag === 'Infer' ? x : mul(x, mode.random.perExample.uniform('noise', x.shape)))
    })
    expect([awake.spec.kind, asleep.spec.kind]).toEqual(['awake', 'asleep'])
  })

  test('a parameter or a state that a layer did not declare', () => {
    const parameters = (x: readonly number[]) => ({
      factor: { shape: x.slice(1), role: 'scale' as const, initial: ones.initial(x.slice(1)), incoming: [] }
    })
    const misspelt = layer({
      spec: spec('misspelt'), rule: same, parameters,
      // @ts-expect-error it is called factor
      apply: ({ faktor }) => (x) => mul(x, faktor)
    })
    const stateless = layer({
      spec: spec('stateless'), rule: same,
      // @ts-expect-error no state was declared
      apply: (_, { state }) => (x) => mul(x, state.mean)
    })
    expect([misspelt.spec.kind, stateless.spec.kind]).toEqual(['misspelt', 'stateless'])
  })

  test('a constraint without its bound, an intersection of one, a direction that is none', () => {
    const bare = [
      // @ts-expect-error a ball has a radius
      () => l1Ball(),
      // @ts-expect-error a box has two ends
      () => box(1),
      // @ts-expect-error a half space has a bound
      () => halfSpace([1, 2]),
      // @ts-expect-error an intersection has two members
      () => intersection(nonNegative),
      // @ts-expect-error weights rise or fall
      () => monotone('upwards')
    ]
    expect(bare).toHaveLength(5)
  })

  test('a metric that needs all predictions at once, in training', () => {
    const model = sequential([2], dense(2))
    if (E.isLeft(model)) throw new Error('no model')
    const parts = { model: model.right, loss: mse(), optimizer: sgd(0.1) }
    expect(E.isRight(trainer({ ...parts, metrics: [accuracy()] }))).toBe(true)
    // @ts-expect-error AUC is for evaluate
    expect(() => trainer({ ...parts, metrics: [auc()] })).not.toBe(undefined)
  })

  test('an option that a layer does not have, or a number where a part is wanted', () => {
    // @ts-expect-error kernelRegulariser is not how it is written
    const misspelt = dense(3, { kernelRegulariser: undefined })
    // @ts-expect-error a regularizer is a part, not a number
    const bare = () => dense(3, { kernelRegularizer: 0.01 })
    expect([misspelt.spec.kind, typeof bare]).toEqual(['dense', 'function'])
  })
})
