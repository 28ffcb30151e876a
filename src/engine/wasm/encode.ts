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
  readonly length: () => number
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
  return { byte, unsigned, signed, float, raw, length: () => length, take: () => data.slice(0, length) }
}

/** Types of values on the stack. */
export const valueTypes = { i: 0x7f, f: 0x7d, d: 0x7c, v: 0x7b } as const

/** i: int32, f: float32, d: float64, v: 128 bits. */
export type ValueType = keyof typeof valueTypes

/** Writes instructions. */
export type Code = (out: Bytes) => void

/** A call within a function: where its number stands in the code, to be filled in when functions are numbered. */
export interface Call { readonly at: number; readonly to: FunctionCode }

/**
 * A constant of 128 bits: where the number of its global stands in the code. A global that might change is read where it is written to be
 * read; a constant in the code would be made again, in three instructions, wherever it is used.
 */
export interface Constant { readonly at: number; readonly bits: Uint8Array }

/** A function: parameters, further locals, code without its end. It returns nothing. */
export interface FunctionCode {
  readonly params: readonly ValueType[]
  readonly locals: readonly ValueType[]
  readonly code: Uint8Array
  readonly calls: readonly Call[]
  readonly constants: readonly Constant[]
}

/** Room for the number of a function or a global: five bytes, so that any number fits. */
export const unnumbered = Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0)

const numbered = (
  { code, calls, constants }: FunctionCode,
  numberOf: (f: FunctionCode) => number,
  globalOf: (bits: Uint8Array) => number
): Uint8Array => {
  const made = code.slice()
  const put = (at: number, n: number): void => {
    for (let byte = 0; byte < 5; byte++) made[at + byte] = ((n >>> (7 * byte)) & 0x7f) | (byte < 4 ? 0x80 : 0)
  }
  for (const { at, to } of calls) put(at, numberOf(to))
  for (const { at, bits } of constants) put(at, globalOf(bits))
  return made
}

/** Every function that these call, and these, once. */
const reachable = (entries: readonly FunctionCode[]): readonly FunctionCode[] => {
  const found = new Set<FunctionCode>()
  const visit = (f: FunctionCode): void => {
    if (found.has(f)) return
    f.calls.forEach(({ to }) => { visit(to) })
    found.add(f)
  }
  entries.forEach(visit)
  return [...found]
}

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

/** How much memory a module is given, in pages of 64 KiB, and whether threads share it. */
export interface Limits { readonly pages: number; readonly shared: boolean }

/** The module: imports `host.memory`, exports the entries by their place in the list, and holds all that they call. */
export const encodeModule = (entries: readonly FunctionCode[], { pages, shared }: Limits): Uint8Array => {
  const functions = reachable(entries)
  const numbers = new Map(functions.map((f, i) => [f, i]))
  const numberOf = (f: FunctionCode): number => numbers.get(f) ?? 0
  const globals = new Map(functions.flatMap((f) => f.constants).map(({ bits }) => [bits.join(), bits]))
  const globalNumbers = new Map([...globals.keys()].map((key, i) => [key, i]))
  const globalOf = (bits: Uint8Array): number => globalNumbers.get(bits.join()) ?? 0
  const signatures = [...new Set(functions.map((f) => f.params.join('')))]
  const out = bytes()
  out.raw(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
  section(out, 1, (body) => {
    body.unsigned(signatures.length)
    signatures.forEach((params) => {
      body.byte(0x60)
      body.unsigned(params.length)
      for (const t of params) body.byte(valueTypes[t as ValueType])
      body.unsigned(0)
    })
  })
  section(out, 2, (body) => {
    body.unsigned(1)
    text(body, 'host')
    text(body, 'memory')
    body.byte(2)
    body.byte(shared ? 3 : 0)
    body.unsigned(pages)
    if (shared) body.unsigned(pages)
  })
  section(out, 3, (body) => {
    body.unsigned(functions.length)
    functions.forEach((f) => { body.unsigned(signatures.indexOf(f.params.join(''))) })
  })
  if (globals.size > 0) {
    section(out, 6, (body) => {
      body.unsigned(globals.size)
      globals.forEach((bits) => {
        body.raw(Uint8Array.of(valueTypes.v, 1, 0xfd, 0x0c))
        body.raw(bits)
        body.byte(0x0b)
      })
    })
  }
  section(out, 7, (body) => {
    body.unsigned(entries.length)
    entries.forEach((f, i) => {
      text(body, String(i))
      body.byte(0)
      body.unsigned(numberOf(f))
    })
  })
  section(out, 10, (body) => {
    body.unsigned(functions.length)
    functions.forEach((f) => {
      const one = bytes()
      one.unsigned(f.locals.length)
      f.locals.forEach((t) => {
        one.unsigned(1)
        one.byte(valueTypes[t])
      })
      one.raw(numbered(f, numberOf, globalOf))
      one.byte(0x0b)
      const made = one.take()
      body.unsigned(made.length)
      body.raw(made)
    })
  })
  return out.take()
}
