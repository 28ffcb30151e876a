import { tensor, type Tensor } from 'tikhonov/tensor'

type Certain = (predicted: readonly number[]) => readonly Tensor[]

const filled = (shape: readonly number[], at: (i: number) => number): Tensor =>
  tensor(Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => at(i)), shape)

const perClass = (shape: readonly number[], make: (label: number) => Tensor): readonly Tensor[] =>
  Array.from({ length: shape[shape.length - 1] }, (_, label) => make(label))

/** What is wanted where every output is class 0, class 1, …, in the three ways of wanting. */
export const certainly: { readonly binary: Certain; readonly oneHot: Certain; readonly labels: Certain } = {
  binary: (shape) => [0, 1].map((y) => filled(shape, () => y)),
  oneHot: (shape) => perClass(shape, (label) => filled(shape, (i) => (i % shape[shape.length - 1] === label ? 1 : 0))),
  labels: (shape) => perClass(shape, (label) => filled(shape.slice(0, -1), () => label))
}
