/** The scan behind checks of many numbers. */
import type { Range } from '../expr/leaf.js'

/** Where the first number is that is not in a range, or not whole where only whole ones are allowed; −1 if all are. NaN is in no range. */
export const firstOutside = (values: ArrayLike<number>, { min, max, open }: Range, whole = false): number => {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    const atEnd = () => (x === min && (open === 'none' || open === 'max')) || (x === max && (open === 'none' || open === 'min'))
    if (!((x > min && x < max) || atEnd()) || (whole && !Number.isInteger(x))) return i
  }
  return -1
}
