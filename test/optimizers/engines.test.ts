/** Every optimizer on the WebAssembly engine goes where it goes on the reference engine, as near as float32 comes to the golden files. */
import { either as E, option as O } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { reference, wasm, type Engine } from 'tikhonov/engine'
import { dense, tanh } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import {
  adagrad, adam, adamw, adaptiveClip, after, before, chain, clipByGlobalNorm, clipByNorm, clipByValue, freeze, gradientNoise,
  lookahead, rmsprop, sam, sgd, torchAdagrad, torchAdam, torchAdamW, torchRmsprop, torchSgd, type Optimizer
} from 'tikhonov/optimizers'
import { cosine, warmup } from 'tikhonov/schedules'
import { fold, parametersOf, start, trainer, withValues } from 'tikhonov/training'
import { differences, forFloat32, golden, input } from '../golden/golden.js'

const right = <L, A>(either: E.Either<L, A>): A => E.getOrElse<L, A>((left) => expect.fail(JSON.stringify(left)))(either)
const fast: Engine = O.getOrElse<Engine>(() => expect.fail('this Node has no WebAssembly SIMD'))(wasm())
const from = golden('opt_sgd')
const varying = warmup(5, cosine(0.1, { decaySteps: 20 }))

const optimizers: readonly Optimizer[] = [
  sgd(0.05), sgd(varying, { momentum: 0.9 }), torchSgd(varying, { momentum: 0.9, nesterov: true }), rmsprop(0.05),
  torchRmsprop(0.05, { momentum: 0.5 }), adagrad(0.1), torchAdagrad(0.1), adam(0.1), torchAdam(varying), adamw(0.1),
  before(clipByGlobalNorm(0.5), torchAdamW(varying)),
  before(chain(freeze('dense/0/bias'), clipByNorm(0.1), clipByValue(0.05)), adam(varying)),
  before(chain(sam(0.05), adaptiveClip(0.1), gradientNoise(0.01)), sgd(0.05)), after(lookahead({ every: 3 }), adam(0.05))
]

/** The weights of a network 3-5(tanh)-2 after 20 steps. */
const trained = (optimizer: Optimizer, engine: Engine) => {
  const model = right(sequential([3], dense(5, { activation: tanh }), dense(2)))
  const t = right(trainer({ model, loss: mse(), optimizer, engine }))
  const first = right(withValues(t, start(t), {
    'dense/0/kernel': input(from, 'W1'), 'dense/0/bias': input(from, 'b1'),
    'dense/1/kernel': input(from, 'W2'), 'dense/1/bias': input(from, 'b2')
  }))
  const batch = { x: input(from, 'X'), y: input(from, 'Y') }
  return parametersOf(t, right(fold(t)(first, Array.from({ length: 20 }, () => batch))).state)
}

describe('on the WebAssembly engine', () => {
  it.each(optimizers.map((o, i) => [`${o.spec.kind} (${i})`, o] as const))('%s', (_, optimizer) => {
    const [found, expected] = [trained(optimizer, fast), trained(optimizer, reference())]
    expect(Object.keys(found)).toEqual(['dense/0/kernel', 'dense/0/bias', 'dense/1/kernel', 'dense/1/bias'])
    Object.entries(expected).forEach(([path, wanted]) => { expect(differences(found[path], wanted, forFloat32)).toBeUndefined() })
  })
})
