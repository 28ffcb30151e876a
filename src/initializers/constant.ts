/** Constant first values. */
import { broadcast } from '../expr/broadcast.js'
import { finite } from '../part/checks.js'
import { spec } from '../part/spec.js'
import type { Initializer } from './initializer.js'

/** The same number everywhere. */
export const constant = (value: number): Initializer => ({
  _tag: 'Initializer',
  spec: spec('constant', { value }),
  issues: finite('value', value),
  initial: (shape) => () => broadcast(value, shape)
})

/** 0 everywhere: the default of biases. */
export const zeros: Initializer = constant(0)

/** 1 everywhere. */
export const ones: Initializer = constant(1)
