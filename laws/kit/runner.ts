import { judgeAsync, type CheckOptions } from './check.js'
import { lawsOf, title, type Suite } from './suite.js'

/** What a test runner lends: `describe` names a group of tests, `it` registers one (vitest, Jest, Mocha, node:test). */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** Registers a group of tests of the given name, one test for each law of the suite. */
export type CheckAll = (name: string, suite: Suite, options?: CheckOptions) => void

/**
 * `checkAll` on a test runner that is passed in: for vitest without globals, and for node:test.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { bind, law, suite } from 'tikhonov/laws'
 *
 * const checkAll = bind({ describe, it })
 * typeof checkAll // => 'function'
 *
 * const titles: string[] = []
 * const listing = bind({ describe: (_, body) => body(), it: (name) => titles.push(name) })
 * listing('my projection', suite('projection', Math.abs, [law('idempotent', 'p(p(x)) = p(x)', [], () => true)]))
 * titles // => ['projection › idempotent: p(p(x)) = p(x)']
 * ```
 */
export const bind = ({ describe, it }: Runner): CheckAll => (name, suite, options = {}) => {
  describe(name, () => {
    lawsOf(suite).forEach((member) => {
      it(`${title(member)}: ${member.law.equation}`, async () => {
        const verdict = await judgeAsync(options)(member)
        if (verdict._tag !== 'Passed') throw new Error(`${name}: ${verdict.message}`)
      })
    })
  })
}

const isFunction = (value: unknown): value is (...given: readonly unknown[]) => unknown => typeof value === 'function'

const found = (): Runner => {
  const describe: unknown = Reflect.get(globalThis, 'describe')
  const it: unknown = Reflect.get(globalThis, 'it')
  if (!isFunction(describe) || !isFunction(it)) {
    throw new TypeError('checkAll found no global describe and it: pass your test runner\'s, const checkAll = bind({ describe, it })')
  }
  return { describe, it }
}

/**
 * Checks all laws of a suite on the test runner that is there by its globals (Jest, Mocha, vitest with `globals: true`): one test a law.
 *
 * A failing test says the law, its equation, the smallest counterexample, what differed, and the seed and path that replay it.
 * Throws a TypeError that names `bind` where there are no global `describe` and `it`.
 *
 * @example
 * ```ts
 * import { checkAll, law, suite } from 'tikhonov/laws'
 *
 * const projection = suite('projection', Math.abs, [law('idempotent', 'p(p(x)) = p(x)', [], () => true)])
 * const inJest = () => checkAll('my projection', projection, { runs: 1000 })
 * typeof inJest // => 'function'
 * ```
 */
export const checkAll: CheckAll = (name, suite, options) => {
  bind(found())(name, suite, options)
}
