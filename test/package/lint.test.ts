import { join } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

/** The rules that object to a text in the place of a file. */
const objections = async (file: string, text: string): Promise<readonly string[]> => {
  const results = await eslint.lintText(`${text}\n`, { filePath: join(root, file) })
  return results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message))
}

const pure = 'src/layers/dense.ts'
const numeric = 'src/expr/tabulate.ts'
const tests = 'test/package/lint.test.ts'

const forbidden: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['functional/no-let', pure, 'let n = 0\nexport const next = () => n++'],
  ['functional/no-loop-statements', pure, 'export const wait = () => { while (Math.random() > 0) ; }'],
  ['functional/no-classes', pure, 'export class Layer { readonly rate = 0 }'],
  ['functional/no-throw-statements', pure, 'export const never = () => { throw new Error(\'no\') }'],
  ['functional/immutable-data', pure, 'export const set = (w: number[]) => { w[0] = 1 }'],
  ['functional/no-classes', numeric, 'export class Loop { readonly n = 0 }'],
  ['functional/no-throw-statements', numeric, 'export const never = () => { throw new Error(\'no\') }'],
  ['functional/no-let', 'laws/kit/suite.ts', 'let n = 0\nexport const next = () => n++'],
  ['@typescript-eslint/no-explicit-any', pure, 'export const x = (y: any) => typeof y'],
  ['no-restricted-syntax', pure, 'export const x = (y: string) => y as unknown as number'],
  ['@typescript-eslint/ban-ts-comment', pure, '// @ts-ignore it is fine, trust me\nexport const x = 1'],
  ['@typescript-eslint/switch-exhaustiveness-check', pure, 'export const f = (x: 1 | 2) => { switch (x) { case 1: return 1 } return 0 }'],
  ['@typescript-eslint/no-floating-promises', pure, 'export const f = () => { Promise.resolve(1) }'],
  ['no-console', pure, 'console.log(1)'],
  ['@stylistic/semi', pure, 'export const x = 1;'],
  ['no-restricted-syntax', tests, 'import { it } from \'vitest\'\nit(\'holds\', () => { Math.max(1, 2) })'],
  ['no-restricted-syntax', tests, 'import { it } from \'vitest\'\nit.each([1])(\'holds\', (n) => { Math.max(n, 2) })'],
  ['no-restricted-syntax', tests, 'import { expect, it } from \'vitest\'\nit.skip(\'holds\', () => { expect(1).toBe(1) })'],
  ['no-restricted-syntax', tests, 'import { expect, it } from \'vitest\'\nit.only(\'holds\', () => { expect(1).toBe(1) })']
]

const allowed: readonly (readonly [file: string, text: string])[] = [
  [pure, 'export const double = (xs: readonly number[]) => xs.map((x) => 2 * x)'],
  [numeric, 'export const fill = (out: Float64Array) => { for (let i = 0; i < out.length; i++) out[i] = i }'],
  [tests, 'import { expect, it } from \'vitest\'\nit(\'holds\', () => { expect(1).toBe(1) })'],
  [tests, 'import fc from \'fast-check\'\nimport { it } from \'vitest\'\n' +
    'it(\'is\', () => { fc.assert(fc.property(fc.nat(), (n) => n >= 0)) })'],
  [tests, 'let n = 0\nfor (let i = 0; i < 3; i++) n += i\nconsole.log(n)']
]

// The first text waits until the type checker has read the project.
describe('the lint rules', { timeout: 120_000 }, () => {
  it.each(forbidden)('%s objects in %s to %s', async (rule, file, text) => {
    expect(await objections(file, text)).toEqual([rule])
  })

  it.each(allowed)('%s may say %s', async (file, text) => {
    expect(await objections(file, text)).toEqual([])
  })
})
