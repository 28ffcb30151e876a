import type { Observable } from 'rxjs'

/** What a stream did, synchronously: the values, then how it ended. */
export const record = <A>(stream: Observable<A>): { readonly values: readonly A[]; readonly end?: unknown } => {
  const values: A[] = []
  const seen: { end?: unknown } = {}
  stream.subscribe({
    next: (value) => { values.push(value) },
    error: (error: unknown) => { seen.end = error },
    complete: () => { seen.end = 'complete' }
  })
  return { values, ...seen }
}
