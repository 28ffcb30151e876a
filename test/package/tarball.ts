/**
 * What a user gets: the packed tarball, installed with its peers into an empty folder, then imported, required, type-checked and run from
 * its sources. Run by `npm run check:package` after the build.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import manifest from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'tikhonov-package-'))

const run = (command: string, args: readonly string[], cwd = folder): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

const node = (...args: readonly string[]): string => run(process.execPath, args)
const tool = (path: string): string => join(root, 'node_modules', path)
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const entries = Object.keys(manifest.exports).filter((path) => path !== './package.json').map((path) => path.replace(/^\./, 'tikhonov'))
const withoutLaws = entries.filter((entry) => entry !== 'tikhonov/laws')

/** The peers at the versions that the tests ran with. */
const peers = (...names: readonly (keyof typeof manifest.devDependencies)[]): readonly string[] =>
  names.map((name) => `${name}@${manifest.devDependencies[name]}`)

const install = (...what: readonly string[]): void => {
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error', ...what])
}

/** ∂/∂x Σx² = 2x: builds a graph, derives it, evaluates it. */
const derives = `
const x = expr.variable('x', [3])
const [dx] = expr.gradient(expr.sum(expr.mul(x, x)), [x])
`

const says = (what: string, got: string, wanted: string): void => {
  if (got.trim() !== wanted) throw new Error(`${what} said\n${got.trim()}\nwhere it should have said\n${wanted}`)
  process.stdout.write(`ok   ${what}\n`)
}

try {
  const packed = run('npm', ['pack', '--silent', '--pack-destination', folder], root).trim()
  const files = run('tar', ['-tzf', packed]).split('\n').filter((path) => path !== '')
  const strangers = files.filter((path) => !/^package\/((dist|src|laws)\/|(package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/.test(path))
  says('what is packed besides dist, src, laws and the documents', strangers.join('\n'), '')
  const documents = ['README.md', 'LICENSE', 'CHANGELOG.md']
  says('what is missing of the documents', documents.filter((name) => !files.includes(`package/${name}`)).join(' '), '')

  write('package.json', JSON.stringify({ name: 'user', private: true, type: 'module' }))
  install(`./${packed}`, ...peers('fp-ts', 'rxjs', 'io-ts'))
  const installed = readdirSync(join(folder, 'node_modules'))
  says('the optional peer, when nobody asks for it', installed.filter((name) => name === 'fast-check').join(''), '')

  const names = (list: string) => `${list}.map((m) => Object.keys(m).length > 0).every(Boolean)`
  write('import.mjs', `console.log(${names(`[${withoutLaws.map((entry) => `await import('${entry}')`).join(', ')}]`)})`)
  write('require.cjs', `console.log(${names(`[${withoutLaws.map((entry) => `require('${entry}')`).join(', ')}]`)})`)
  says('importing every entry but the laws, without fast-check', node('import.mjs'), 'true')
  says('requiring every entry but the laws, without fast-check', node('require.cjs'), 'true')

  install(...peers('fast-check'))
  const laws = 'Object.keys(laws).length > 0'
  write('laws.mjs', `import * as laws from 'tikhonov/laws'\nconsole.log(${laws})`)
  write('laws.cjs', `const laws = require('tikhonov/laws')\nconsole.log(${laws})`)
  says('importing the laws', node('laws.mjs'), 'true')
  says('requiring the laws', node('laws.cjs'), 'true')

  const use = `${derives}\nconsole.log(expr.evaluate(dx, { x: [1, 2, 3] }).join(' '))`
  write('use.mjs', `import * as expr from 'tikhonov/expr'\n${use}`)
  write('use.cjs', `const expr = require('tikhonov/expr')\n${use}`)
  write('use.ts', `import * as expr from 'tikhonov/expr'\n${use}`)
  says('a gradient, imported', node('use.mjs'), '2 4 6')
  says('a gradient, required', node('use.cjs'), '2 4 6')
  says('a gradient, from the packed sources', node(tool('tsx/dist/cli.mjs'), '-C', 'tikhonov-source', 'use.ts'), '2 4 6')

  const everything = entries.map((entry, i) => `import * as m${i} from '${entry}'\nexport const n${i} = m${i}`).join('\n')
  write('types.mts', everything)
  write('types.cts', everything)
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2023,dom']
  const check = (module: string, resolution: string, file: string): void => {
    const complaints = node(tool('typescript/bin/tsc'), ...strict, '--module', module, '--moduleResolution', resolution, file)
    says(`types of ${file} under ${resolution}`, complaints, '')
  }
  check('nodenext', 'nodenext', 'types.mts')
  check('nodenext', 'nodenext', 'types.cts')
  check('esnext', 'bundler', 'types.mts')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
