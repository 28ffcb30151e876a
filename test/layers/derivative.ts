/** Derivatives of a layer with respect to its input and all its parameters, against central differences in float64. */
import { constant, evaluate, gradient, mul, sum, variable, type Expr } from 'tikhonov/expr'
import { run, training, type Layer } from 'tikhonov/layer'

const wave = (n: number, phase: number): readonly number[] =>
  Array.from({ length: n }, (_, i) => Math.sin(2.3 * i + phase) + 0.1 * Math.cos(17 * i))

const sizeOf = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1)

/**
 * The largest |⟨∇, v⟩ − (f(p + hv) − f(p − hv))/2h| over the leaves p, relative to 1 + |⟨∇, v⟩|, in training of a batch of `rows`
 * examples, h = 2⁻¹³. `held` are leaves by path with values that are not moved, such as indices.
 */
export const derivativeError = (
  layer: Layer, rows: number, input: readonly number[], held: Readonly<Record<string, readonly number[]>> = {}
): number => {
  const x = variable('x', [rows, ...input])
  const mode = training(constant(Array.from({ length: rows }, () => 1), [rows]))
  const { y, parameters, state } = run([layer])({ path: '', mode })(x)
  const first = Object.fromEntries(Object.entries<{ readonly initial: (path: string) => Expr }>({ ...parameters, ...state })
    .map(([path, { initial }]) => [path, evaluate(initial(path), {}, { seed: 5 })]))
  const at: Readonly<Record<string, readonly number[]>> = {
    ...Object.fromEntries(Object.entries(first).map(([path, v]) =>
      [path, path in parameters ? v.map((w, i) => w + 0.3 * Math.sin(5 * i + 1)) : v])),
    x: wave(rows * sizeOf(input), 0.7), ...held
  }
  const leaves = ['x', ...Object.keys(parameters)].filter((path) => !(path in held))
  const along = sum(mul(y, constant(wave(sizeOf(y.shape), 2), y.shape)))
  const slopes = gradient(along, leaves.map((path) => variable(path, path === 'x' ? x.shape : parameters[path].shape)))
  const h = 2 ** -13
  const errors = leaves.map((path, k) => {
    const v = wave(at[path].length, 4)
    const value = (t: number) => evaluate(along, { ...at, [path]: at[path].map((p, i) => p + t * v[i]) })[0]
    const slope = evaluate(slopes[k], at).reduce((s, d, i) => s + d * v[i], 0)
    return Math.abs(slope - (value(h) - value(-h)) / (2 * h)) / (1 + Math.abs(slope))
  })
  return errors.some(Number.isNaN) ? Number.NaN : Math.max(...errors)
}
