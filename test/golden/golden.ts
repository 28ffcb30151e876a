/** Golden vectors: inputs and expected values made by an independent implementation in float64, see ORIGIN.txt beside them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tensor, type Tensor } from 'tikhonov/tensor'

/** How far a number may be from the expected one: |got − expected| ≤ atol + rtol·|expected|, element by element. */
export interface Tolerance {
  readonly rtol: number
  readonly atol: number
}

/** One file: a case with its configuration, inputs and expected values, all by name. */
export interface Golden extends Tolerance {
  readonly name: string
  readonly description: string
  /** The shapes' meaning, for example `x[batch,in] W[in,out]`. */
  readonly layout: string
  /** float32: values are rounded to float32, the tolerance is for either precision. float64: it is for float64, see `forFloat32`. */
  readonly dtype: 'float32' | 'float64'
  readonly config: Readonly<Record<string, unknown>>
  readonly inputs: Readonly<Record<string, Tensor>>
  readonly expected: Readonly<Record<string, Tensor>>
}

/** The tolerance for a float32 engine on a float64 case: trajectories drift, √v near 0 in Adam amplifies. */
export const forFloat32: Tolerance = { rtol: 2e-3, atol: 2e-4 }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && value.every((x) => typeof x === 'number')

const refuse = (what: string, found: unknown): never => {
  throw new TypeError(`${what}: ${JSON.stringify(found)?.slice(0, 80) ?? 'missing'}`)
}

const text = (what: string, value: unknown): string => (typeof value === 'string' ? value : refuse(`${what} is no text`, value))
const positive = (what: string, value: unknown): number =>
  typeof value === 'number' && value > 0 ? value : refuse(`${what} is no positive number`, value)
const record = (what: string, value: unknown) => (isRecord(value) ? value : refuse(`${what} is no record`, value))
const precision = (what: string, value: unknown) =>
  value === 'float32' || value === 'float64' ? value : refuse(`${what} is no precision`, value)

const toTensor = (what: string, value: unknown): Tensor => {
  const { shape, data } = record(what, value)
  return isNumbers(shape) && isNumbers(data) ? tensor(Float64Array.from(data), shape) : refuse(`${what} is no tensor`, value)
}

const tensors = (what: string, value: unknown): Readonly<Record<string, Tensor>> =>
  Object.fromEntries(Object.entries(record(what, value)).map(([name, each]) => [name, toTensor(`${what}.${name}`, each)]))

const found = <A>(what: string, by: Readonly<Record<string, A>>, name: string): A =>
  Object.hasOwn(by, name) ? by[name] : refuse(`no ${what} "${name}", only`, Object.keys(by).join(', '))

/** A case by its name, which is its file's: `golden('opt_adam_keras')`. A missing or misshapen file is a TypeError or an ENOENT. */
export const golden = (name: string): Golden => {
  const file: unknown = JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'))
  const all = record(name, file)
  return {
    name: text(`${name}.case`, all.case),
    description: text(`${name}.description`, all.description),
    layout: text(`${name}.layout`, all.layout),
    dtype: precision(`${name}.dtype`, all.dtype),
    rtol: positive(`${name}.rtol`, all.rtol),
    atol: positive(`${name}.atol`, all.atol),
    config: record(`${name}.config`, all.config),
    inputs: tensors(`${name}.inputs`, all.inputs),
    expected: tensors(`${name}.expected`, all.expected)
  }
}

/** An input of a case; a name that it has not is a TypeError that lists those it has. */
export const input = (from: Golden, name: string): Tensor => found(`input of ${from.name}`, from.inputs, name)

/** An expected value of a case; a name that it has not is a TypeError that lists those it has. */
export const expected = (from: Golden, name: string): Tensor => found(`expected value of ${from.name}`, from.expected, name)

/** A positive number of a case's configuration, such as `lr` or `beta1`. */
export const setting = (from: Golden, name: string): number =>
  positive(`${from.name}.config.${name}`, found(`setting of ${from.name}`, from.config, name))

/** What is compared: a tensor, or a number for a tensor of one element without axes. */
export type Got = Tensor | number

const asTensor = (got: Got): Tensor => (typeof got === 'number' ? tensor(got) : got)

const position = (index: number, shape: readonly number[]): string =>
  `[${shape.map((n, axis) => Math.floor(index / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % n).join(', ')}]`

/**
 * Where and how two tensors differ beyond the tolerance, `undefined` where they do not: shape first, then the worst element and their
 * number.
 */
export const differences = (got: Got, wanted: Got, { rtol, atol }: Tolerance): string | undefined => {
  const [a, b] = [asTensor(got), asTensor(wanted)]
  if (a.shape.length !== b.shape.length || a.shape.some((n, i) => n !== b.shape[i])) {
    return `got the shape [${a.shape.join(', ')}], expected [${b.shape.join(', ')}]`
  }
  const excess = Array.from(b.data, (want, i) => {
    const off = Math.abs(a.data[i] - want) / (atol + rtol * Math.abs(want))
    return Object.is(a.data[i], want) ? 0 : Number.isNaN(off) ? Infinity : off
  })
  const worst = excess.reduce((best, each, i) => (each > excess[best] ? i : best), 0)
  return excess.some((each) => each > 1)
    ? `${excess.filter((each) => each > 1).length} of ${excess.length} elements differ, the worst at ${position(worst, b.shape)}: ` +
      `got ${a.data[worst]}, expected ${b.data[worst]}, ${excess[worst].toPrecision(3)} times the tolerance`
    : undefined
}

/** Asserts that a value is the expected one of a case, within the case's tolerance or another. */
export const expectGolden = (from: Golden, name: string, got: Got, tolerance: Tolerance = from): void => {
  const differs = differences(got, expected(from, name), tolerance)
  if (differs !== undefined) throw new Error(`${from.name}.${name}: ${differs}`)
}
