/**
 * A WebAssembly module as bytes (Haas et al. 2017; the binary format of the core specification, SIMD included). Only what the
 * compiler emits is here.
 */

/** A growing byte buffer: what code is written into. */
export interface Bytes {
  readonly byte: (b: number) => void
  readonly unsigned: (n: number) => void
  readonly signed: (n: number) => void
  readonly float: (x: number) => void
  readonly raw: (bytes: Uint8Array) => void
  readonly take: () => Uint8Array
}

/** An empty buffer. */
export const bytes = (): Bytes => {
  let data = new Uint8Array(1024)
  let length = 0
  const room = (n: number) => {
    if (length + n > data.length) {
      const larger = new Uint8Array(Math.max(data.length * 2, length + n))
      larger.set(data)
      data = larger
    }
  }
  const byte = (b: number) => {
    room(1)
    data[length++] = b
  }
  const unsigned = (n: number) => {
    let rest = n >>> 0
    while (rest > 0x7f) {
      byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    byte(rest)
  }
  const signed = (n: number) => {
    let rest = n | 0
    for (;;) {
      const low = rest & 0x7f
      rest >>= 7
      if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) {
        byte(low)
        return
      }
      byte(low | 0x80)
    }
  }
  const raw = (more: Uint8Array) => {
    room(more.length)
    data.set(more, length)
    length += more.length
  }
  const float = (x: number) => { raw(new Uint8Array(Float32Array.of(x).buffer)) }
  return { byte, unsigned, signed, float, raw, take: () => data.slice(0, length) }
}

/** Types of values on the stack. */
export const valueTypes = { i: 0x7f, f: 0x7d, d: 0x7c, v: 0x7b } as const

/** i: int32, f: float32, d: float64, v: 128 bits. */
export type ValueType = keyof typeof valueTypes

/** Writes instructions. */
export type Code = (out: Bytes) => void

/** A function of a module: parameters, further locals, body. It returns nothing, or one value. */
export interface FunctionCode {
  readonly name: string
  readonly params: readonly ValueType[]
  readonly result?: ValueType
  readonly locals: readonly ValueType[]
  readonly body: Code
}

/** A host function that the module may call. */
export interface HostFunction { readonly name: string; readonly params: readonly ValueType[]; readonly result: ValueType }

const section = (out: Bytes, id: number, write: (body: Bytes) => void): void => {
  const body = bytes()
  write(body)
  const made = body.take()
  out.byte(id)
  out.unsigned(made.length)
  out.raw(made)
}

const text = (out: Bytes, s: string): void => {
  const utf8 = new TextEncoder().encode(s)
  out.unsigned(utf8.length)
  out.raw(utf8)
}

const types = (out: Bytes, list: readonly ValueType[]): void => {
  out.unsigned(list.length)
  list.forEach((t) => { out.byte(valueTypes[t]) })
}

/** The module: imports `host.memory` and host functions (numbered first), exports every function by its name. */
export const encodeModule = (hosts: readonly HostFunction[], functions: readonly FunctionCode[], pages: number): Uint8Array => {
  const out = bytes()
  out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  const signatures = [...hosts, ...functions]
  section(out, 1, (body) => {
    body.unsigned(signatures.length)
    signatures.forEach(({ params, result }) => {
      body.byte(0x60)
      types(body, params)
      types(body, result === undefined ? [] : [result])
    })
  })
  section(out, 2, (body) => {
    body.unsigned(hosts.length + 1)
    text(body, 'host')
    text(body, 'memory')
    body.raw(Uint8Array.of(2, 0))
    body.unsigned(pages)
    hosts.forEach(({ name }, i) => {
      text(body, 'host')
      text(body, name)
      body.byte(0)
      body.unsigned(i)
    })
  })
  section(out, 3, (body) => {
    body.unsigned(functions.length)
    functions.forEach((_, i) => { body.unsigned(hosts.length + i) })
  })
  section(out, 7, (body) => {
    body.unsigned(functions.length)
    functions.forEach(({ name }, i) => {
      text(body, name)
      body.byte(0)
      body.unsigned(hosts.length + i)
    })
  })
  section(out, 10, (body) => {
    body.unsigned(functions.length)
    functions.forEach(({ locals, body: code }) => {
      const one = bytes()
      one.unsigned(locals.length)
      locals.forEach((t) => {
        one.unsigned(1)
        one.byte(valueTypes[t])
      })
      code(one)
      one.byte(0x0b)
      const made = one.take()
      body.unsigned(made.length)
      body.raw(made)
    })
  })
  return out.take()
}
