/** The lasso by another way, to be held against: each weight in turn goes to where it is best, until none moves. Fu 1998. */
import type { Table } from './data.js'

/** The weights that make the mean of (x·w − y)² + λ‖w‖₁ least, from a first guess; written apart from the library. */
export const coordinateDescent = ({ columns, wanted }: Table, lambda: number, from: readonly number[]): readonly number[] => {
  const w = [...from]
  const left = wanted.map((y, i) => y - from.reduce((sum, each, j) => sum + each * columns[j][i], 0))
  for (let moved = Infinity; moved > 1e-14;) {
    moved = 0
    columns.forEach((x, j) => {
      const pull = (2 / left.length) * x.reduce((sum, each, i) => sum + each * left[i], 0) + 2 * w[j]
      const change = (Math.sign(pull) * Math.max(Math.abs(pull) - lambda, 0)) / 2 - w[j]
      w[j] += change
      x.forEach((each, i) => { left[i] -= change * each })
      moved = Math.max(moved, Math.abs(change))
    })
  }
  return w
}
