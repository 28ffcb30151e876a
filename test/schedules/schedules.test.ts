import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { dropout } from 'tikhonov/dropout'
import { problems, type Range } from 'tikhonov/expr'
import { bind, cornerLaws, scheduleLaws } from 'tikhonov/laws'
import { showIssue } from 'tikhonov/layer'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd, type LearningRate, type Optimizer } from 'tikhonov/optimizers'
import { l2, none } from 'tikhonov/regularizers'
import {
  constant, cosine, cosineRestarts, exponential, inverseTime, kerasPiecewise, piecewise, polynomial, schedule, scheduled, warmup,
  type Schedule
} from 'tikhonov/schedules'
import { tensor } from 'tikhonov/tensor'
import { fold, showTrainError, start, trainer } from 'tikhonov/training'
import { corners } from './corners.js'

const checkAll = bind({ describe, it })
const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)

/** One unit under an optimizer, with a penalty. */
const trained = (optimizer: Optimizer, kernelRegularizer = none) => F.pipe(
  sequential([1], dense(1, { kernelRegularizer })),
  E.chain((model) => trainer({ model, loss: mse(), optimizer }))
)

corners.forEach(([each, known]) => { checkAll(`${each.spec.kind} ${JSON.stringify(each.spec.options)}`, cornerLaws(each, known)) })
checkAll('a warm-up of a warm-up', scheduleLaws(warmup(3, warmup(4, cosine(0.1, { decaySteps: 9 }), { from: 0.05 }))))

describe('a schedule says what is wrong with it', () => {
  const bad: readonly (readonly [string, Schedule, readonly string[]])[] = [
    ['constant', constant(-1), ['value']],
    ['constant NaN', constant(Number.NaN), ['value']],
    ['exponential', exponential(-0.1, { decaySteps: 0, decayRate: 0 }), ['initial', 'decaySteps', 'decayRate']],
    ['inverseTime', inverseTime(Infinity, { decaySteps: 1.5, decayRate: -1 }), ['initial', 'decaySteps', 'decayRate']],
    ['polynomial', polynomial(1, { decaySteps: -1, end: -1, power: 0 }), ['decaySteps', 'end', 'power']],
    ['cosine', cosine(1, { decaySteps: Number.NaN, alpha: 1.5 }), ['decaySteps', 'alpha']],
    ['cosineRestarts', cosineRestarts(1, { firstDecaySteps: 0, tMul: 0.5, mMul: 0, alpha: -1 }),
      ['firstDecaySteps', 'tMul', 'mMul', 'alpha']],
    ['piecewise', piecewise([10, 10, 0.5], [1, -1, 0.1]), ['values', 'boundaries/1', 'boundaries/2', 'values/1']],
    ['kerasPiecewise', kerasPiecewise([-1, 0, 0], [1]), ['values', 'boundaries/0', 'boundaries/2']],
    ['warmup', warmup(0, constant(-2), { from: -1 }), ['steps', 'from', 'then/value']]
  ]

  it.each(bad)('%s', (_, wrong, paths) => {
    expect(wrong.issues.map((i) => i.path)).toEqual(paths)
    wrong.issues.forEach((i) => { expect(i.allowed).toMatch(/number|values|one more/) })
  })

  it('one of many values by its place', () => {
    expect(piecewise([1], [0.1, -0.1]).issues.map(showIssue)).toEqual(['values/1: found -0.1, allowed: a number, 0 ≤ values/1'])
  })

  it('with the optimizer that uses it, at the path of the learning rate', () => {
    expect(trained(sgd(warmup(5, exponential(0.1, { decaySteps: 10, decayRate: -0.5 }))))).toEqual(E.left([
      { _tag: 'Issue', path: 'optimizer/learningRate/then/decayRate', found: '-0.5', allowed: 'a number, 0 < decayRate' }
    ]))
  })

  it('with any other part that uses it, in words', () => {
    const lambda = scheduled('lambda', exponential(0.1, { decaySteps: 0, decayRate: 0.5 }))
    expect(problems([lambda]).map((p) => [p.operation, p.message])).toEqual([
      ['exponential', 'decaySteps: found 0, allowed: a whole number ≥ 1']
    ])
    expect(JSON.stringify(trained(sgd(0.1), l2(lambda)))).toMatch(/decaySteps: found 0, allowed: a whole number ≥ 1/)
  })
})

/** What three steps of one unit report, with x = y = 0 so that nothing but the penalty moves it. */
const reportsOf = (learningRate: LearningRate, hypers: readonly (Readonly<Record<string, number>> | undefined)[]) => {
  const t = right(trained(sgd(learningRate), l2(scheduled('lambda', piecewise([2], [0.5, 0.25])))))
  const batch = { x: tensor([[0]]), y: tensor([[0]]) }
  return F.pipe(
    fold(t)(start(t), hypers.map((hyper) => (hyper === undefined ? batch : { ...batch, hyper }))),
    E.map(({ reports }) => reports.map((report) => report.hyper))
  )
}

describe('a scheduled learning rate', () => {
  it('is in the report of each step, beside the other hyper-parameters', () => {
    expect(reportsOf(exponential(0.8, { decaySteps: 1, decayRate: 0.5 }), [undefined, undefined, undefined])).toEqual(E.right([
      { learningRate: 0.8, lambda: 0.5 }, { learningRate: 0.4, lambda: 0.5 }, { learningRate: 0.2, lambda: 0.25 }
    ]))
  })

  it('gives way to the value that a batch carries', () => {
    expect(reportsOf(constant(0.1), [undefined, { learningRate: 0.7, lambda: 0 }, undefined])).toEqual(E.right([
      { learningRate: 0.1, lambda: 0.5 }, { learningRate: 0.7, lambda: 0 }, { learningRate: 0.1, lambda: 0.25 }
    ]))
  })

  it('may not be set to what a learning rate cannot be', () => {
    const refused = reportsOf(constant(0.1), [{ learningRate: -1 }])
    const words = E.isLeft(refused) ? showTrainError(refused.left) : 'it was accepted'
    expect(words).toMatch(/batch\/hyper\/learningRate: found -1, allowed: a number, 0 ≤ learningRate/)
  })

  it('moves as the learning rates one by one do', () => {
    const rates = [0.5, 0.1, 0.02]
    const model = right(sequential([2], dense(1)))
    const follow = (optimizer: (step: number) => ReturnType<typeof sgd>) => rates.reduce((state, _, step) => {
      const t = right(trainer({ model, loss: mse(), optimizer: optimizer(step) }))
      return right(fold(t)(state, [{ x: tensor([[1, 2], [3, -1]]), y: tensor([[1], [2]]) }])).state
    }, start(right(trainer({ model, loss: mse(), optimizer: sgd(0) }))))
    const scheduledRates = follow(() => sgd(piecewise([1, 2], rates)))
    expect(scheduledRates.values).toEqual(follow((step) => sgd(rates[step])).values)
    expect(scheduledRates.step).toBe(3)
  })
})

describe('scheduled', () => {
  it('ends the run where the schedule leaves its range, and names the hyper-parameter', () => {
    const t = right(trained(sgd(schedule('line', {}, (step) => 0.2 - 0.1 * step))))
    const ended = fold(t)(start(t), Array.from({ length: 5 }, () => ({ x: tensor([[1]]), y: tensor([[1]]) })))
    expect(E.isLeft(ended) && ended.left).toMatchObject({ _tag: 'NonFinite', state: { step: 3 } })
    expect(E.isLeft(ended) && showTrainError(ended.left)).toMatch(/after step 3.*hyper \[\] was NaN.*hyper\/learningRate/)
  })

  it('is a rate of dropout where its range is that of rates', () => {
    const rates: Range = { min: 0, max: 1, open: 'max' }
    const rate = schedule('fading', {}, (step) => 0.5 / (1 + step))
    const paths = (range?: Range) => F.pipe(
      sequential([4], dropout(scheduled('rate', rate, range))),
      E.match((issues) => issues.map((i) => i.path), () => [])
    )
    expect(paths(rates)).toEqual([])
    expect(paths()).toEqual(['dropout/0/rate'])
  })
})
