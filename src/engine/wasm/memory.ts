/** Addresses in one block of memory, planned before anything runs: what is needed for good, and what only for some stages. */

/** Addresses from one growing block. The first 64 bytes are nobody's. */
export interface Allocator {
  /** Room for so many float32, for good. */
  readonly take: (numbers: number) => number
  /** How many bytes there are so far. */
  readonly size: () => number
}

/** Reads and vector stores past the end of a tensor stay within its slack. */
const slack = 48

const bytesOf = (numbers: number): number => Math.ceil((numbers * 4 + slack) / 16) * 16

/** An empty block. */
export const allocator = (): Allocator => {
  let next = 64
  return {
    take: (numbers) => {
      const at = next
      next += bytesOf(numbers)
      return at
    },
    size: () => next
  }
}

/** Something that needs memory from one stage to another, both included. */
export interface Lived<K> { readonly key: K; readonly numbers: number; readonly from: number; readonly to: number }

interface Hole { readonly at: number; readonly bytes: number }

/** The holes with another one, adjacent ones joined. */
const joined = (holes: readonly Hole[], { at, bytes }: Hole): readonly Hole[] => {
  const before = holes.find((h) => h.at + h.bytes === at)
  const after = holes.find((h) => h.at === at + bytes)
  return [
    ...holes.filter((h) => h !== before && h !== after),
    { at: before?.at ?? at, bytes: (before?.bytes ?? 0) + bytes + (after?.bytes ?? 0) }
  ]
}

/** Lays out what lives only for a while, the smallest hole that is large enough first; what is no longer needed makes room. */
export const planned = <K>(lives: readonly Lived<K>[], memory: Allocator): ReadonlyMap<K, number> => {
  const places = new Map<K, number>()
  const ending = new Map<number, Hole[]>()
  let holes: readonly Hole[] = []
  let freed = -1
  for (const { key, numbers, from, to } of [...lives].sort((a, b) => a.from - b.from)) {
    for (; freed < from - 1; freed++) holes = (ending.get(freed + 1) ?? []).reduce(joined, holes)
    const bytes = bytesOf(numbers)
    const best = holes.filter((h) => h.bytes >= bytes)
      .reduce<Hole | undefined>((least, h) => (least === undefined || h.bytes < least.bytes ? h : least), undefined)
    const at = best?.at ?? memory.take(numbers)
    if (best !== undefined) {
      holes = holes.filter((h) => h !== best)
      if (best.bytes > bytes) holes = [...holes, { at: at + bytes, bytes: best.bytes - bytes }]
    }
    places.set(key, at)
    ending.set(to, [...(ending.get(to) ?? []), { at, bytes }])
  }
  return places
}
