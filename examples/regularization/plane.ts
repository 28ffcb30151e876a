/** The grid over the plane on which a trained network is asked for its probabilities, row by row from the lowest x2. */
export const plane = { x1: [-2, 3], x2: [-2, 2], columns: 76, rows: 61 } as const

const between = ([low, high]: readonly [number, number], n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1))

/** All points of the grid, as rows of features. */
export const planePoints: readonly (readonly [number, number])[] = between(plane.x2, plane.rows).flatMap((x2) =>
  between(plane.x1, plane.columns).map((x1) => [x1, x2] as const)
)
