/** Hyper-parameters that change while a run goes on. */
import { map, merge, scan, startWith, withLatestFrom, type Observable, type OperatorFunction } from 'rxjs'
import type { Batch } from '../engine/engine.js'
import { mapByPath, type ByPath } from '../part/path.js'

/**
 * Each batch with the latest value of each hyper-parameter, by name: λ, a rate, a learning rate.
 *
 * What has not had a value yet is left as the batch has it, so no batch waits or is lost; a value given here goes before one that the batch
 * has. The report of a step repeats the values that it used, and recorded batches carry them: replaying them replays the run, bit for bit,
 * although it was tuned by hand. A value out of its range is a `BadBatch` at the batch that carries it.
 * @example
 * ```ts
 * import { from, lastValueFrom, of } from 'rxjs'
 * import { withHyper } from 'tikhonov/stream'
 * import { tensor } from 'tikhonov/tensor'
 * const batch = { x: tensor([[1]]), y: tensor([2]), hyper: { rate: 0.5 } }
 * const { hyper } = await lastValueFrom(from([batch]).pipe(withHyper({ lambda: of(0.1, 0.01) })))
 * hyper // => { rate: 0.5, lambda: 0.01 }
 * ```
 */
export const withHyper = (hyper: ByPath<Observable<number>>): OperatorFunction<Batch, Batch> => {
  const changes = Object.values(mapByPath(hyper, (values, name) => values.pipe(map((value): ByPath<number> => ({ [name]: value })))))
  const latest = merge(...changes).pipe(scan((all, change) => ({ ...all, ...change }), {}), startWith<ByPath<number>>({}))
  return (source) => source.pipe(withLatestFrom(latest), map(([batch, now]) => ({ ...batch, hyper: { ...batch.hyper, ...now } })))
}
