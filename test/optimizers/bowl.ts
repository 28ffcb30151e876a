/** The quadratic case of the golden optimizer files: f = ½·wᵀAw − bᵀw, with A symmetric, from w0, and where it went. */
import type { GoldenTrajectory } from 'tikhonov/laws'
import { expected, golden, input } from '../golden/golden.js'

const rowsOf = ({ shape: [rows, columns], data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }) =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => data[i * columns + j]))

/** The trajectory of a file, its only parameter a kernel `w`, within the file's tolerance. */
export const bowl = (name: string): GoldenTrajectory => {
  const from = golden(name)
  const [a, b] = [rowsOf(input(from, 'A')), input(from, 'b').data]
  return {
    parameters: { w: { shape: [4], role: 'kernel' } },
    points: rowsOf(expected(from, 'quadratic_w')).map((w) => ({ w })),
    gradient: ({ w }) => ({ w: a.map((row, i) => row.reduce((sum, x, j) => sum + x * w[j], 0) - b[i]) }),
    relative: from.rtol,
    absolute: from.atol
  }
}
