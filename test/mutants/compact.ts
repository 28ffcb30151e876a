/** Mutants of making a model smaller. */
import { either as E, function as F } from 'fp-ts'
import type { ByPath, Layer, Mixed, Narrowing } from 'tikhonov/layer'
import { compactLaws, type Compacting } from 'tikhonov/laws'
import { compact, type Compacted, type Model } from 'tikhonov/model'
import { tensor, type Tensor } from 'tikhonov/tensor'
import type { Mutant } from './harness.js'

const oneEdit = 'one edit'

/** Layers that say something else of their units, until the model is made smaller. */
const telling = (say: (of: Narrowing | undefined, layer: Layer) => Narrowing | undefined): Compacting => (model, values, options) => {
  const told = model.layers.map((layer): Layer => {
    const narrowing = say(layer.narrowing, layer)
    return narrowing === layer.narrowing ? layer : { ...layer, narrowing }
  })
  const back = (layer: Layer, i: number): Layer => (layer === told[i] ? model.layers[i] : layer)
  return F.pipe(compact({ ...model, layers: told }, values, options), E.map((c) => {
    const same = c.model.layers.every((layer, i) => layer === told[i]) && c.model.input.join() === model.input.join()
    return { ...c, model: same ? model : { ...c.model, layers: c.model.layers.map(back) } }
  }))
}

const mixing = (edit: (of: Mixed) => Mixed): Compacting => telling((of) => (of?._tag === 'Mixed' ? edit(of) : of))

/** Another result. */
const saying = (edit: (c: Compacted, model: Model, values: ByPath<Tensor>) => Compacted): Compacting => (model, values, options) =>
  E.map((c: Compacted) => edit(c, model, values))(compact(model, values, options))

/** The first places of a vector that are as many as there should be, where a path is meant. */
const firstOf = (meant: (path: string) => boolean): Compacting => saying((c, _, values) => ({
  ...c,
  values: Object.fromEntries(Object.entries(c.values).map(([path, t]) =>
    [path, meant(path) && t.shape.length === 1 ? tensor(Float64Array.from(values[path].data.slice(0, t.data.length))) : t]))
}))

/** Makes the first layer smaller that can be, and leaves the others for the next time. */
const oneAtATime: Compacting = (model, values, options) => {
  const attempts = model.layers.map((only) => telling((of, layer) =>
    (of?._tag === 'Mixed' && layer !== only ? { ...of, units: undefined } : of?._tag === 'Rows' && layer !== only ? undefined : of)))
  const whole = compact(model, values, options)
  return attempts.map((attempt) => attempt(model, values, options))
    .find((c) => E.isRight(c) && Object.keys(c.right.removed).length > 0) ?? whole
}

const named = (name: string, law: string, of: Compacting, origin = oneEdit): Mutant => ({ name, origin, law, suite: () => compactLaws(of) })

const kept = (how: string): string => `keeps its predictions ${how}`

export const mutants: readonly Mutant[] = [
  named('forgets to fold a constant into the bias', kept('into a bias'), firstOf((path) => path.endsWith('/bias')),
    'pruning by outgoing weights alone'),
  named('folds through padding', kept('where a convolution sees zeros'), mixing((of) => ({ ...of, padded: false })),
    'batch-norm folding in converters'),
  named('forgets the batch normalisation', kept('through batch normalisation'), firstOf((path) => path.includes('batchNormalization'))),
  named('flattens by blocks of channels', kept('through pooling and flatten'), telling((of, { spec }) =>
    (spec.kind === 'flatten' && of?._tag === 'Each' ? { ...of, source: (unit, inputs) => Math.floor(unit / inputs) % inputs } : of)),
  'channels first'),
  named('kernels of a channel lie beside those of others', kept('through depthwise convolution'), telling((of, { spec }) =>
    (spec.kind === 'depthwiseConv2d' && of?._tag === 'Each' ? { ...of, source: (unit, inputs) => unit % inputs } : of))),
  named('makes a residual block of its old layers', kept('around a residual block'), telling((of, layer) =>
    (of?._tag === 'Rows' ? { ...of, of: () => layer } : of))),
  named('takes the first values of every parameter', kept('in any order of layers'), saying((c, _, values) => ({
    ...c,
    values: Object.fromEntries(Object.entries(c.values).map(([path, t]) =>
      [path, t === values[path] ? t : tensor(values[path].data.slice(0, t.data.length), t.shape)]))
  }))),
  named('keeps every unit', 'removes what is dead', mixing((of) => ({ ...of, units: undefined }))),
  named('tells nothing', 'tells what is gone', saying((c) => ({ ...c, removed: {} }))),
  named('one layer at a time', 'is idempotent', oneAtATime),
  named('makes everything anew', 'leaves a model without zeros', saying((c) => ({ ...c, model: { ...c.model }, values: { ...c.values } }))),
  named('forgets the first input that is read', 'knows the inputs that are read',
    saying((c) => ({ ...c, inputs: c.inputs.length > 1 ? c.inputs.slice(1) : c.inputs })))
]

export const suites = [compactLaws(compact)]
