/** The areas of the library that have laws, and how they are dealt out to test files that run beside each other. */
import type { Area } from './harness.js'
import * as averaging from './averaging.js'
import * as compact from './compact.js'
import * as constraints from './constraints.js'
import * as dropout from './dropout.js'
import * as dropoutFamily from './dropoutFamily.js'
import * as engine from './engine.js'
import * as exact from './exact.js'
import * as expr from './expr.js'
import * as images from './images.js'
import * as initializers from './initializers.js'
import * as layer from './layer.js'
import * as losses from './losses.js'
import * as metrics from './metrics.js'
import * as normalisation from './normalisation.js'
import * as norms from './norms.js'
import * as optimizers from './optimizers.js'
import * as path from './path.js'
import * as penalties from './penalties.js'
import * as probes from './probes.js'
import * as projections from './projections.js'
import * as random from './random.js'
import * as readings from './readings.js'
import * as recurrent from './recurrent.js'
import * as regularizers from './regularizers.js'
import * as scan from './scan.js'
import * as samples from './samples.js'
import * as schedules from './schedules.js'
import * as shapedGradients from './shapedGradients.js'
import * as sparse from './sparse.js'
import * as sparseSteps from './sparseSteps.js'
import * as stream from './stream.js'
import * as structure from './structure.js'
import * as sweep from './sweep.js'
import * as tally from './tally.js'
import * as training from './training.js'
import * as work from './work.js'

/** The areas by the name of their file: `import * as regularizers from './regularizers.js'`. One that is missing fails mutants.test.ts. */
export const areas: Readonly<Record<string, Area>> = {
  averaging,
  compact,
  constraints,
  dropout,
  dropoutFamily,
  engine,
  exact,
  expr,
  images,
  initializers,
  layer,
  losses,
  metrics,
  normalisation,
  norms,
  optimizers,
  path,
  penalties,
  probes,
  projections,
  random,
  readings,
  recurrent,
  regularizers,
  scan,
  samples,
  schedules,
  shapedGradients,
  sparse,
  sparseSteps,
  stream,
  structure,
  sweep,
  tally,
  training,
  work
}

/** All suites and mutants of the house. */
export const house: Area = {
  suites: Object.values(areas).flatMap((area) => area.suites),
  mutants: Object.values(areas).flatMap((area) => area.mutants)
}

/** The shares that the house is dealt out in: `<share>.test.ts` tries it, so that two workers carry the load. */
export const shares = ['first', 'second'] as const

/** Every other suite and mutant: what dealing leaves to a share. */
export const share = (name: typeof shares[number], { suites, mutants }: Area = house): Area => {
  const own = (_: unknown, i: number) => shares[i % shares.length] === name
  return { suites: suites.filter(own), mutants: mutants.filter(own) }
}
