/**
 * What a user gets: the packed tarball, installed with its peers into an empty folder, then imported, required, type-checked and run from
 * its sources. Run by `npm run check:package` after the build.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unnamed } from './unnamed.js'
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

/** ∂/∂x Σx² = 2x, and 200 steps down the mean squared error of y = 2x: what a user writes, once for each kind of module. */
const program = [
  ['expr', 'evaluate, gradient, mul, sum, variable'],
  ['model', 'sequential'],
  ['layers', 'dense'],
  ['losses', 'mse'],
  ['optimizers', 'sgd'],
  ['tensor', 'tensor'],
  ['training', 'fold, start, trainer']
] as const
const body = `
const x = variable('x', [3])
const [dx] = gradient(sum(mul(x, x)), [x])
console.log(evaluate(dx, { x: [1, 2, 3] }).join(' '))
const learner = either.chain((model) => trainer({ model, loss: mse(), optimizer: sgd(0.1) }))(sequential([1], dense(1)))
const batch = { x: tensor([[-1], [1]]), y: tensor([[-2], [2]]) }
const learned = either.chain((t) => fold(t)(start(t), Array.from({ length: 200 }, () => batch)))(learner)
console.log(learned._tag === 'Right' && learned.right.reports.length === 200 && learned.right.reports[199].total < 1e-6)
`
const imports = program.map(([entry, names]) => `import { ${names} } from 'tikhonov/${entry}'`).join('\n')
const requires = program.map(([entry, names]) => `const { ${names} } = require('tikhonov/${entry}')`).join('\n')

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
  install(`./${packed}`, ...peers('fp-ts', 'rxjs'))
  const installed = readdirSync(join(folder, 'node_modules'))
  says('the optional peers, when nobody asks for them', installed.filter((name) => /^(fast-check|io-ts)$/.test(name)).join(' '), '')

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

  write('use.mjs', `import { either } from 'fp-ts'\n${imports}\n${body}`)
  write('use.cjs', `const { either } = require('fp-ts')\n${requires}\n${body}`)
  write('use.ts', `import { either } from 'fp-ts'\n${imports}\n${body}`)
  says('a gradient and a training run, imported', node('use.mjs'), '2 4 6\ntrue')
  says('a gradient and a training run, required', node('use.cjs'), '2 4 6\ntrue')
  says('the same from the packed sources', node(tool('tsx/dist/cli.mjs'), '-C', 'tikhonov-source', 'use.ts'), '2 4 6\ntrue')

  const everything = entries.map((entry, i) => `import * as m${i} from '${entry}'\nexport const n${i} = m${i}`).join('\n')
  write('types.mts', everything)
  write('types.cts', everything)
  const strict = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--lib', 'es2023,dom']
  const check = (module: string, resolution: string, file: string): void => {
    const complaints = node(tool('typescript/bin/tsc'), ...strict, '--module', module, '--moduleResolution', resolution, file)
    says(`types of ${file} under ${resolution}`, complaints, '')
  }
  says('types that a module cannot name which exports what an entry gives', unnamed(folder, entries).join('\n'), '')
  check('nodenext', 'nodenext', 'types.mts')
  check('nodenext', 'nodenext', 'types.cts')
  check('esnext', 'bundler', 'types.mts')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
