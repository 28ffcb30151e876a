/**
 * Types without a name that a user can import: a module that exports what an entry gives, alone in its program, must have a declaration.
 * The names have to come from that entry, since nothing else is loaded.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const options: ts.CompilerOptions = {
  strict: true, exactOptionalPropertyTypes: true, declaration: true, emitDeclarationOnly: true, types: [],
  // The declarations themselves are checked once, all together.
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext
}

/** A host that parses a file once, for all programs. */
const sharing = (): ts.CompilerHost => {
  const host = ts.createCompilerHost(options)
  const known = new Map<string, ts.SourceFile | undefined>()
  return {
    ...host,
    writeFile: () => undefined,
    getSourceFile: (file, ...rest) => {
      if (!known.has(file)) known.set(file, host.getSourceFile(file, ...rest))
      return known.get(file)
    }
  }
}

/** What the compiler says of each entry, installed in a folder. */
export const unnamed = (folder: string, entries: readonly string[]): readonly string[] => {
  const host = sharing()
  return entries.flatMap((entry, i) => {
    const file = join(folder, `named${i}.mts`)
    writeFileSync(file, `import * as all from '${entry}'\nexport const named = { ...all }\n`)
    const program = ts.createProgram([file], options, host)
    return [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics]
      .map(({ messageText }) => `${entry}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
  })
}
