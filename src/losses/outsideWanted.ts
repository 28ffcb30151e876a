/** The scan of wanted values for one that is not allowed. */
import { within } from '../part/checks.js'
import { issue, type Issue } from '../part/issue.js'
import { firstOutside } from '../part/outside.js'
import type { Wanted } from './loss.js'

/** The first number that is not what is wanted, at its row of so many numbers under a path; NaN is never wanted. */
export const outsideWanted = (
  path: string, values: ArrayLike<number>, width: number, { range, whole = false, only }: Wanted
): readonly Issue[] => {
  const at = only === undefined ? firstOutside(values, range, whole) : Array.from(values).findIndex((v) => !only.includes(v))
  const allowed = only !== undefined ? only.join(' or ') : `${within(range)('y', Number.NaN)[0].allowed}${whole ? ', whole' : ''}`
  return at < 0 ? [] : [issue(`${path}[${Math.floor(at / width)}]`, String(values[at]), allowed)]
}
