/** How each primitive that is not element-wise is emitted, by its name. */
import { convolution } from './convolution.js'
import { gather, scatterAdd } from './gather.js'
import type { Emit } from './kernel.js'
import { foldPatches, patches } from './patches.js'
import { pick, unpool } from './pooling.js'
import { matmul } from './product.js'
import { reduceMax, sum } from './reduce.js'
import { broadcast, concat, pad, reverse, slice, transpose } from './view.js'
import { winnersImage } from './winnersImage.js'
import { winnersKernel } from './winnersKernel.js'

/** By the name of the primitive. */
export const emitters: Readonly<Record<string, Emit>> = {
  broadcast, concat, convolution, foldPatches, gather, matmul, pad, patches, pick, reduceMax, reverse, scatterAdd, slice, sum, transpose,
  unpool, winnersImage, winnersKernel
}
