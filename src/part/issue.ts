/** What is wrong with something that somebody gave us: where, what was found, what is allowed. */
import { either as E, type nonEmptyArray as NEA } from 'fp-ts'
import type { Path } from './path.js'

/** One finding. */
export interface Issue {
  readonly _tag: 'Issue'
  readonly path: Path
  readonly found: string
  readonly allowed: string
}

/**
 * A finding.
 * @example
 * ```ts
 * import { issue, showIssue } from 'tikhonov/layer'
 * showIssue(issue('units', '2.5', 'a whole number ≥ 1')) // => 'units: found 2.5, allowed: a whole number ≥ 1'
 * ```
 */
export const issue = (path: Path, found: string, allowed: string): Issue => ({ _tag: 'Issue', path, found, allowed })

/**
 * A finding as one line.
 * @example
 * ```ts
 * import { showIssue } from 'tikhonov/layer'
 * showIssue({ _tag: 'Issue', path: 'dropout/0/rate', found: '1', allowed: 'a number, 0 ≤ rate < 1' })
 * // => 'dropout/0/rate: found 1, allowed: a number, 0 ≤ rate < 1'
 * ```
 */
export const showIssue = ({ path, found, allowed }: Issue): string => `${path === '' ? '' : `${path}: `}found ${found}, allowed: ${allowed}`

/**
 * Findings, seen from further out.
 * @example
 * ```ts
 * import { issue, under } from 'tikhonov/layer'
 * under('dense/0', [issue('units', '0', 'a whole number ≥ 1')]).map((i) => i.path) // => ['dense/0/units']
 * ```
 */
export const under = (path: Path, issues: readonly Issue[]): readonly Issue[] =>
  issues.map((i) => ({ ...i, path: [path, i.path].filter((p) => p !== '').join('/') }))

/** `Left` of everything that was found; where nothing was, `Right` of the value. */
export const unlessIssues = <A>([first, ...rest]: readonly Issue[], value: () => A): E.Either<NEA.NonEmptyArray<Issue>, A> =>
  first === undefined ? E.right(value()) : E.left([first, ...rest])
