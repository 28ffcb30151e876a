import { either as E, function as F } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Shape } from 'tikhonov/expr'
import { showIssue } from 'tikhonov/layer'
import {
  averagePooling2d, conv1d, conv2d, conv2dTranspose, dense, depthwiseConv2d, flatten, globalAveragePooling2d, leakyRelu, maxPooling1d,
  maxPooling2d, separableConv2d, type Conv2dOptions
} from 'tikhonov/layers'
import { sequential, type Part } from 'tikhonov/model'
import { l2 } from 'tikhonov/regularizers'

/** The finding of a layer that has no room. */
const tight = (kind: string, least: string, found: string): string =>
  `${kind}/0: found an input of shape ${found}, allowed: ${kind} with padding 'valid' needs at least ${least} of space, found ${found}`

const errors = (input: Shape, ...parts: readonly Part[]): readonly string[] =>
  F.pipe(sequential<Shape, readonly Part[]>(input, ...parts), E.fold((found) => found.map(showIssue), () => []))

/** Options as they come from a file: what the compiler did not see. */
const read = (text: string): Conv2dOptions => JSON.parse(text) as Conv2dOptions

describe('a convolution or a pooling that is wrong says where, what was found and what is allowed', () => {
  it.each<readonly [string, Shape, Part, readonly string[]]>([
    ['a kernel larger than the image', [2, 2, 1], conv2d(8, 3), [tight('conv2d', '[3, 3]', '[2, 2, 1]')]],
    ['a kernel that dilation makes too large', [7, 9, 1], conv2d(8, [3, 5], { dilationRate: [4, 1] }),
      [tight('conv2d', '[9, 5]', '[7, 9, 1]')]],
    ['a window longer than the series', [3, 2], maxPooling1d(4), [tight('maxPooling1d', '[4]', '[3, 2]')]],
    ['an input that is no image', [7], globalAveragePooling2d, [
      'globalAveragePooling2d/0: found an input of shape [7], allowed: ' +
      'globalAveragePooling2d needs an input of rank 3 [height, width, channels], found [7]'
    ]],
    ['everything at once', [7, 9, 1],
      conv2d(0, [0, 2.5], { dilationRate: -1, strides: [Number.NaN, 1], activation: leakyRelu(-1), kernelRegularizer: l2(-1) }), [
        'conv2d/0/filters: found 0, allowed: a whole number ≥ 1',
        'conv2d/0/kernelSize/0: found 0, allowed: a whole number ≥ 1',
        'conv2d/0/kernelSize/1: found 2.5, allowed: a whole number ≥ 1',
        'conv2d/0/strides/0: found NaN, allowed: a whole number ≥ 1',
        'conv2d/0/dilationRate: found -1, allowed: a whole number ≥ 1',
        'conv2d/0/activation/slope: found -1, allowed: a number, 0 ≤ slope',
        'conv2d/0/kernel/l2/lambda: found -1, allowed: a number, 0 ≤ lambda'
      ]],
    ['a padding and strides that come from a file', [7, 9, 1], conv2d(1, 3, read('{"padding": "VALID", "strides": [1, 2, 3]}')), [
      'conv2d/0/strides: found [1, 2, 3], allowed: a number, or 2 of them',
      "conv2d/0/padding: found 'VALID', allowed: 'valid', 'same'"
    ]],
    ['causal padding where there is no time', [7, 9, 1], conv2d(1, 3, read('{"padding": "causal"}')),
      ["conv2d/0/padding: found 'causal', allowed: 'valid', 'same'"]],
    ['a pool size of 0, once', [7, 9, 1], maxPooling2d(0), ['maxPooling2d/0/poolSize: found 0, allowed: a whole number ≥ 1']],
    ['strides of 0', [7, 9, 1], averagePooling2d(2, { strides: [1, 0] }),
      ['averagePooling2d/0/strides/1: found 0, allowed: a whole number ≥ 1']],
    ['a depth multiplier of 0', [7, 9, 1], depthwiseConv2d(3, { depthMultiplier: 0 }),
      ['depthwiseConv2d/0/depthMultiplier: found 0, allowed: a whole number ≥ 1']],
    ['both of two steps', [7, 9, 1], separableConv2d(1.5, 3, { depthMultiplier: -1 }), [
      'separableConv2d/0/filters: found 1.5, allowed: a whole number ≥ 1',
      'separableConv2d/0/depthMultiplier: found -1, allowed: a whole number ≥ 1'
    ]],
    ['outputPadding that is not below strides', [7, 7, 1], conv2dTranspose(2, 3, { outputPadding: 1, strides: [2, 1] }),
      ['conv2dTranspose/0/outputPadding: found 1, allowed: a whole number, 0 ≤ outputPadding < strides 1']],
    ['outputPadding below 0', [7, 7, 1], conv2dTranspose(2, 2, { outputPadding: [0, -1], strides: 2 }),
      ['conv2dTranspose/0/outputPadding/1: found -1, allowed: a whole number, 0 ≤ outputPadding < strides 2']],
    ['an output from which there is no way back', [7, 7, 1], conv2dTranspose(2, 2, { outputPadding: 0, strides: 2, padding: 'same' }), [
      'conv2dTranspose/0: found an input of shape [7, 7, 1], allowed: conv2dTranspose needs an outputPadding whose output a convolution ' +
      'brings back, not [12, 12], found [7, 7, 1]'
    ]]
  ])('%s', (_, input, part, messages) => { expect(errors(input, part)).toEqual(messages) })

  it('what follows from a misfit is quiet, but for its own options', () => {
    expect(errors([7, 2], conv2d(1, 1), maxPooling2d(2), conv1d(0, 2), flatten, dense(1))).toEqual([
      'conv2d/0: found an input of shape [7, 2], allowed: conv2d needs an input of rank 3 [height, width, channels], found [7, 2]',
      'conv1d/0/filters: found 0, allowed: a whole number ≥ 1'
    ])
  })

  it('strides and dilation above 1 are no contradiction: the formula says what they mean', () => {
    expect(errors([7, 2], conv1d(1, 2, { strides: 2, dilationRate: 3 }))).toEqual([])
  })
})
