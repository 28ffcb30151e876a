/** The scan behind checks of many numbers. */
import type { Range } from '../expr/leaf.js'

/** Where the first number is that is not in a range, or not whole where only whole ones are allowed; −1 if all are. NaN is in no range. */
export const firstOutside = (values: ArrayLike<number>, { min, max, open }: Range, whole = false): number => {
  const closedMin = open === 'none' || open === 'max'
  const closedMax = open === 'none' || open === 'min'
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    const inside = (x > min && x < max) || (closedMin && x === min) || (closedMax && x === max)
    if (!inside || (whole && !Number.isInteger(x))) return i
  }
  return -1
}
