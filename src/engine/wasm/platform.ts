/** What the engine needs of its host, typed here because no library of Node's types names it. */
import { threads, type Threads } from './threads.js'

/** A block of memory that a module works in. */
export interface LinearMemory { readonly buffer: ArrayBuffer }

/** What a module is given, and what it gives: kernels by number. */
type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>
interface Exporting { readonly exports: Readonly<Record<string, (from: number, to: number, slot: number) => void>> }

/** The WebAssembly interface, as far as it is used. */
export interface Platform {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number; readonly shared?: boolean }) => LinearMemory
  readonly Module: new (code: Uint8Array) => object
  readonly Instance: new (module: object, imports: Imports) => Exporting
  readonly validate: (code: Uint8Array) => boolean
  /** Whether it has relaxed SIMD: a multiply-add that rounds once. */
  readonly relaxed: boolean
  /** Threads that can share a memory, where the host has them. */
  readonly threads?: Threads | undefined
}

/** A module of one function that adds two vectors: valid where SIMD is. */
const simdProbe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11
)

/** A module of one function that returns relaxed_madd of three vectors: valid where relaxed SIMD is. */
const relaxedProbe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11
)

/** The host's WebAssembly with SIMD, and its threads, or `undefined` where it has none. */
export const platform = (): Platform | undefined => {
  const found = (globalThis as { readonly WebAssembly?: Platform }).WebAssembly
  if (found?.validate(simdProbe) !== true) return undefined
  const { Memory, Module, Instance, validate } = found
  return { Memory, Module, Instance, validate, relaxed: validate(relaxedProbe), threads: threads() }
}
