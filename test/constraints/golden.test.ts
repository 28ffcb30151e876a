import { describe, it } from 'vitest'
import {
  kerasMaxNorm, kerasMinMaxNorm, kerasUnitNorm, maxNorm, minMaxNorm, nonNegative, unitNorm, type Constraint
} from 'tikhonov/constraints'
import { reference } from 'tikhonov/engine'
import { variable, type Precision } from 'tikhonov/expr'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { expectGolden, golden, input } from '../golden/golden.js'

const precisions: readonly Precision[] = ['float64', 'float32']
const dense = golden('constraints_dense')
const lstm = golden('constraints_lstm')

const projected = (c: Constraint, incoming: readonly number[], w: Tensor, precision: Precision): Tensor => {
  const [values] = reference(precision).evaluate([c.project(incoming)(variable('w', w.shape))])(
    { values: () => w.data, seed: 0, step: 0, position: 0 })
  return tensor(values.slice(), w.shape)
}

describe.each(precisions)('in %s, the constraints named for Keras', (precision) => {
  const w = input(dense, 'w')
  const cases: readonly (readonly [string, Constraint])[] = [
    ['maxnorm_1.5_axis0', kerasMaxNorm(1.5)],
    ['maxnorm_1_axis1', kerasMaxNorm(1, { axis: 1 })],
    ['maxnorm_2_axis01', kerasMaxNorm(2, { axis: [0, 1] })],
    ['unitnorm_axis0', kerasUnitNorm()],
    ['unitnorm_axis1', kerasUnitNorm({ axis: -1 })],
    ['nonneg', nonNegative],
    ['minmax_0.5_1.5_rate1_axis0', kerasMinMaxNorm({ min: 0.5, max: 1.5 })],
    ['minmax_0.5_1.5_rate0.3_axis0', kerasMinMaxNorm({ min: 0.5, max: 1.5, rate: 0.3 })]
  ]
  it.each(cases)('give its values for a dense kernel, whatever its units are: %s', (name, c) => {
    [[0], [1], []].forEach((incoming) => { expectGolden(dense, name, projected(c, incoming, w, precision)) })
  })

  const gates: readonly (readonly [string, string, Constraint])[] = [
    ['Wx_maxnorm1', 'Wx', kerasMaxNorm(1)], ['Wh_maxnorm1', 'Wh', kerasMaxNorm(1)],
    ['Wx_unit', 'Wx', kerasUnitNorm()], ['Wh_unit', 'Wh', kerasUnitNorm()]
  ]
  it.each(gates)('give its values for the columns of the gates of an LSTM: %s', (name, kernel, c) => {
    expectGolden(lstm, name, projected(c, [0], input(lstm, kernel), precision))
  })
})

/** Where no vector is zero and the cap is not 0, a true projection differs from Keras's by 1e-7 relative, far below the tolerance 1e-5. */
describe.each(precisions)('in %s, the true projections', (precision) => {
  it.each([
    ['Wx_maxnorm1', 'Wx', maxNorm(1)], ['Wh_maxnorm1', 'Wh', maxNorm(1)], ['Wx_unit', 'Wx', unitNorm], ['Wh_unit', 'Wh', unitNorm],
    ['Wx_maxnorm1', 'Wx', minMaxNorm({ min: 0, max: 1 })]
  ] as const)('agree with Keras to its own ε where no unit is zero: %s', (name, kernel, c) => {
    expectGolden(lstm, name, projected(c, [0], input(lstm, kernel), precision))
  })

  it.each([
    ['maxnorm_1.5_axis0', maxNorm(1.5), [0]], ['maxnorm_1_axis1', maxNorm(1), [1]], ['maxnorm_2_axis01', maxNorm(2), [0, 1]]
  ] as const)('leave the zero column of a dense kernel zero where zero is allowed: %s', (name, c, incoming) => {
    expectGolden(dense, name, projected(c, incoming, input(dense, 'w'), precision))
  })
})
