/** The project as the compiler sees it: its entry points, what they export, and its examples as files of their own. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { blocksOfMarkdown, blocksOfSource, type Block } from './blocks.js'

export const root = resolve(import.meta.dirname, '..', '..')

const raise = (message: string): never => {
  throw new TypeError(message)
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8')

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

const manifest = (): { readonly name: string; readonly exports: object } => {
  const found: unknown = JSON.parse(read('package.json'))
  return isRecord(found) && typeof found.name === 'string' && isRecord(found.exports)
    ? { name: found.name, exports: found.exports }
    : raise('package.json has no name or no exports')
}

/** The entry points by the name that users import (`tikhonov/laws`), with the source file of each. */
export const entryPoints = (): readonly (readonly [name: string, file: string])[] => {
  const { name, exports } = manifest()
  return Object.entries(exports).flatMap(([path, conditions]: readonly [string, unknown]) => {
    const source = isRecord(conditions) ? conditions[`${name}-source`] : undefined
    return typeof source === 'string' ? [[path.replace(/^\./, name), source.replace(/^\.\//, '')] as const] : []
  })
}

/** The examples of the README and of all sources. */
export const blocks = (): readonly Block[] => [
  ...(existsSync(join(root, 'README.md')) ? blocksOfMarkdown('README.md', read('README.md')) : []),
  ...['src', 'laws'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .sort()
      .flatMap((file) => blocksOfSource(`${folder}/${file.replaceAll('\\', '/')}`, read(`${folder}/${file}`))))
]

const compilerOptions = (): ts.CompilerOptions => {
  const found = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => readFileSync(file, 'utf8'))
  const { options } = ts.parseJsonConfigFileContent(found.config, ts.sys, root)
  return { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false }
}

/**
 * A program of the entry points and of each block as a file of its own beside package.json, where it resolves imports as a user's would.
 */
export const program = (examples: readonly Block[]): { readonly compiled: ts.Program; readonly fileOf: (block: Block) => string } => {
  const options = compilerOptions()
  const host = ts.createCompilerHost(options)
  const fileOf = (block: Block): string => join(root, `example-${examples.indexOf(block)}.ts`)
  const virtual = new Map(examples.map((block) => [fileOf(block), block.code]))
  const compiled = ts.createProgram({
    rootNames: [...entryPoints().map(([, file]) => join(root, file)), ...virtual.keys()],
    options,
    host: {
      ...host,
      fileExists: (file) => virtual.has(file) || host.fileExists(file),
      readFile: (file) => virtual.get(file) ?? host.readFile(file),
      // What is passed on says that the file is an ES module, as all beside this package.json are.
      getSourceFile: (file, languageVersion, ...rest) => {
        const code = virtual.get(file)
        return code === undefined
          ? host.getSourceFile(file, languageVersion, ...rest)
          : ts.createSourceFile(file, code, languageVersion, true)
      }
    }
  })
  return { compiled, fileOf }
}

/** What the compiler says of a block, with lines of the file that it stands in. */
export const errorsOf = (compiled: ts.Program, block: Block, file: string): readonly string[] => {
  const source = compiled.getSourceFile(file)
  if (source === undefined) return [`${file} is not part of the program`]
  return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map(({ start = 0, messageText }) =>
    `line ${block.line + source.getLineAndCharacterOfPosition(start).line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
}

const docsOf = (symbol: ts.Symbol): string =>
  (symbol.declarations ?? []).flatMap((declaration) => ts.getJSDocCommentsAndTags(declaration)).map((doc) => doc.getText()).join('\n')

/** An export of an entry point that lacks something, in words; a namespace is looked through. */
const lackingIn = (compiled: ts.Program, exported: ts.Symbol, prefix: string): readonly string[] => {
  const checker = compiled.getTypeChecker()
  const symbol = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported)
  const name = `${prefix}${exported.name}`
  if ((symbol.flags & ts.SymbolFlags.ValueModule) !== 0) {
    return checker.getExportsOfModule(symbol).flatMap((each) => lackingIn(compiled, each, `${name}.`))
  }
  const docs = docsOf(symbol)
  const file = symbol.declarations?.[0]?.getSourceFile().fileName
  const at = file === undefined ? '' : ` (${relative(root, file)})`
  if (!/\/\*\*/.test(docs)) return [`${name}${at} has no doc comment`]
  return (symbol.flags & ts.SymbolFlags.Value) !== 0 && !/```ts\b/.test(docs) ? [`${name}${at} has no example`] : []
}

/**
 * The exports of an entry point without a doc comment, or, where they are values, without an example; an entry point that is not there is
 * one.
 */
export const lacking = (compiled: ts.Program, file: string): readonly string[] => {
  const source = compiled.getSourceFile(join(root, file))
  const module = source === undefined ? undefined : compiled.getTypeChecker().getSymbolAtLocation(source)
  return module === undefined
    ? [`${file} is not a module`]
    : compiled.getTypeChecker().getExportsOfModule(module).flatMap((each) => lackingIn(compiled, each, ''))
}
