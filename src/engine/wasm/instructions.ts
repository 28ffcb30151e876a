/** The instructions that kernels are made of, as functions of typed expressions: algebra over locals and memory. */
import type { Bytes, Code, ValueType } from './encode.js'

/** A value of one type: code that leaves it on the stack. */
export interface Value<T extends ValueType> { readonly type: T; readonly code: Code }
export type I = Value<'i'>
export type F = Value<'f'>
export type D = Value<'d'>
export type V = Value<'v'>

/** A local: a value that can be set. */
export interface Local<T extends ValueType> extends Value<T> { readonly set: (value: Value<T>) => void }

/** The code of a vector instruction. */
export const simd = (opcode: number): Code => (out) => {
  out.byte(0xfd)
  out.unsigned(opcode)
}
/** The code of an instruction of one byte. */
export const op = (opcode: number): Code => (out) => { out.byte(opcode) }

/** A value, from code that leaves it on the stack. */
export const value = <T extends ValueType>(type: T, ...parts: readonly Code[]): Value<T> =>
  ({ type, code: (out) => { parts.forEach((p) => { p(out) }) } })

const one = <A extends ValueType, R extends ValueType>(result: R, code: Code) => (a: Value<A>): Value<R> => value(result, a.code, code)
const two = <A extends ValueType, R extends ValueType>(result: R, code: Code) => (a: Value<A>, b: Value<A>): Value<R> =>
  value(result, a.code, b.code, code)

/** Where a load or a store takes place: how it is aligned, and how far behind its address. */
export const memory = (out: Bytes, align: number, offset: number): void => {
  out.unsigned(align)
  out.unsigned(offset)
}

/** An int32, or a number that is meant as one. */
export type Int = I | number

export const int = (x: Int): I => (typeof x === 'number' ? i32.of(x) : x)

const ints = (opcode: number) => (a: Int, b: Int): I => value('i', int(a).code, int(b).code, op(opcode))

const sum = ints(0x6a)

/** int32. */
export const i32 = {
  of: (n: number): I => value('i', (out) => {
    out.byte(0x41)
    out.signed(n)
  }),
  add: (a: Int, b: Int): I => (b === 0 ? int(a) : sum(a, b)),
  sub: ints(0x6b),
  mul: ints(0x6c),
  /** Quotient and remainder of two without a sign. */
  div: ints(0x6e),
  rem: ints(0x70),
  xor: ints(0x73),
  less: ints(0x49),
  equal: ints(0x46),
  differ: ints(0x47),
  and: ints(0x71),
  load: (at: Int, offset = 0): I => value('i', int(at).code, op(0x28), (out) => { memory(out, 2, offset) }),
  /** Whole numbers from float32, towards 0; NaN gives 0, what is too large the largest. */
  ofFloat: one<'f', 'i'>('i', (out) => { out.raw(Uint8Array.of(0xfc, 0)) }),
  choose: (condition: I, a: Int, b: Int): I => value('i', int(a).code, int(b).code, condition.code, op(0x1b)),
  /** The smaller and the larger of two without a sign; each is read twice. */
  min: (a: Int, b: Int): I => i32.choose(i32.less(a, b), a, b),
  max: (a: Int, b: Int): I => i32.choose(i32.less(a, b), b, a),
  not: one<'i', 'i'>('i', op(0x45))
}

/** float32. */
export const f32 = {
  of: (x: number): F => value('f', (out) => {
    out.byte(0x43)
    out.float(x)
  }),
  load: (at: Int, offset = 0): F => value('f', int(at).code, op(0x2a), (out) => { memory(out, 2, offset) }),
  max: two<'f', 'f'>('f', op(0x97)),
  add: two<'f', 'f'>('f', op(0x92)),
  equal: two<'f', 'i'>('i', op(0x5b)),
  ofInt: one<'i', 'f'>('f', op(0xb2))
}

/** Four float32. */
export const f4 = {
  load: (at: Int, offset = 0): V => value('v', int(at).code, simd(0x00), (out) => { memory(out, 2, offset) }),
  loadSplat: (at: Int, offset = 0): V => value('v', int(at).code, simd(0x09), (out) => { memory(out, 2, offset) }),
  lane: (a: V, lane: number): F => value('f', a.code, simd(0x1f), op(lane)),
  withLane: (a: V, lane: number, x: F): V => value('v', a.code, x.code, simd(0x20), op(lane)),
  add: two<'v', 'v'>('v', simd(0xe4)),
  sub: two<'v', 'v'>('v', simd(0xe5)),
  mul: two<'v', 'v'>('v', simd(0xe6)),
  div: two<'v', 'v'>('v', simd(0xe7)),
  min: two<'v', 'v'>('v', simd(0xe8)),
  max: two<'v', 'v'>('v', simd(0xe9)),
  /** b < a ? b : a, one instruction: where b is NaN it is a, where a is NaN it is a. */
  minOr: two<'v', 'v'>('v', simd(0xea)),
  /** a < b ? b : a, likewise. */
  maxOr: two<'v', 'v'>('v', simd(0xeb)),
  sqrt: one<'v', 'v'>('v', simd(0xe3)),
  neg: one<'v', 'v'>('v', simd(0xe1)),
  abs: one<'v', 'v'>('v', simd(0xe0)),
  floor: one<'v', 'v'>('v', simd(0x68)),
  equal: two<'v', 'v'>('v', simd(0x41)),
  differ: two<'v', 'v'>('v', simd(0x42)),
  less: two<'v', 'v'>('v', simd(0x43)),
  greater: two<'v', 'v'>('v', simd(0x44)),
  atMost: two<'v', 'v'>('v', simd(0x45)),
  ofInt: one<'v', 'v'>('v', simd(0xfa)),
  /** Two float64 as float32 in the lower two lanes, 0 above. */
  demote: one<'v', 'v'>('v', simd(0x5e)),
  /** The lower two as float64. */
  promoteLow: one<'v', 'v'>('v', simd(0x5f))
}

/** Two float64. */
export const f8 = {
  add: two<'v', 'v'>('v', simd(0xf0)),
  sub: two<'v', 'v'>('v', simd(0xf1)),
  mul: two<'v', 'v'>('v', simd(0xf2)),
  div: two<'v', 'v'>('v', simd(0xf3)),
  minOr: two<'v', 'v'>('v', simd(0xf6)),
  maxOr: two<'v', 'v'>('v', simd(0xf7)),
  nearest: one<'v', 'v'>('v', simd(0x94)),
  lane: (a: V, lane: number): D => value('d', a.code, simd(0x21), op(lane)),
  /** Both added up, as float32; it is read twice. */
  total: (a: V): F => value('f', f8.lane(a, 0).code, f8.lane(a, 1).code, op(0xa0), op(0xb6))
}

/** Two int64. */
export const i8 = {
  add: two<'v', 'v'>('v', simd(0xce)),
  shiftLeft: (a: V, n: number): V => value('v', a.code, i32.of(n).code, simd(0xcb))
}

/** Four int32. */
export const i4 = {
  splat: one<'i', 'v'>('v', simd(0x11)),
  equal: two<'v', 'v'>('v', simd(0x37)),
  lane: (a: V, lane: number): I => value('i', a.code, simd(0x1b), op(lane)),
  add: two<'v', 'v'>('v', simd(0xae)),
  sub: two<'v', 'v'>('v', simd(0xb1)),
  shiftLeft: (a: V, n: number): V => value('v', a.code, i32.of(n).code, simd(0xab)),
  shiftRight: (a: V, n: number): V => value('v', a.code, i32.of(n).code, simd(0xad)),
  shiftRightSigned: (a: V, n: number): V => value('v', a.code, i32.of(n).code, simd(0xac)),
  rotl: (a: V, n: number): V => v.or(i4.shiftLeft(a, n), i4.shiftRight(a, 32 - n))
}

/** 128 bits. */
export const v = {
  and: two<'v', 'v'>('v', simd(0x4e)),
  or: two<'v', 'v'>('v', simd(0x50)),
  xor: two<'v', 'v'>('v', simd(0x51)),
  not: one<'v', 'v'>('v', simd(0x4d)),
  /** Bits of a that are not in b. */
  andNot: two<'v', 'v'>('v', simd(0x4f)),
  /** 1 where any bit is 1, else 0. */
  any: one<'v', 'i'>('i', simd(0x53)),
  /** Bits of a where the mask is 1, else of b. */
  select: (mask: V, a: V, b: V): V => value('v', a.code, b.code, mask.code, simd(0x52)),
  /** Lanes of a and b by number: 0–3 of a, 4–7 of b. */
  shuffle: (a: V, b: V, lanes: readonly [number, number, number, number]): V => value('v', a.code, b.code, simd(0x0d), (out) => {
    lanes.forEach((lane) => { [0, 1, 2, 3].forEach((byte) => { out.byte(lane * 4 + byte) }) })
  }),
  constant: (lanes: readonly [number, number, number, number]): V =>
    value('v', simd(0x0c), (out) => { out.raw(new Uint8Array(Int32Array.from(lanes).buffer)) }),
  zero: value('v', simd(0x0c), (out) => { out.raw(new Uint8Array(16)) }),
  /** Ones in the first so many lanes. */
  first: (lanes: number): V => v.constant([-1, lanes > 1 ? -1 : 0, lanes > 2 ? -1 : 0, lanes > 3 ? -1 : 0])
}
