/** 2,000 handwritten digits: the first 1,000 train, the others test. */
import { either as E, function as F, type nonEmptyArray as N } from 'fp-ts'
import { tensor, type Tensor } from 'tikhonov'
import { idx } from '../data/idx.js'
import { read } from '../data/read.js'
import type { Parts } from '../paired/study.js'

const half = 1000

/** Pixels along a side of a digit. */
export const side = 28

const bytes = (file: string, shape: readonly number[]): E.Either<N.NonEmptyArray<string>, Uint8Array> =>
  F.pipe(read(file), E.chain(idx(file, shape)))

const images = (pixels: Uint8Array): Tensor =>
  ({ _tag: 'Tensor', shape: [pixels.length / side ** 2, side, side, 1], data: Float64Array.from(pixels, (pixel) => pixel / 255) })

/** Pixels from 0, paper, to 1, ink, [1000, 28, 28, 1], and which digit it is, [1000]. */
export const loadDigits = (): E.Either<N.NonEmptyArray<string>, Parts> => F.pipe(
  E.Do,
  E.bind('pixels', () => bytes('mnist2k-images-idx3-ubyte.gz', [2 * half, side, side])),
  E.bind('labels', () => bytes('mnist2k-labels-idx1-ubyte.gz', [2 * half])),
  E.map(({ pixels, labels }) => {
    const part = (from: number) => ({
      x: images(pixels.subarray(from * side ** 2, (from + half) * side ** 2)), y: tensor([...labels.subarray(from, from + half)])
    })
    return { train: part(0), held: part(half) }
  })
)
