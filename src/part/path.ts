/** Paths name things within a model: `dense/0/kernel`, `hidden/bias`, `optimizer/scaleByAdam/0/m/dense/0/kernel`. */

/** A name of something within a model, parts joined by `/`. */
export type Path = string

/** Values by path. */
export type ByPath<A> = Readonly<Record<Path, A>>

/**
 * Parts of a path joined, empty ones left out.
 * @example
 * ```ts
 * import { joinPath } from 'tikhonov/layer'
 * joinPath('dense', 0, '', 'kernel') // => 'dense/0/kernel'
 * ```
 */
export const joinPath = (...parts: readonly (string | number)[]): Path => parts.filter((p) => p !== '').join('/')

/** Names made different: one that was there before gets the number of times that it was, below it (`l2`, `l2/1`, …). */
export const numbered = (names: readonly string[]): readonly Path[] =>
  names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length
    return joinPath(name, before === 0 ? '' : before)
  })

/** The same paths with each value put through a function. */
export const mapByPath = <A, B>(by: ByPath<A>, f: (a: A, path: Path) => B): ByPath<B> =>
  Object.fromEntries(Object.entries(by).map(([path, a]) => [path, f(a, path)]))
