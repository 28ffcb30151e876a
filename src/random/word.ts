/** A path as a 32-bit word: FNV-1a over its UTF-8 bytes (Fowler, Noll & Vo). */

/**
 * The word of a purpose. Two purposes of one program may not share a word; that is checked when the program is built.
 * @example
 * ```ts
 * import { word } from 'tikhonov/random'
 * word('') // => 2166136261
 * ```
 */
export const word = (purpose: string): number =>
  new TextEncoder().encode(purpose).reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261)
