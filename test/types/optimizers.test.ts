/** What the types of optimizers promise: which options they have, which are numbers, and which penalties they can step through. */
import { describe, expect, expectTypeOf, test } from 'vitest'
import { hyper } from 'tikhonov/expr'
import type { Model } from 'tikhonov/model'
import { mse } from 'tikhonov/losses'
import {
  adaptiveClip, after, before, byRole, chain, emaOfWeights, fista, ftrl, gradientNoise, lookahead, rda, sam, sgd, swa,
  type GradientTransform, type Optimizer
} from 'tikhonov/optimizers'
import { exact, groupLasso, l1, l1l2, lInf, nuclear, orthogonal, plus, ridge, spectralNorm, towards } from 'tikhonov/regularizers'
import { cosine } from 'tikhonov/schedules'
import { tensor } from 'tikhonov/tensor'
import { trainer } from 'tikhonov/training'

const rate = hyper('rate', 0.1, { min: 0, max: 1, open: 'both' })
/** Never called: that they do not compile is what is promised. */
const none = (wrong: readonly (() => unknown)[]): void => { wrong.forEach((each) => { expectTypeOf(each).toBeFunction() }) }

describe('options', () => {
  test('of what shapes gradients', () => {
    expect([adaptiveClip(rate, { epsilon: rate }), gradientNoise(rate, { gamma: 0 }), sam(rate)].map((t) => t.issues)).toEqual([[], [], []])
    none([
      // @ts-expect-error it is called epsilon
      () => adaptiveClip(0.01, { eps: 1e-3 }),
      // @ts-expect-error the limit stands before the options
      () => adaptiveClip({ limit: 0.01, epsilon: 1e-3 }),
      // @ts-expect-error a limit is a number or an expression, not a schedule
      () => adaptiveClip(cosine(0.1, { decaySteps: 10 })),
      // @ts-expect-error the variance stands before the options
      () => gradientNoise({ variance: 0.3 }),
      // @ts-expect-error noise has no seed of its own: it is drawn at the run's
      () => gradientNoise(0.3, { seed: 1 }),
      // @ts-expect-error ρ is a number
      () => sam({ rho: 0.05 }),
      // @ts-expect-error sam shapes the gradient of the optimizer around it and takes none
      () => sam(0.05, sgd(0.1))
    ])
  })

  test('of what averages weights', () => {
    expect([lookahead({ every: 5, alpha: rate }), emaOfWeights(rate), swa({ after: 10, every: 2 })].map((t) => t.issues))
      .toEqual([[], [], []])
    none([
      // @ts-expect-error k is called every
      () => lookahead({ k: 5 }),
      // @ts-expect-error a number of steps belongs to the program: no batch changes it
      () => lookahead({ every: rate }),
      // @ts-expect-error the decay is a number
      () => emaOfWeights({ decay: 0.999 }),
      // @ts-expect-error when to begin is told always
      () => swa(),
      // @ts-expect-error when to begin is told always, with whatever else
      () => swa({ every: 2 }),
      // @ts-expect-error a step is a number
      () => swa({ after: rate })
    ])
  })

  test('of optimizers', () => {
    const made = [fista(cosine(0.1, { decaySteps: 10 }), { restart: 'never' }), rda(rate), ftrl(0.1, { where: byRole('kernel') })]
    expect(made.map((o) => o.issues)).toEqual([[], [], []])
    none([
      // @ts-expect-error its momentum follows from the step
      () => fista(0.1, { momentum: 0.9 }),
      // @ts-expect-error it restarts by the gradient or never
      () => fista(0.1, { restart: 'function' }),
      // @ts-expect-error fista takes no penalty: an exact one is on what it penalises
      () => fista(0.1, { penalty: l1(0.1) }),
      // @ts-expect-error α stands in slots from the first step on and does not follow a schedule
      () => ftrl(cosine(0.1, { decaySteps: 10 })),
      // @ts-expect-error nor a hyper-parameter
      () => ftrl(rate),
      // @ts-expect-error β belongs to ftrl
      () => rda(0.1, { beta: 1 }),
      // @ts-expect-error where is a rule, not a name
      () => rda(0.1, { where: 'kernel' })
    ])
  })
})

describe('a penalty that an optimizer steps through', () => {
  test('acts on each weight by itself', () => {
    expect([l1(0.1), l1l2({ l1: 0.1, l2: 0.1 }), ridge(0.1), towards(tensor([1]), 0.1)].flatMap((penalty) =>
      [ftrl(0.1, { penalty }), rda(0.1, { penalty })].map((o) => o.issues))).toEqual(Array.from({ length: 8 }, () => []))
    none([
      // @ts-expect-error groups are no single weights, and the steps of ftrl differ from weight to weight
      () => ftrl(0.1, { penalty: groupLasso(0.1) }),
      // @ts-expect-error nor are they for rda
      () => rda(0.1, { penalty: groupLasso(0.1) }),
      // @ts-expect-error the largest size is of all weights
      () => ftrl(0.1, { penalty: lInf(0.1) }),
      // @ts-expect-error so are singular values
      () => rda(0.1, { penalty: nuclear(0.1) })
    ])
  })

  test('has a proximal operator, not a gradient alone', () => {
    expect(ftrl(0.1, { penalty: l1l2({ l1: 0.1, l2: 0.2 }) }).spec.options.penalty).toMatchObject({ kind: 'plus' })
    none([
      // @ts-expect-error orthogonality has a gradient only
      () => ftrl(0.1, { penalty: orthogonal(0.1) }),
      // @ts-expect-error so has the spectral norm
      () => rda(0.1, { penalty: spectralNorm(0.1) }),
      // @ts-expect-error the operator of a sum is not the sum of operators: l1l2 is one
      () => ftrl(0.1, { penalty: plus(l1(0.1), ridge(0.1)) }),
      // @ts-expect-error `exact` is for a parameter, whose optimizer tells its pace
      () => rda(0.1, { penalty: exact(l1(0.1)) }),
      // @ts-expect-error λ alone says not of what
      () => ftrl(0.1, { penalty: 0.1 })
    ])
  })
})

test('a transformation is no optimizer, an optimizer no transformation', () => {
  expectTypeOf(chain(adaptiveClip(), sam(), lookahead())).toExtend<GradientTransform>()
  expectTypeOf(after(swa({ after: 10 }), before(sam(), sgd(0.1)))).toExtend<Optimizer>()
  none([
    // @ts-expect-error sam alone takes no step
    (model: Model) => trainer({ model, loss: mse(), optimizer: sam(0.05) }),
    // @ts-expect-error an average alone takes none
    (model: Model) => trainer({ model, loss: mse(), optimizer: emaOfWeights() }),
    // @ts-expect-error an optimizer brings its rate with it: what comes after it stands in `after`
    () => chain(sgd(0.1), emaOfWeights()),
    // @ts-expect-error the transformation first, the optimizer last
    () => after(sgd(0.1), swa({ after: 10 })),
    // @ts-expect-error lookahead is after an optimizer, not around it
    () => lookahead(sgd(0.1))
  ])
})
