/** Runs an example: each `expression // => value` becomes an assertion, the rest must run without throwing. */
import ts from 'typescript'
import { disagreements, written } from './agree.js'

/** Code whose expectations are calls of `expects(n, got, () => want)`, and the lines where they stand. */
interface Asserting {
  readonly code: string
  readonly expectations: readonly { readonly line: number; readonly text: string }[]
}

const parse = (code: string): ts.SourceFile => ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true)

const diagnose = (code: string): readonly ts.Diagnostic[] =>
  ts.transpileModule(code, { reportDiagnostics: true, compilerOptions: { target: ts.ScriptTarget.ES2022 } }).diagnostics ?? []

const isExpression = (text: string): boolean => text.trim() !== '' && diagnose(`(${text}\n)`).length === 0

const arrow = /^\s*\/\/ ?=>[ \t]?(.*)$/

/**
 * The expectation written after a statement, on its line or on the next one; it goes on through comment lines until it is an expression.
 */
const expectationIn = (trivia: string): string | undefined => {
  const lines = trivia.replace(/^\s*;/, '').split('\n').filter((line) => line.trim() !== '')
  const first = arrow.exec(lines[0] ?? '')?.[1]
  if (first === undefined) return undefined
  const more = lines.slice(1).map((line) => /^\s*\/\/(?! ?=>)(.*)$/.exec(line)?.[1])
  const end = more.indexOf(undefined)
  const tries = (end < 0 ? more : more.slice(0, end)).map((_, i) => [first, ...more.slice(0, i + 1)].join('\n'))
  const found = [first, ...tries].find(isExpression)
  if (found === undefined) throw new SyntaxError(`after // => there must be an expression, found: ${first}`)
  return found
}

/** The expected expression with each number that has a point or an exponent kept as it is written. */
const exactly = (expected: string): string => {
  const source = parse(`(${expected})`)
  const edits: (readonly [number, number, string])[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node) && /[.e]/i.test(node.getText()) && !/^0x/i.test(node.getText())) {
      const negative = ts.isPrefixUnaryExpression(node.parent) && node.parent.operator === ts.SyntaxKind.MinusToken
      const whole = negative ? node.parent : node
      edits.push([whole.getStart(), whole.end, `__written('${whole.getText().replace(/[\s_]/g, '')}')`])
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return edits.reverse().reduce((text, [start, end, by]) => text.slice(0, start) + by + text.slice(end), source.text)
}

const isPrint = (node: ts.Expression): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.getText() === 'console.log' && node.arguments.length === 1

const observed = (statement: ts.Statement, line: number): { readonly before: string, readonly value: string } => {
  if (ts.isExpressionStatement(statement)) {
    const { expression } = statement
    return { before: '', value: isPrint(expression) ? expression.arguments[0].getText() : expression.getText() }
  }
  if (ts.isVariableStatement(statement) && statement.declarationList.declarations.length === 1) {
    const { name } = statement.declarationList.declarations[0]
    if (ts.isIdentifier(name)) return { before: statement.getText(), value: name.text }
  }
  throw new SyntaxError(`line ${line}: // => follows neither an expression nor the declaration of one name`)
}

/** Where a statement ends but for its semicolon, which may stand on the next line. */
const endOf = (statement: ts.Statement): number =>
  ts.isExpressionStatement(statement) ? statement.expression.end
  : ts.isVariableStatement(statement) ? statement.declarationList.end
  : statement.end

/** An example with its expectations turned into calls. An expectation that would be passed over is a SyntaxError. */
const asserting = (code: string): Asserting => {
  const source = parse(code)
  const broken = diagnose(code).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  if (broken.length > 0) throw new SyntaxError(broken.join('; '))
  const parts = source.statements.map((statement, i) => {
    const next = source.statements[i + 1]
    const text = expectationIn(code.slice(endOf(statement), next === undefined ? code.length : next.getStart()))
    const line = source.getLineAndCharacterOfPosition(endOf(statement)).line + 1
    return { statement, line, text }
  })
  const expectations = parts.flatMap(({ line, text }) => (text === undefined ? [] : [{ line, text }]))
  const arrows = code.split('\n').filter((line) => /\/\/ ?=>/.test(line)).length
  if (arrows !== expectations.length) {
    throw new SyntaxError(`${arrows} expectations, ${expectations.length} of them directly after a statement of the example's own level`)
  }
  const statements = parts.map(({ statement, line, text }) => {
    if (text === undefined) return statement.getText()
    const { before, value } = observed(statement, line)
    const n = expectations.findIndex((each) => each.line === line)
    return `${before};__expects(${n}, (${value}), () => (${exactly(text)}));`
  })
  return { code: statements.join('\n'), expectations }
}

const specifiers = (code: string): readonly string[] =>
  parse(code).statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier) ? [statement.moduleSpecifier.text] : [])

type Body = (...given: readonly unknown[]) => Promise<void>

/** The constructor of asynchronous functions, which has no global name. */
const AsyncFunction = (async () => { await Promise.resolve() }).constructor as new (...source: readonly string[]) => Body

const quiet = { log: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, table: () => undefined }

/**
 * What is wrong with an example: each expectation not met, with its line in the file (the block begins on `line`); empty when all is well.
 * What it throws rejects the promise. `load` imports a module by its name.
 */
export const run = async (code: string, load: (name: string) => Promise<unknown>, line = 1): Promise<readonly string[]> => {
  const { code: body, expectations } = asserting(code)
  const loaded = new Map(await Promise.all(specifiers(code).map(async (name) => [name, await load(name)] as const)))
  const js = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true }
  }).outputText
  const problems: string[] = []
  const met = new Set<number>()
  const expects = (n: number, got: unknown, want: () => unknown): void => {
    met.add(n)
    const { line: at, text } = expectations[n]
    problems.push(...disagreements(got, want()).map((each) => `line ${line + at - 1}, expected ${text.trim()}: ${each}`))
  }
  const require = (name: string): unknown => loaded.get(name)
  await new AsyncFunction('require', 'exports', 'console', '__expects', '__written', js)(require, {}, quiet, expects, written)
  return met.size === expectations.length ? problems : [...problems, `only ${met.size} of ${expectations.length} expectations were reached`]
}
