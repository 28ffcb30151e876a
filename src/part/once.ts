/** Functions that compute each answer once and keep it: a cache behind a pure function is not seen. */

/** Where answers are kept. */
interface Known<K, A> { readonly get: (key: K) => A | undefined; readonly set: (key: K, answer: A) => unknown }

const keeping = <K, A>(known: Known<K, A>, f: (key: K) => A) => (key: K): A => {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = f(key)
  known.set(key, made)
  return made
}

/** A function of a number that computes each answer once. */
export const once = <A>(f: (key: number) => A): ((key: number) => A) => keeping(new Map<number, A>(), f)

/** The same of a value by its identity; answers go when their value does. */
export const onceFor = <K extends object, A>(f: (key: K) => A): ((key: K) => A) => keeping(new WeakMap<K, A>(), f)
