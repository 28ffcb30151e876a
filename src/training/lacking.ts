/** What a batch from outside lacks, whatever its type says: what is not there cannot be read to find out what is wrong with it. */
import { issue, type Issue } from '../part/issue.js'

/** What anything may have. */
type Parts = Readonly<Partial<Record<string, unknown>>> | null | undefined

const shown = (value: unknown): string =>
  value === undefined || value === null ? String(value)
  : Array.isArray(value) ? 'an array'
  : typeof value === 'object' ? 'another object' : `a ${typeof value}`

/** Whether a value has a shape, and blocks of numbers of these names. */
const has = (names: readonly string[], value: unknown): boolean => {
  const parts = value as Parts
  return Array.isArray(parts?.shape) && names.every((name) => ArrayBuffer.isView(parts[name]))
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const tensor = 'a tensor, its data a typed array'

const lack = (inputs: readonly string[], allowed: string) => (batch: unknown): readonly Issue[] => {
  if (!isObject(batch)) return [issue('batch', shown(batch), 'a batch, { x, y }')]
  const { x, y, weight, hyper } = batch as Readonly<Partial<Record<string, unknown>>>
  return [
    ...(has(inputs, x) ? [] : [issue('batch/x', shown(x), allowed)]),
    ...(has(['data'], y) ? [] : [issue('batch/y', shown(y), tensor)]),
    ...(weight === undefined || (isObject(weight) && 'length' in weight) ? []
      : [issue('batch/weight', shown(weight), 'a list of numbers')]),
    ...(hyper === undefined || isObject(hyper) ? [] : [issue('batch/hyper', shown(hyper), 'numbers by name')])
  ]
}

/** What a batch of tensors lacks. */
export const lacking = lack(['data'], tensor)

/** What a batch of sparse rows lacks. */
export const lackingRows = lack(['offsets', 'indices', 'values'], 'sparse rows')
