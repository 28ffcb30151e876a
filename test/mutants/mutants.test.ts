import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as laws from 'tikhonov/laws'
import { teeth, type Area } from './harness.js'
import * as constraints from './constraints.js'
import * as dropout from './dropout.js'
import * as engine from './engine.js'
import * as expr from './expr.js'
import * as initializers from './initializers.js'
import * as layer from './layer.js'
import * as losses from './losses.js'
import * as metrics from './metrics.js'
import * as norms from './norms.js'
import * as optimizers from './optimizers.js'
import * as random from './random.js'
import * as regularizers from './regularizers.js'
import * as schedules from './schedules.js'
import * as stream from './stream.js'
import * as training from './training.js'

/** The areas of the library, by the name of their file: `import * as regularizers from './regularizers.js'`. Without any, this fails. */
const areas: Readonly<Record<string, Area>> = {
  constraints,
  dropout,
  engine,
  expr,
  initializers,
  layer,
  losses,
  metrics,
  norms,
  optimizers,
  random,
  regularizers,
  schedules,
  stream,
  training
}

const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'harness.ts')
const source = files.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')

describe('the list of areas', () => {
  it('leaves no file of mutants out', () => {
    expect(Object.keys(areas).sort()).toEqual(files.map((file) => file.replace(/\.ts$/, '')).sort())
  })

  it('leaves no published suite out', () => {
    const suites = Object.keys(laws).filter((name) => name.endsWith('Laws'))
    expect(suites.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([])
  })

  it('has suites and mutants in every area', () => {
    expect(Object.entries(areas).filter(([, { suites, mutants }]) => suites.length === 0 || mutants.length === 0)).toEqual([])
  })
})

teeth(Object.values(areas), { describe, it })
