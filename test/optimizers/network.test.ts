/** 50 steps of a network 6-16-8-1 with penalties, dropout masks or constraints against an independent implementation, in float64. */
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { kerasMaxNorm } from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { add, constant, gather, mul, slice } from 'tikhonov/expr'
import { layer, same, spec, type Layer, type SameRule } from 'tikhonov/layer'
import { dense, relu } from 'tikhonov/layers'
import { binaryCrossEntropy } from 'tikhonov/losses'
import { predict, sequential } from 'tikhonov/model'
import { adam, sgd, type Optimizer } from 'tikhonov/optimizers'
import { l1, l2, plus } from 'tikhonov/regularizers'
import { take, tensor, type Tensor } from 'tikhonov/tensor'
import { fold, start, trainer, valuesOf, withValues } from 'tikhonov/training'
import { expectGolden, golden, input, setting, type Golden } from '../golden/golden.js'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)

/** Multiplies by given masks [steps, batch, units], the first in the first step; by nothing in inference. */
const givenMasks = (masks: Tensor): Layer<SameRule> =>
  layer({
    spec: spec('givenMasks'),
    rule: same,
    state: () => ({ step: { shape: [], initial: () => constant(0) } }),
    apply: (_, { mode, state: { step } }) => (x) =>
      mode._tag === 'Infer' ? { y: x, state: { step } }
      : { y: mul(x, slice(gather(constant(masks.data, masks.shape), step), [0, 0], x.shape)), state: { step: add(step, 1) } }
  })

const unmasked = (units: number): Tensor => tensor(new Float64Array(50 * 8 * units).fill(1), [50, 8, units])
const masksOf = (from: Golden, name: string, units: number): Tensor => (name in from.inputs ? input(from, name) : unmasked(units))

const strength = (from: Golden, name: string): number => {
  const found = from.config[name]
  return typeof found === 'number' ? found : expect.fail(`no strength ${name}`)
}

const run = (from: Golden, optimizer: Optimizer, options: Pick<Parameters<typeof dense>[1] & object, 'kernelConstraint'> = {}) => {
  const kernelRegularizer = plus(l1(strength(from, 'l1')), l2(strength(from, 'l2')))
  const model = right(sequential(
    [6],
    dense(16, { activation: relu, kernelRegularizer, ...options }), givenMasks(masksOf(from, 'M1', 16)),
    dense(8, { activation: relu, kernelRegularizer, ...options }), givenMasks(masksOf(from, 'M2', 8)),
    dense(1, { kernelRegularizer })
  ))
  const t = right(trainer({ model, loss: binaryCrossEntropy({ fromLogits: true }), optimizer, engine: reference() }))
  const first = right(withValues(t, start(t), Object.fromEntries([0, 1, 2].flatMap((i) => [
    [`dense/${i}/kernel`, input(from, `W${i + 1}`)], [`dense/${i}/bias`, input(from, `b${i + 1}`)]
  ]))))
  const [x, y] = [input(from, 'X'), input(from, 'y')]
  const rowsOf = (step: number) => Array.from({ length: 8 }, (_, i) => ((8 * step) % 40) + i)
  const batches = Array.from({ length: setting(from, 'steps') }, (_, step) => ({ x: take(x, rowsOf(step)), y: take(y, rowsOf(step)) }))
  const { state, reports } = right(fold(t)(first, batches))
  const values = valuesOf(t, state)
  return { reports, values, logits: right(predict(model, values, reference())(x)) }
}

const optimizers: Readonly<Record<string, (from: Golden) => Optimizer>> = {
  traj_mlp_l1l2_adam: (from) =>
    adam(setting(from, 'lr'), { beta1: setting(from, 'beta1'), beta2: setting(from, 'beta2'), epsilon: setting(from, 'eps') }),
  traj_mlp_dropout_masks_l2_sgd: (from) => sgd(setting(from, 'lr'), { momentum: setting(from, 'momentum') }),
  traj_mlp_maxnorm_sgd: (from) => sgd(setting(from, 'lr'))
}

describe.each(Object.entries(optimizers))('%s', (name, optimizer) => {
  it('has its losses, penalties, last weights and predictions', () => {
    const from = golden(name)
    const options = name === 'traj_mlp_maxnorm_sgd' ? { kernelConstraint: kerasMaxNorm(1) } : {}
    const { reports, values, logits } = run(from, optimizer(from), options)
    expect(reports).toHaveLength(50)
    expectGolden(from, 'data_loss', tensor(reports.map((report) => report.data)))
    expectGolden(from, 'penalty', tensor(reports.map((report) => Object.values(report.penalties).reduce((a, b) => a + b, 0))))
    ;[0, 1, 2].forEach((i) => {
      expectGolden(from, `final_W${i + 1}`, values[`dense/${i}/kernel`])
      expectGolden(from, `final_b${i + 1}`, values[`dense/${i}/bias`])
    })
    expectGolden(from, 'logits_final_inference', logits)
  })
})
