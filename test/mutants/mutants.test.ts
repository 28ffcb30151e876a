import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as laws from 'tikhonov/laws'
import { areas, house, share, shares } from './areas.js'
import { coverAll } from './harness.js'

const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
const notAreas = ['areas.ts', 'harness.ts']
const all = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts'))
const files = all.filter((file) => !file.endsWith('.test.ts') && !notAreas.includes(file))
const source = files.map(read).join('\n')

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

describe('the shares', () => {
  it('are each tried by a test file of their own', () => {
    shares.forEach((name) => {
      expect(all).toContain(`${name}.test.ts`)
      expect(read(`${name}.test.ts`)).toMatch(new RegExp(`^bite\\(share\\('${name}'\\), `, 'm'))
    })
  })

  it('are together the whole house, each suite and each mutant once', () => {
    const dealt = shares.map((name) => share(name))
    expect(new Set(dealt.flatMap(({ suites }) => suites))).toEqual(new Set(house.suites))
    expect(new Set(dealt.flatMap(({ mutants }) => mutants))).toEqual(new Set(house.mutants))
    expect(dealt.flatMap(({ suites, mutants }) => [suites, mutants]).flat()).toHaveLength(house.suites.length + house.mutants.length)
  })
})

coverAll(house.suites, house.mutants, { describe, it })
