import { either as E, function as F } from 'fp-ts'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { dense } from 'tikhonov/layers'
import { mse } from 'tikhonov/losses'
import { sequential } from 'tikhonov/model'
import { sgd } from 'tikhonov/optimizers'
import { csr, sparseTrainer, type SparseTrainer } from 'tikhonov/sparse'
import { tensor } from 'tikhonov/tensor'
import { start } from 'tikhonov/training'
import { sparseRun } from '../../src/sparse/fold.js'
import { collector } from '../bench/memory.js'
import { right } from '../stream/fixture.js'

const collect = collector()

/** A batch of so many examples, each with one feature. */
const ofSize = (n: number) => {
  const some = Array.from({ length: n }, (_, i) => i)
  return { x: right(csr([n, 3], [...some, n], some.map(() => 1), some.map(() => 1))), y: tensor(some.map((i) => [i])) }
}

it('a run over many sizes of batches keeps the steps of the newest only', async () => {
  const t = right(F.pipe(sequential([3], dense(1)), E.chain((model) => sparseTrainer({ model, loss: mse(), optimizer: sgd(0.01) }))))
  const made: WeakRef<object>[] = []
  const small: SparseTrainer['sparse']['small'] = (few, examples) => {
    const step = t.sparse.small(few, examples)
    made.push(new WeakRef(step))
    return step
  }
  const run = sparseRun({ ...t, sparse: { ...t.sparse, small } }, start(t))
  for (let n = 1; n <= 40; n++) right(run.learn(ofSize(n)))
  await turn()
  collect()
  expect(made).toHaveLength(40)
  // 16 sizes are kept.
  expect(made.filter((step) => step.deref() !== undefined).length).toBeLessThanOrEqual(17)
  expect(run.step()).toBe(40)
})
