/** The same job for many settings: rates, strengths, seeds. */
import { either as E, function as F, option as O } from 'fp-ts'
import { unfold } from '../part/unfold.js'

/** Why a setting has no result: its job threw, or the worker that had it ended. */
export interface JobFailed {
  readonly _tag: 'JobFailed' | 'WorkerLost'
  readonly message: string
}

/** What came of one setting, and how many of all have come so far. */
export interface Swept<S, R> {
  readonly index: number
  readonly setting: S
  readonly result: E.Either<JobFailed, R>
  readonly done: number
  readonly of: number
}

const reason = (error: unknown): JobFailed =>
  ({ _tag: 'JobFailed', message: error instanceof Error ? error.message : String(error) })

/**
 * Every combination of the values of each name, the last name changing fastest. A seed among the names that is one value gives all
 * settings the same masks and first values: what differs is what was set.
 * @example
 * ```ts
 * import { grid } from 'tikhonov/training'
 * grid({ lambda: [1, 0.1], seed: [7] }) // => [{ lambda: 1, seed: 7 }, { lambda: 0.1, seed: 7 }]
 * ```
 */
export const grid = <V extends Readonly<Record<string, readonly unknown[]>>>(
  values: V
): readonly { readonly [K in keyof V]: V[K][number] }[] =>
  Object.entries(values).reduce<readonly object[]>((done, [name, each]) =>
    done.flatMap((one) => each.map((value) => ({ ...one, [name]: value }))), [{}]) as readonly { [K in keyof V]: V[K][number] }[]

/**
 * The job for each setting in order, here and now, each when it is asked for: who asks for no more cancels. What a job throws is the result
 * of its setting, the others go on. `sweepOver` of `tikhonov/stream` does the same over worker threads. Laws: `sweepLaws`.
 * @example
 * ```ts
 * import { sweep } from 'tikhonov/training'
 * [...sweep((x: number) => x * x)([2, 3])].map(({ result, done, of }) => [result, done, of])
 * // => [[{ _tag: 'Right', right: 4 }, 1, 2], [{ _tag: 'Right', right: 9 }, 2, 2]]
 * ```
 */
export const sweep = <S, R>(job: (setting: S) => R) => (settings: readonly S[]): Iterable<Swept<S, R>> =>
  unfold(0, (index) => F.pipe(
    index < settings.length ? O.some(settings[index]) : O.none,
    O.map((setting) => [
      { index, setting, result: E.tryCatch(() => job(setting), reason), done: index + 1, of: settings.length }, index + 1
    ] as const)
  ))
