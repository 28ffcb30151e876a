/** The number of values of a shape at the type level: long multiplication of decimal literals, digit by digit. */

type Units = {
  '0': []; '1': [0]; '2': [0, 0]; '3': [0, 0, 0]; '4': [0, 0, 0, 0]; '5': [0, 0, 0, 0, 0]; '6': [0, 0, 0, 0, 0, 0]
  '7': [0, 0, 0, 0, 0, 0, 0]; '8': [0, 0, 0, 0, 0, 0, 0, 0]; '9': [0, 0, 0, 0, 0, 0, 0, 0, 0]
}
type Digit = keyof Units
type Unary = readonly 0[]

/** A tuple A written B times over: its length is the product of two digits. */
type Repeat<A extends Unary, B extends Digit> = {
  '0': []; '1': A; '2': [...A, ...A]; '3': [...A, ...A, ...A]; '4': [...A, ...A, ...A, ...A]; '5': [...A, ...A, ...A, ...A, ...A]
  '6': [...A, ...A, ...A, ...A, ...A, ...A]; '7': [...A, ...A, ...A, ...A, ...A, ...A, ...A]
  '8': [...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A]; '9': [...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A, ...A]
}[B]

/** The digits of a whole number, lowest first; `never` for a sign, a fraction or an exponent. */
type Digits<T extends string, Acc extends readonly Digit[] = []> =
  T extends `${infer D extends Digit}${infer Rest}` ? Digits<Rest, [D, ...Acc]> : T extends '' ? Acc : never

type Text<D extends readonly Digit[], Acc extends string = ''> =
  D extends readonly [infer Low extends Digit, ...infer Rest extends readonly Digit[]] ? Text<Rest, `${Low}${Acc}`> : Acc

type Trim<T extends string> = T extends `0${infer Rest}` ? Rest extends '' ? T : Trim<Rest> : T

/** A length of at most 99 (9·9 + 9 + 9) as [tens, ones]. */
type Split<L> = L extends number ? `${L}` extends `${infer T extends Digit}${infer O extends Digit}` ? [T, O] : ['0', `${L}`] : never

/** sum + a·digit, all lowest digit first, with a carry. */
type AddRow<
  A extends readonly Digit[], D extends Digit, Sum extends readonly Digit[], Carry extends Digit = '0', Acc extends readonly Digit[] = []
> = A extends readonly [infer A0 extends Digit, ...infer AR extends readonly Digit[]]
  ? Sum extends readonly [infer S0 extends Digit, ...infer SR extends readonly Digit[]]
    ? Split<[...Repeat<Units[A0], D>, ...Units[S0], ...Units[Carry]]['length']> extends [infer T extends Digit, infer O extends Digit]
      ? AddRow<AR, D, SR, T, [...Acc, O]>
      : never
    : AddRow<A, D, ['0'], Carry, Acc>
  : [...Acc, Carry]

/** a·b by rows; the digits of b that are done leave one finished digit each. */
type Rows<
  A extends readonly Digit[], B extends readonly Digit[], Sum extends readonly Digit[] = ['0'], Done extends readonly Digit[] = []
> =
  B extends readonly [infer B0 extends Digit, ...infer BR extends readonly Digit[]]
    ? AddRow<A, B0, Sum> extends [infer Low extends Digit, ...infer High extends readonly Digit[]]
      ? Rows<A, BR, High, [...Done, Low]>
      : never
    : [...Done, ...Sum]

type Parse<T extends string> = T extends `${infer N extends number}` ? N : number

/** a·b of two literal whole numbers; `number` where one is not literal, not whole, or the product is beyond 2⁵³. */
export type Times<A extends number, B extends number> =
  number extends A | B ? number
    : A extends 1 ? B
      : B extends 1 ? A
        : [Digits<`${A}`>] extends [never] ? number
          : [Digits<`${B}`>] extends [never] ? number
            : Parse<Trim<Text<Rows<Digits<`${A}`>, Digits<`${B}`>>>>>

/** The product of the sizes of a shape: `Product<readonly [28, 28, 3]>` is `2352`; `number` where a size or the rank is not literal. */
export type Product<S, Acc extends number = 1> =
  S extends readonly [infer N extends number, ...infer Rest]
    ? number extends N ? number : Product<Rest, Times<Acc, N>>
    : S extends readonly [] ? Acc : number
