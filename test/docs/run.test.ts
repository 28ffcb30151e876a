import { describe, expect, it } from 'vitest'
import { blocksOfMarkdown, blocksOfSource } from './blocks.js'
import { run } from './run.js'

const load = (name: string) => import(/* @vite-ignore */ name) as Promise<unknown>
const problems = (code: string) => run(code, load)

describe('an example', () => {
  it('passes when all its values are as written', async () => {
    expect(await problems(`
      import fc from 'fast-check'
      import { either as E, function as F } from 'fp-ts'
      import * as path from 'node:path'
      import type { Suite } from 'tikhonov/laws'
      import { same } from 'tikhonov/laws'
      1 + 1 // => 2
      const x: number = 1 / 3 // => 0.333
      const names: readonly string[] = ['a']
      names // => ['a']
      0.1 + 0.2; // => 0.3
      [-Math.LN2][0] // => -0.693
      Float64Array.of(1, 0.1 + 0.2) // => [1, 0.3]
      Float64Array.of(0.5) // => Float64Array.of(0.5)
      F.pipe(E.right(Math.PI), E.map((n) => 2 * n)) // => E.right(6.2832)
      await Promise.resolve(true) // => true
      console.log(path.join('a', 'b')) // => 'a/b'
      typeof fc.assert // => 'function'
      same(1, 1) // => true
      new Map([['a', 1]]) // => new Map([['a', 1]])
      ;({ a: undefined, b: [{ c: NaN }] }) // => { b: [{ c: NaN }] }
      Array.from({ length: 2 }, (_, i) => ({ i }))
      // => [
      //   { i: 0 },
      //   { i: 1 }
      // ]
    `)).toEqual([])
  })

  it.each([
    ['1 + 1 // => 3', 'line 1, expected 3: the value is 2, not 3'],
    ['const x = 1 / 3 // => 0.334', 'line 1, expected 0.334: the value is 0.3333333333333333, not 0.334'],
    ['0.34 // => 0.3', 'line 1, expected 0.3: the value is 0.34, not 0.3'],
    ['0 // => -0', 'line 1, expected -0: the value is 0, not -0'],
    ['"1" // => 1', 'line 1, expected 1: the value is "1", not 1'],
    ['[1, 2] // => [1]', 'line 1, expected [1]: the value is [1, 2], not [1]'],
    ['Float32Array.of(1) // => Float64Array.of(1)', 'line 1, expected Float64Array.of(1): the value is no Float64Array'],
    ['({ a: [1, 2.5] }) // => { a: [1, 2.75] }', 'line 1, expected { a: [1, 2.75] }: .a[1] is 2.5, not 2.75'],
    ['({ a: 1, b: 2 }) // => { a: 1 }', 'line 1, expected { a: 1 }: .b is 2, not undefined'],
    ['new Set([1]) // => new Set([2])', 'line 1, expected new Set([2]):  as a list [0] is 1, not 2'],
    ['1e-7 // => 1.5e-7', 'line 1, expected 1.5e-7: the value is 1e-7, not 1.5e-7']
  ])('fails, with the line and the place: %s', async (code, message) => {
    expect(await problems(code)).toEqual([expect.stringContaining(message)])
  })

  it('fails when it throws', async () => {
    await expect(problems('throw new RangeError("no")')).rejects.toThrow('no')
    await expect(problems('import { x } from "tikhonov/nowhere"\nx')).rejects.toThrow(/nowhere/)
  })

  it('fails when it is not TypeScript, or its expectation is no expression', async () => {
    await expect(problems('const = 3')).rejects.toThrow(SyntaxError)
    await expect(problems('1 // => the first')).rejects.toThrow(/after \/\/ => there must be an expression, found: the first/)
  })

  it('fails when an expectation would be passed over', async () => {
    await expect(problems('[1].forEach((x) => {\n  x // => 2\n})')).rejects.toThrow(/1 expectations, 0 of them directly after a statement/)
    await expect(problems('const { a } = { a: 1 } // => 2')).rejects.toThrow(/follows neither an expression nor/)
  })
})

describe('the blocks', () => {
  it('of a source are those of its doc comments, with their lines and what they document', () => {
    const source = [
      'import x from "x"', '/**', ' * Doubles.', ' * @example', ' * ```ts', ' * double(2) // => 4', ' * ```', ' */',
      'export const double = (n: number) => 2 * n', '/** ```json', ' * {}', ' * ```', ' */', 'type T = 1',
      'interface I {', '  /**', '   * ```ts', '   * 1', '   *', '   *   2', '   * ```', '   */', '  readonly member: T', '}'
    ].join('\n')
    expect(blocksOfSource('a.ts', source)).toEqual([
      { file: 'a.ts', line: 6, subject: 'double', code: 'double(2) // => 4\n' },
      { file: 'a.ts', line: 18, subject: 'member', code: '1\n\n  2\n' }
    ])
  })

  it('of a Markdown text are its ts blocks, under their headings', () => {
    const text = '# Title\n\n```sh\nnpm start\n```\n\n## Use\ntext\n```ts\n1 // => 1\n```\n'
    expect(blocksOfMarkdown('README.md', text)).toEqual([{ file: 'README.md', line: 10, subject: 'Use', code: '1 // => 1\n' }])
  })
})
