/** A linear fit under a penalty, as a trainer that walks its path. */
import { either as E, function as F } from 'fp-ts'
import type { Engine } from 'tikhonov/engine'
import { hyper, type Expr } from 'tikhonov/expr'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { fista } from 'tikhonov/optimizers'
import { kkt, stationarity } from 'tikhonov/probes'
import { exact, type Proximal } from 'tikhonov/regularizers'
import { trainer } from 'tikhonov/training'

export const kernel = 'dense/0/kernel'

/** λ's from the largest down to a part of it, each the same part of the one before. */
export const geometric = (largest: number, part: number, n: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => largest * part ** (i / (n - 1)))

/** The mean square with a penalty made of λ, by FISTA; `curvature` is the largest of the mean square. */
export const linear = (features: number, curvature: number, penalty: (lambda: Expr) => Proximal, engine?: Engine) => F.pipe(
  sequential([features], dense(1, {
    useBias: false, kernelRegularizer: exact(penalty(hyper('lambda', 1, { min: 0, max: Infinity, open: 'max' })))
  })),
  E.chain((model) => trainer({
    model, loss: mse(), optimizer: fista(1 / curvature), probes: [kkt, stationarity], ...(engine === undefined ? {} : { engine })
  })),
  E.mapLeft((issues) => JSON.stringify(issues))
)
