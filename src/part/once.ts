/** Functions that compute each answer once and keep it: a cache behind a pure function is not seen. */

/** How many answers are kept of a function of a number: sizes of batches, and more of them than most runs meet. */
const kept = 16

/** A function of a number that computes an answer once, as long as it is among the newest used. */
export const once = <A>(f: (key: number) => A): ((key: number) => A) => {
  const known = new Map<number, A>()
  let last: { readonly key: number; readonly answer: A } | undefined
  return (key) => {
    if (last?.key === key) return last.answer
    const answer = known.has(key) ? known.get(key) as A : f(key)
    known.delete(key)
    known.set(key, answer)
    for (const oldest of known.size > kept ? [...known.keys()].slice(0, known.size - kept) : []) known.delete(oldest)
    last = { key, answer }
    return answer
  }
}

/** A function of a value by its identity that computes each answer once; answers go when their value does. */
export const onceFor = <K extends object, A>(f: (key: K) => A): ((key: K) => A) => {
  const known = new WeakMap<K, { readonly answer: A }>()
  return (key) => {
    const found = known.get(key) ?? { answer: f(key) }
    known.set(key, found)
    return found.answer
  }
}
