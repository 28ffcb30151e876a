/** Every schedule of the library, with what it is at steps where that is known without its formula. */
import type { Corners } from 'tikhonov/laws'
import {
  annealIn, annealOut, constant, cosine, cosineRestarts, exponential, inverseTime, kerasPiecewise, piecewise, polynomial, ramp, warmup,
  type Schedule
} from 'tikhonov/schedules'

/** Values at the first step, before and after each change, at the end and long after it. */
export const corners: readonly (readonly [Schedule, Corners])[] = [
  [constant(0.3), [[0, 0.3], [1e6, 0.3]]],
  [exponential(0.8, { decaySteps: 10, decayRate: 0.25 }), [[0, 0.8], [5, 0.4], [10, 0.2], [20, 0.05]]],
  [exponential(0.8, { decaySteps: 10, decayRate: 0.5, staircase: true }), [[0, 0.8], [9, 0.8], [10, 0.4], [19, 0.4], [20, 0.2]]],
  [inverseTime(1, { decaySteps: 4, decayRate: 3 }), [[0, 1], [4, 0.25], [8, 1 / 7]]],
  [inverseTime(1, { decaySteps: 4, decayRate: 3, staircase: true }), [[3, 1], [4, 0.25], [7, 0.25], [8, 1 / 7]]],
  [polynomial(1, { decaySteps: 8, end: 0.5 }), [[0, 1], [4, 0.75], [8, 0.5], [9, 0.5], [1e6, 0.5]]],
  [polynomial(1, { decaySteps: 8, power: 0.5 }), [[0, 1], [6, 0.5], [8, 0], [9, 0], [1e6, 0]]],
  [cosine(0.4, { decaySteps: 30, alpha: 0.1 }), [[0, 0.4], [10, 0.31], [15, 0.22], [20, 0.13], [30, 0.04], [31, 0.04], [1e6, 0.04]]],
  [cosineRestarts(1, { firstDecaySteps: 10 }), [[0, 1], [5, 0.5], [10, 1], [20, 0.5], [30, 1], [50, 0.5], [70, 1]]],
  [cosineRestarts(1, { firstDecaySteps: 10, tMul: 1, mMul: 0.5, alpha: 0.2 }), [[0, 1], [5, 0.6], [10, 0.5], [15, 0.3], [1000, 2 ** -100]]],
  // Restarts after 10, 10 + 11, 10 + 11 + 12.1 steps, where powers of 1.1 are rounded.
  [cosineRestarts(1, { firstDecaySteps: 10, tMul: 1.1 }), [[0, 1], [10, 1], [21, 1]]],
  [piecewise([100, 110], [1, 0.5, 0.1]), [[0, 1], [99, 1], [100, 0.5], [109, 0.5], [110, 0.1], [1e6, 0.1]]],
  // keras/src/optimizers/schedules: `step <= boundaries[0]` has the first value, `step > boundaries[i]` the next.
  [kerasPiecewise([100, 110], [1, 0.5, 0.1]), [[0, 1], [100, 1], [101, 0.5], [110, 0.5], [111, 0.1], [1e6, 0.1]]],
  [kerasPiecewise([0], [0.2, 0.1]), [[0, 0.2], [1, 0.1]]],
  [ramp(1, 3, { after: 10, steps: 10 }), [[0, 1], [10, 1], [15, 2], [20, 3], [1e6, 3]]],
  [annealIn(0.2, { steps: 4 }), [[0, 0], [1, 0.05], [4, 0.2], [1e6, 0.2]]],
  [annealOut(0.2, { after: 3, steps: 4 }), [[3, 0.2], [4, 0.15], [7, 0], [1e6, 0]]],
  [piecewise([], [0.2]), [[0, 0.2], [1e6, 0.2]]],
  [warmup(4, constant(0.2)), [[0, 0], [1, 0.05], [3, 0.15], [4, 0.2], [1e6, 0.2]]],
  [warmup(10, cosine(0.5, { decaySteps: 100 }), { from: 0.1 }), [[0, 0.1], [5, 0.3], [10, 0.5], [60, 0.25], [110, 0], [200, 0]]],
  [warmup(2, piecewise([3], [0.4, 0.1])), [[0, 0], [1, 0.2], [2, 0.4], [4, 0.4], [5, 0.1]]]
]
