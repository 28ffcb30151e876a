import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

const entries = Object.entries(manifest.exports).flatMap(([path, target]) =>
  typeof target === 'string' ? [] : [[path.replace(/^\./, 'tikhonov'), target] as const])

/** Imports one entry in a process of its own and says what that changed in it. */
const probe = (entry: string): string => `
  const globals = () => Object.getOwnPropertyNames(globalThis).sort().join()
  const builtIn = [Object, Array, Function, Promise, Number, String, Float64Array]
  const prototypes = () => builtIn.flatMap((c) => Object.getOwnPropertyNames(c.prototype)).join()
  const ours = /^(Timeout|Immediate|Worker|TCP|UDP|FSEvent|StatWatcher|Process)/
  const running = () => process.getActiveResourcesInfo().filter((name) => ours.test(name))
  const listeners = () => process.eventNames().map(String).sort().join()
  const look = () => [globals(), prototypes(), listeners()]
  const before = look()
  const loaded = await import(${JSON.stringify(entry)})
  const changed = look().filter((now, i) => now !== before[i])
  const holes = Object.keys(loaded).filter((name) => loaded[name] === undefined)
  const said = { names: Object.keys(loaded).length, changed, running: running(), holes, default: 'default' in loaded }
  process.stdout.write(JSON.stringify(said))
`

describe('the entry points', { timeout: 60_000 }, () => {
  it.each(entries)('%s: its source exists, and its dist file is where the build writes it', (_, target) => {
    const source = target['tikhonov-source']
    expect(existsSync(join(root, source))).toBe(true)
    const built = `./dist/${source.slice(2, -3)}`
    expect(target.import).toEqual({ types: `${built}.d.ts`, default: `${built}.js` })
    expect(target.require).toEqual({ types: `${built}.d.cts`, default: `${built}.cjs` })
  })

  it.each(entries)('%s: importing it prints nothing, changes nothing, leaves nothing running', async (entry) => {
    const { stdout, stderr } = await run(
      process.execPath,
      ['--import', 'tsx', '--conditions', 'tikhonov-source', '--input-type', 'module', '--eval', probe(entry)],
      { cwd: root, timeout: 50_000 }
    )
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ names: expect.any(Number) as number, changed: [], running: [], holes: [], default: false })
  })

  it('every folder of src that has an index is an entry', () => {
    const folders = readdirSync(join(root, 'src')).filter((name) => existsSync(join(root, 'src', name, 'index.ts')))
    const sources = entries.map(([, target]) => target['tikhonov-source'])
    expect(folders.filter((name) => !sources.includes(`./src/${name}/index.ts`))).toEqual([])
  })

  it('says to bundlers that a module nobody imports may be left out', () => {
    expect(manifest.sideEffects).toBe(false)
  })
})
