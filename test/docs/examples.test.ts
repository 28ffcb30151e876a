import { beforeAll, describe, expect, it } from 'vitest'
import type ts from 'typescript'
import { blocks, entryPoints, errorsOf, lacking, program } from './project.js'
import { run } from './run.js'

const examples = blocks()
const entries = entryPoints()
/** The problems are the message: a diff of lists would hide them. */
const expectNone = (problems: readonly string[]): void => { expect(problems, problems.join('\n')).toHaveLength(0) }
const load = (name: string) => import(/* @vite-ignore */ name) as Promise<unknown>

describe('every example does what it says', () => {
  examples.forEach((block) => {
    it(`${block.file}:${block.line} ${block.subject}`, async () => {
      expectNone(await run(block.code, load, block.line))
    })
  })
})

describe('the compiler', () => {
  const state: { compiled?: ts.Program; fileOf?: ReturnType<typeof program>['fileOf'] } = {}
  const compiled = (): ts.Program => state.compiled ?? expect.fail('the program was not made')

  beforeAll(() => { Object.assign(state, program(examples)) })

  describe('accepts every example', () => {
    examples.forEach((block) => {
      it(`${block.file}:${block.line} ${block.subject}`, () => {
        expectNone(errorsOf(compiled(), block, state.fileOf?.(block) ?? ''))
      })
    })
  })

  describe('finds for every public export a doc comment, and for every value an example', () => {
    it('at entry points that package.json names', () => {
      expect(entries.map(([name]) => name)).toContain('tikhonov/laws')
    })

    entries.forEach(([name, file]) => {
      it(name, () => {
        expectNone(lacking(compiled(), file))
      })
    })
  })
})
