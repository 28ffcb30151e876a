import { describe, it } from 'vitest'
import { share } from './areas.js'
import { bite } from './harness.js'

bite(share('first'), { describe, it })
