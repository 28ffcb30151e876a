/**
 * Functions while they are written: locals, loops, stores and calls, on top of the encoder. A function is built once; its constants are
 * set before anything else, so that loops find them in registers.
 */
import { bytes, unnumbered, type Call, type Code, type Constant, type FunctionCode, type ValueType } from './encode.js'
import { f4, i32, int, memory, op, simd, value, type F, type I, type Int, type Local, type V, type Value } from './instructions.js'

/** A function while it is written. */
export interface Writer {
  readonly local: <T extends ValueType>(type: T) => Local<T>
  /** A local that holds a value computed here. */
  readonly keep: <T extends ValueType>(value: Value<T>) => Local<T>
  /** The same float32 in four lanes, set once at the beginning of the function. */
  readonly all: (x: number) => V
  /** The same int32 in four lanes, set once at the beginning of the function. */
  readonly allInt: (n: number) => V
  /** The same float64 in two lanes, set once at the beginning of the function. */
  readonly both: (x: number) => V
  /** a·b + sum: rounded twice, or once where relaxed SIMD fuses it. */
  readonly madd: (a: V, b: V, sum: V) => V
  readonly emit: (code: Code) => void
  readonly store: (at: Int, offset: number, x: V) => void
  /** The first `lanes` lanes only. */
  readonly storePart: (at: Int, offset: number, x: V, lanes: number) => void
  readonly storeFloat: (at: Int, offset: number, x: F) => void
  readonly storeInt: (at: Int, offset: number, x: I) => void
  /** One lane. */
  readonly storeLane: (at: Int, offset: number, x: V, lane: number) => void
  /** So many bytes from one place to another that do not overlap. */
  readonly copy: (to: Int, from: Int, bytes: Int) => void
  /** So many bytes of 0. */
  readonly clear: (at: Int, bytes: Int) => void
  /** for (i = from; i < to; i += step), tested at the top. */
  readonly range: (from: Int, to: Int, step: number, body: (i: Local<'i'>) => void) => void
  /**
   * Pointers side by side, moved before the body is done `count` times; the first step is not 0. Moved there and not behind the body,
   * what they point to is loaded without a copy of them, and the branch back is not crowded.
   */
  readonly walk: (count: number, pointers: readonly (readonly [Local<'i'>, number])[], body: () => void) => void
  /** if (condition) … */
  readonly when: (condition: I, body: () => void) => void
  readonly call: (to: FunctionCode, args: readonly (Value<ValueType> | number)[]) => void
}

/** Makes a function of a module from what writes it. */
export interface Write {
  (params: readonly ValueType[], body: (w: Writer, params: readonly Local<'i'>[]) => void): FunctionCode
  /** Whether one instruction multiplies and adds. */
  readonly fused: boolean
}

const written = (relaxed: boolean, params: Parameters<Write>[0], body: Parameters<Write>[1]): FunctionCode => {
  const locals: ValueType[] = []
  const [prologue, main] = [bytes(), bytes()]
  const constants = new Map<string, Local<'v'>>()
  const calls: Call[] = []
  const at = <T extends ValueType>(type: T, index: number): Local<T> => ({
    type,
    code: (out) => {
      out.byte(0x20)
      out.unsigned(index)
    },
    set: (x) => {
      x.code(main)
      main.byte(0x21)
      main.unsigned(index)
    }
  })
  const local = <T extends ValueType>(type: T): Local<T> => {
    locals.push(type)
    return at(type, params.length + locals.length - 1)
  }
  const used: Constant[] = []
  const constant = (key: string, bits: ArrayBuffer): V => {
    const known = constants.get(key)
    if (known !== undefined) return known
    const made = local('v')
    prologue.byte(0x23)
    used.push({ at: prologue.length(), bits: new Uint8Array(bits) })
    prologue.raw(unnumbered)
    prologue.byte(0x21)
    prologue.unsigned(params.length + locals.length - 1)
    constants.set(key, made)
    return made
  }
  const emit = (code: Code) => { code(main) }
  const range: Writer['range'] = (from, to, step, inside) => {
    const i = local('i')
    i.set(int(from))
    main.raw(Uint8Array.of(0x03, 0x40))
    i32.less(i, int(to)).code(main)
    main.raw(Uint8Array.of(0x04, 0x40))
    inside(i)
    i.set(i32.add(i, step))
    main.raw(Uint8Array.of(0x0c, 1, 0x0b, 0x0b))
  }
  const walk: Writer['walk'] = (count, pointers, inside) => {
    const [[first, step]] = pointers
    const last = w.keep(i32.add(first, (count - 1) * step))
    const move = (sign: number) => { pointers.forEach(([p, by]) => { p.set(i32.add(p, sign * by)) }) }
    move(-1)
    main.raw(Uint8Array.of(0x03, 0x40))
    i32.differ(first, last).code(main)
    main.raw(Uint8Array.of(0x04, 0x40))
    move(1)
    inside()
    main.raw(Uint8Array.of(0x0c, 1, 0x0b, 0x0b))
  }
  const stored = (opcode: Code, align: number) => (to: Int, offset: number, x: Value<ValueType>): void => {
    int(to).code(main)
    x.code(main)
    opcode(main)
    memory(main, align, offset)
  }
  const laned = (opcode: number): Writer['storeLane'] => (to, offset, x, lane) => {
    stored(simd(opcode), 2)(to, offset, x)
    main.byte(lane)
  }
  const w: Writer = {
    local,
    keep: (x) => {
      const made = local(x.type)
      made.set(x)
      return made
    },
    all: (x) => constant(`f${Object.is(x, -0) ? '-0' : x}`, Float32Array.of(x, x, x, x).buffer),
    allInt: (n) => constant(`i${n}`, Int32Array.of(n, n, n, n).buffer),
    both: (x) => constant(`d${Object.is(x, -0) ? '-0' : x}`, Float64Array.of(x, x).buffer),
    madd: relaxed ? (a, b, sum) => value('v', a.code, b.code, sum.code, simd(0x105)) : (a, b, sum) => f4.add(f4.mul(a, b), sum),
    emit,
    store: stored(simd(0x0b), 2),
    storePart: (to, offset, x, lanes) => {
      if (lanes === 4) {
        w.store(to, offset, x)
        return
      }
      const kept = w.keep(x)
      if (lanes >= 2) laned(0x5b)(to, offset, kept, 0)
      if (lanes % 2 === 1) w.storeLane(to, offset + (lanes - 1) * 4, kept, lanes - 1)
    },
    storeFloat: stored(op(0x38), 2),
    storeInt: stored(op(0x36), 2),
    storeLane: laned(0x5a),
    copy: (to, from, length) => {
      for (const x of [to, from, length]) int(x).code(main)
      main.raw(Uint8Array.of(0xfc, 10, 0, 0))
    },
    clear: (at, length) => {
      for (const x of [at, 0, length]) int(x).code(main)
      main.raw(Uint8Array.of(0xfc, 11, 0))
    },
    range,
    walk,
    when: (condition, inside) => {
      condition.code(main)
      main.raw(Uint8Array.of(0x04, 0x40))
      inside()
      main.byte(0x0b)
    },
    call: (to, args) => {
      for (const a of args) (typeof a === 'number' ? i32.of(a) : a).code(main)
      main.byte(0x10)
      calls.push({ at: main.length(), to })
      main.raw(unnumbered)
    }
  }
  body(w, params.map((_, i) => at('i', i)))
  const [before, after] = [prologue.take(), main.take()]
  const code = new Uint8Array(before.length + after.length)
  code.set(before)
  code.set(after, before.length)
  return { params, locals, code, constants: used, calls: calls.map(({ at: offset, to }) => ({ at: before.length + offset, to })) }
}

/** How functions are written: with relaxed SIMD's fused multiply-add (its rounding is the hardware's), or with plain SIMD only. */
export const assembler = ({ relaxed }: { readonly relaxed: boolean }): Write =>
  Object.assign((...of: Parameters<Write>) => written(relaxed, ...of), { fused: relaxed })
