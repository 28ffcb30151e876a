import { describe, it } from 'vitest'
import { constant, evaluate, pullback, variable, type Expr } from 'tikhonov/expr'
import { alphaDropout, alphaDropoutWith, dropout, dropoutWith, gaussianDropout, gaussianDropoutWith } from 'tikhonov/dropout'
import { training, type Layer, type Mode } from 'tikhonov/layer'
import { draws, type Draws } from 'tikhonov/random'
import { tensor, type Tensor } from 'tikhonov/tensor'
import { expectGolden, golden, input, setting, type Golden } from '../golden/golden.js'

const all = golden('dropout_given_masks')

/** The rates stand in a record of their own. */
const rates: Golden = { ...all, config: all.config.rates as Golden['config'] }
const rate = (name: string) => setting(rates, name)

const given = ({ shape, data }: Tensor): Expr => constant(data, shape)

/** What a layer draws, replaced by what is given. */
const drawing = (own: Partial<Draws>): Mode => {
  const mode = training(constant([1]))
  return mode._tag === 'Infer' ? mode : { ...mode, random: { ...mode.random, perExample: { ...draws('perExample', 'given'), ...own } } }
}

const through = (layer: Layer, own: Partial<Draws>) => (x: Expr): Expr => layer.apply({ path: 'given', mode: drawing(own) })(x).y

type Names = Readonly<Record<'x' | 'dy' | 'y' | 'dx', string>>

const expectForwardAndBackward = (f: (x: Expr) => Expr, names: Names) => {
  const [x, dy] = [input(all, names.x), input(all, names.dy)]
  const at = variable('x', x.shape)
  const y = f(at)
  const [dx] = pullback(y, variable('dy', dy.shape), [at])
  const value = (e: Expr) => tensor(Float64Array.from(evaluate(e, { x: x.data, dy: dy.data })), e.shape)
  expectGolden(all, names.y, value(y))
  expectGolden(all, names.dx, value(dx))
}

const flat = { x: 'x', dy: 'dy' }
const keep = given(input(all, 'keep'))
const spatial = given(input(all, 'keep_spatial'))
const noise = given(input(all, 'normal'))
const alpha = given(input(all, 'keep_alpha'))

describe('with the masks of the golden vectors, values and gradients are theirs', () => {
  it('dropout', () => {
    expectForwardAndBackward((x) => dropoutWith(x, keep, rate('dropout')), { ...flat, y: 'y', dx: 'dx' })
    expectForwardAndBackward(through(dropout(rate('dropout')), { bernoulli: () => keep }), { ...flat, y: 'y', dx: 'dx' })
  })

  it('dropout with a noise shape: whole channels', () => {
    const names = { x: 'xs', dy: 'dys', y: 'ys', dx: 'dxs' }
    expectForwardAndBackward((x) => dropoutWith(x, spatial, rate('spatial')), names)
    expectForwardAndBackward(through(dropout(rate('spatial'), { noiseShape: [1, 1, 4] }), { bernoulli: () => spatial }), names)
  })

  it('Gaussian dropout', () => {
    const names = { ...flat, y: 'y_gaussian', dx: 'dx_gaussian' }
    expectForwardAndBackward((x) => gaussianDropoutWith(x, noise, rate('gaussian')), names)
    expectForwardAndBackward(through(gaussianDropout(rate('gaussian')), { normal: () => noise }), names)
  })

  it('alpha dropout', () => {
    expectForwardAndBackward((x) => alphaDropoutWith(x, alpha, rate('alpha')), { ...flat, y: 'y_alpha', dx: 'dx_alpha' })
    expectForwardAndBackward(through(alphaDropout(rate('alpha')), { bernoulli: () => alpha }), { ...flat, y: 'y_alpha', dx: 'dx_alpha' })
  })
})
