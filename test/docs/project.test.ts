import { relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { errorsOf, lacking, program, root } from './project.js'

const block = (code: string) => ({ file: 'some.ts', line: 10, subject: 'some', code })

const right = block("import { law } from 'tikhonov/laws'\nconst unused = law('a', 'b', [], () => true).name\n")
const wrong = block("import { law } from 'tikhonov/laws'\n\nconst name: number = law('a', 'b', [], () => true).name\n")
const misspelt = block("import { lawe } from 'tikhonov/laws'\n")
const documented = block([
  '/** One.', ' * ```ts', ' * one // => 1', ' * ```', ' */', 'export const one = 1',
  '/** A type needs no example. */', 'export type Two = 2'
].join('\n'))
const bare = block([
  '/** No example. */', 'export const one = 1', 'export const two = 2', 'export type Three = 3', 'export { type Law } from "tikhonov/laws"',
  '/** Functions too. */', 'export function four() { return 4 }', 'const five = 5', 'export { five as cinq }'
].join('\n'))
const examples = [right, wrong, misspelt, documented, bare]

describe('the project as the compiler sees it', () => {
  let { compiled, fileOf }: Partial<ReturnType<typeof program>> = {}
  const of = (example: ReturnType<typeof block>) => {
    if (compiled === undefined || fileOf === undefined) throw new Error('the program was not made')
    return { compiled, file: fileOf(example) }
  }
  const errors = (example: ReturnType<typeof block>) => errorsOf(of(example).compiled, example, of(example).file)
  const lacks = (example: ReturnType<typeof block>) => lacking(of(example).compiled, relative(root, of(example).file))

  beforeAll(() => { ({ compiled, fileOf } = program(examples)) })

  it('accepts an example that compiles', () => {
    expect(errors(right)).toEqual([])
  })

  it('refuses one that does not, with the line in its file', () => {
    expect(errors(wrong)).toEqual(["line 12: Type 'string' is not assignable to type 'number'."])
    expect(errors(misspelt)[0]).toMatch(/^line 10: .*no exported member.* 'lawe'/)
  })

  it('finds nothing lacking where all is documented', () => {
    expect(lacks(documented)).toEqual([])
  })

  it('finds values without an example, and all without a doc comment', () => {
    expect(lacks(bare)).toEqual([
      'four (example-4.ts) has no example',
      'one (example-4.ts) has no example',
      'two (example-4.ts) has no doc comment',
      'Three (example-4.ts) has no doc comment',
      'cinq (example-4.ts) has no doc comment'
    ])
  })

  it('says so when an entry point is not there', () => {
    expect(lacking(of(right).compiled, 'src/nowhere.ts')).toEqual(['src/nowhere.ts is not a module'])
  })
})
