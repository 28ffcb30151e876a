/** Layers as data, within the spec of a layer that holds them. */
import { spec, type Spec } from '../part/spec.js'
import type { Layer } from './layer.js'

/** The spec of a layer, with its own name where it has one. */
export const specOf = ({ spec: own, name }: Layer): Spec => (name === undefined ? own : spec('named', { name, layer: own }))
