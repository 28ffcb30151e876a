import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { advice, type Described, type Seen } from 'tikhonov/advice'
import { maxNorm } from 'tikhonov/constraints'
import { dropout, spatialDropout2d } from 'tikhonov/dropout'
import type { Layer } from 'tikhonov/layer'
import { activation, batchNormalization, conv2d, dense, flatten, lstm, relu, sigmoid } from 'tikhonov/layers'
import { sequential, type Model } from 'tikhonov/model'
import { adamw, everything, sgd, type Optimizer } from 'tikhonov/optimizers'
import { zeros } from 'tikhonov/probes'
import { exact, groupLasso, l1, l2 } from 'tikhonov/regularizers'
import { tensor } from 'tikhonov/tensor'
import { experiments } from '../../examples/cases.js'
import { digits } from '../../examples/digits/study.js'
import { electricity } from '../../examples/electricity/study.js'
import { networkOf, optimizerOf } from '../../examples/regularization/network.js'

const right = <L, A>(e: E.Either<L, A>): A => {
  if (E.isLeft(e)) throw new Error(JSON.stringify(e.left))
  return e.right
}

const made = (input: readonly number[], ...layers: readonly Layer[]): Model => right(sequential(input, ...layers))

const said = (described: Described, seen: Seen = {}): readonly string[] =>
  advice(described, seen).map(({ path, finding }) => `${path}: ${finding}`)

const of = (...layers: readonly Layer[]): readonly string[] => said({ model: made([4], ...layers) })

describe('advice', () => {
  it('is silent on networks of the examples', () => {
    const networks: readonly Described[] = [
      ...experiments.flatMap((experiment) => experiment.cases.map((row) =>
        ({ model: right(networkOf(experiment, row)), optimizer: optimizerOf(experiment.optimizer) }))),
      ...[digits, electricity].flatMap(({ variants, optimizer }) => variants.map((variant) =>
        ({ model: right(variant.model), optimizer: variant.optimizer ?? optimizer })))
    ]
    expect(networks.length).toBeGreaterThan(30)
    expect(networks.flatMap((described) => said(described))).toEqual([])
  })

  it('says of each finding why, by whom, and what to do', () => {
    const [finding, ...others] = advice({ model: made([8], dense(30), dropout(0.2), batchNormalization(), dense(1)) })
    expect(others).toEqual([])
    expect(finding).toMatchObject({ _tag: 'Finding', path: 'dropout/0', paper: 'Li, Chen, Hu & Yang 2018' })
    expect(finding.reason.length * finding.remedy.length).toBeGreaterThan(0)
  })
})

describe('advice on dropout', () => {
  it('fires where it feeds batch normalisation, however far ahead, and not behind the last', () => {
    const image = [conv2d(8, 3), spatialDropout2d(0.2), activation(relu), conv2d(8, 3), batchNormalization(), flatten, dense(1)]
    expect(said({ model: made([8, 8, 1], ...image) })).toEqual([
      'spatialDropout2d/0: dropout feeds the batch normalisation batchNormalization/0'
    ])
    expect(of(dense(8), batchNormalization(), dropout(0.2), dense(1))).toEqual([])
    expect(of(dense(8), dropout(0), batchNormalization(), dense(1))).toEqual([])
  })

  it('fires where it drops the output, and not where weights follow', () => {
    expect(of(dense(8), dense(4), dropout(0.2), activation(sigmoid))).toEqual([
      'dropout/0: dropout of the output: no layer with weights follows', 'dropout/0: of 4 units 3.2 are left in the mean, for 4 outputs'
    ])
    expect(of(dense(8), dropout(0.2), dense(4))).toEqual([])
  })

  it('fires where fewer units are left than there are outputs', () => {
    expect(of(dense(10), dropout(0.7), dense(4))).toEqual(['dropout/0: of 10 units 3 are left in the mean, for 4 outputs'])
    expect(of(dense(10), dropout(0.5), dense(4))).toEqual([])
  })
})

describe('advice on penalties', () => {
  const rows = tensor([[1, 100, 0], [2, 300, 0], [3, 100, 0]])
  const alike = tensor([[1, 3, 0], [2, 1, 0], [3, 1, 0]])
  const on = (kernelRegularizer: ReturnType<typeof l2> | undefined, x = rows) =>
    said({ model: made([3], dense(4, kernelRegularizer === undefined ? {} : { kernelRegularizer }), dense(1)) }, { x })

  it('fires on inputs of different units under a penalty, and on neither alone', () => {
    // √(80000/9)/√(2/3) = 115.5, population standard deviations of the first two columns
    expect(on(l2(0.1))).toEqual(['dense/0/kernel: a penalty on inputs of which one spreads 120 times as much as another'])
    expect(on(undefined)).toEqual([])
    expect(on(l2(0.1), alike)).toEqual([])
  })

  it('fires on L2 of a kernel that batch normalisation makes scale-free, and not through an activation', () => {
    expect(of(dense(4, { kernelRegularizer: l2(0.1) }), batchNormalization(), dense(1))).toEqual([
      'dense/0/kernel: l2(lambda 0.1) on a kernel that batchNormalization/0 normalises'
    ])
    expect(of(dense(4, { kernelRegularizer: l2(0.1), activation: relu }), batchNormalization(), dense(1))).toEqual([])
    expect(of(dense(4, { kernelRegularizer: l1(0.1) }), batchNormalization(), dense(1))).toEqual([])
  })

  it('fires where zeros are counted and L1 is left to its gradient', () => {
    const model = made([3], dense(4, { kernelRegularizer: l1(0.1) }), dense(1, { kernelRegularizer: exact(groupLasso(0.1)) }))
    expect(said({ model, probes: [zeros] })).toEqual(['dense/0/kernel: zeros are counted, and l1(lambda 0.1) is treated by its gradient'])
    expect(said({ model })).toEqual([])
  })

  it('fires on a cap that no weight comes near, and not on one that bites', () => {
    const model = made([2], dense(2, { kernelConstraint: maxNorm(4) }))
    const values = (w: number) => ({ 'dense/0/kernel': tensor([[1, w], [0, 0]]), 'dense/0/bias': tensor([0, 0]) })
    expect(said({ model }, { values: values(1.5) })).toEqual([
      'dense/0/kernel/maxNorm: no unit’s weights are longer than 1.5, the cap is 4'
    ])
    expect(said({ model }, { values: values(4) })).toEqual([])
    expect(said({ model })).toEqual([])
  })

  it('fires on biases that decay or are penalised, and not on decay by role', () => {
    const model = made([2], dense(2))
    const by = (optimizer: Optimizer) => said({ model, optimizer })
    expect(by(adamw(0.001, { where: everything }))).toEqual(['dense/0/bias: the optimizer decays this bias'])
    expect([...by(adamw()), ...by(sgd())]).toEqual([])
    expect(of(dense(1, { biasRegularizer: l2(0.1) }))).toEqual(['dense/0/bias: a penalty on this bias'])
  })

  it('fires on a recurrent kernel that is penalised alone', () => {
    const sequences = (options: Parameters<typeof lstm>[1]) => said({ model: made([5, 2], lstm(3, options), dense(1)) })
    expect(sequences({ recurrentRegularizer: l2(0.1) })).toEqual(['lstm/0: its recurrent kernel is penalised, its kernel is not'])
    expect(sequences({ recurrentRegularizer: l2(0.1), kernelRegularizer: l2(0.1) })).toEqual([])
    expect(sequences({ kernelRegularizer: l2(0.1) })).toEqual([])
  })
})
