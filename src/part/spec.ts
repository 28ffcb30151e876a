/** A spec is plain data that says which part this is and with which options; parts enter by their own spec. */
import { hyperOf } from '../expr/leaf.js'
import type { Scalar } from '../expr/node.js'
import { print } from '../expr/print.js'

/** What a spec may hold: data that survives JSON. */
export type SpecValue = number | string | boolean | null | readonly SpecValue[] | Spec

/** The kind of a part, named by its function, and its options. */
export interface Spec {
  readonly kind: string
  readonly options: Readonly<Record<string, SpecValue>>
}

/** An option as data: a hyper-parameter by its path, another expression as its printed graph. */
export const valueOf = (x: SpecValue | Scalar): SpecValue => {
  if (typeof x !== 'object' || x === null || !('_tag' in x)) return x
  const hyper = hyperOf(x)
  return hyper === undefined ? { kind: 'expression', options: { graph: print([x]) } } : { kind: 'hyper', options: { path: hyper.path } }
}

/**
 * The spec of a part. Options that are `undefined` are left out; an expression enters as its printed graph.
 * @example
 * ```ts
 * import { spec } from 'tikhonov/layer'
 * spec('dropout', { rate: 0.4 }) // => { kind: 'dropout', options: { rate: 0.4 } }
 * ```
 */
export const spec = (kind: string, options: Readonly<Record<string, SpecValue | Scalar | undefined>> = {}): Spec => ({
  kind,
  options: Object.fromEntries(Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [[name, valueOf(value)]])))
})

/** A value of a spec as people write it. */
export const showValue = (value: SpecValue): string =>
  typeof value !== 'object' || value === null ? String(value)
  : 'kind' in value ? showSpec(value)
  : `[${value.map(showValue).join(', ')}]`

/**
 * A spec as people write it: `l2(lambda 0.001)`.
 * @example
 * ```ts
 * import { showSpec, spec } from 'tikhonov/layer'
 * showSpec(spec('l2', { lambda: 0.001 })) // => 'l2(lambda 0.001)'
 * ```
 */
export const showSpec = ({ kind, options }: Spec): string => {
  const shown = Object.entries(options).map(([name, value]) => `${name} ${showValue(value)}`)
  return shown.length === 0 ? kind : `${kind}(${shown.join(', ')})`
}
