/** In a file of its own: memory that other tests have left behind would be filled before any more is asked for. */
import { expect, it } from 'vitest'
import { plain } from './engines.js'
import { grow } from './grow.js'

it('an engine that keeps every state is seen to grow', () => {
  const kept: unknown[] = []
  const engine = plain('wasm')
  const keeps = {
    ...engine,
    compile: (program: Parameters<typeof engine.compile>[0]) => {
      const { fold } = engine.compile(program)
      return {
        fold: (...given: Parameters<typeof fold>) => {
          const after = fold(...given)
          kept.push(after)
          return after
        }
      }
    }
  }
  expect(grow(keeps, 1, 500).holds).toBe(false)
  expect(kept).toHaveLength(1500)
})
