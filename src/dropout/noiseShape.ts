/** The shape of one example's mask, where decisions are shared along axes. */
import { broadcastShape, sameShape, showShape, type Shape } from '../expr/shape.js'
import { same, type SameRule } from '../layer/rule.js'
import { issue, type Issue } from '../part/issue.js'

/** Options of layers that draw a mask. */
export interface MaskOptions {
  /**
   * The shape of one example's mask, without the batch: a size of 1, or a missing axis in front, shares one decision along that axis.
   * `[1, 1, c]`, or `[c]`, drops whole channels of images. The shape of the example unless told.
   */
  readonly noiseShape?: Shape
}

/** What is wrong with a noise shape, whatever the example. */
export const noiseShapeIssues = (noiseShape: Shape | undefined): readonly Issue[] =>
  noiseShape === undefined || noiseShape.every((d) => Number.isSafeInteger(d) && d >= 1)
    ? [] : [issue('noiseShape', showShape(noiseShape), 'whole numbers ≥ 1')]

/** The rule of a layer with a noise shape: an example that its mask broadcasts to. */
export const noiseRule = (kind: string, noiseShape: Shape | undefined): SameRule =>
  noiseShape === undefined ? same : {
    check: (example) => {
      const wide = broadcastShape(example, noiseShape)
      return wide !== undefined && sameShape(wide, example) ? undefined
        : `${kind} with the noiseShape ${showShape(noiseShape)} needs an example that it broadcasts to, found ${showShape(example)}`
    }
  }

/** The shape of a batch's masks. */
export const maskShape = ([batch, ...example]: Shape, noiseShape: Shape = example): Shape =>
  [batch, ...example.slice(noiseShape.length).map(() => 1), ...noiseShape]

/** The shape of a batch's masks that share a decision over all axes but the last: one for each channel of each example. */
export const channelMask = ([batch, ...example]: Shape): Shape =>
  [batch, ...example.map((d, axis) => (axis === example.length - 1 ? d : 1))]
