/**
 * What the library may take for granted wherever it runs, in Node, a browser or a worker. The library is checked against these and the
 * language alone (tsconfig.src.json), so that nothing of one host slips in; what only some hosts have is asked of `globalThis`.
 */
interface TextEncoder { encode(text?: string): Uint8Array }
declare const TextEncoder: { new (): TextEncoder }

declare function setTimeout(callback: () => void, milliseconds?: number): unknown
declare const performance: { now(): number }
