import { describe, it } from 'vitest'
import { suites, mutants } from '../mutants/projections.js'
import { bite } from '../mutants/harness.js'
bite({ suites, mutants }, { describe, it })
