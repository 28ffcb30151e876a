/** Functions that compute each answer once and keep it: a cache behind a pure function is not seen. */

/** A function of a number that computes each answer once. */
export const once = <A>(f: (key: number) => A): ((key: number) => A) => {
  const known = new Map<number, A>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = f(key)
    known.set(key, made)
    return made
  }
}

/** The same of a value by its identity; answers go when their value does. */
export const onceFor = <K extends object, A>(f: (key: K) => A): ((key: K) => A) => {
  const known = new WeakMap<K, A>()
  return (key) => {
    const found = known.get(key)
    if (found !== undefined) return found
    const made = f(key)
    known.set(key, made)
    return made
  }
}
