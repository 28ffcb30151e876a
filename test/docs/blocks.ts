/** The examples in doc comments and in Markdown: where they stand, and their code. */

/** A ```ts block: the file, the line of its first line of code, what it documents, and its code without the comment's stars. */
export interface Block {
  readonly file: string
  readonly line: number
  readonly subject: string
  readonly code: string
}

interface Text {
  readonly text: string
  /** The line of the file on which the text begins, from 1. */
  readonly line: number
}

const lineAt = (source: string, index: number): number => source.slice(0, index).split('\n').length

const fenced = ({ text, line }: Text): readonly Text[] =>
  [...text.matchAll(/^```(\S*)[^\n]*\n([\s\S]*?)^```/gm)]
    .filter(([, language]) => language === 'ts')
    .map((found) => ({ text: found[2], line: line + lineAt(text, found.index) }))

const withoutStars = (comment: string): string =>
  comment.replace(/^\/\*\*[ \t]?/, '').replace(/[ \t]*\*\/$/, '').replace(/^[ \t]*\*(?: |$)/gm, '')

const declared = /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:const|let|function|interface|type|class)\s+([\w$]+)/
const member = /^\s*(?:readonly\s+)?([\w$]+)\??\s*[:(]/

const subjectBefore = (rest: string): string => declared.exec(rest)?.[1] ?? member.exec(rest)?.[1] ?? 'the module'

/** The blocks in the doc comments of a TypeScript source. */
export const blocksOfSource = (file: string, source: string): readonly Block[] =>
  [...source.matchAll(/\/\*\*(?!\/)[\s\S]*?\*\//g)].flatMap((found) => {
    const subject = subjectBefore(source.slice(found.index + found[0].length))
    return fenced({ text: withoutStars(found[0]), line: lineAt(source, found.index) })
      .map(({ text, line }) => ({ file, line, subject, code: text }))
  })

/** The blocks of a Markdown text, each named by the heading above it. */
export const blocksOfMarkdown = (file: string, text: string): readonly Block[] =>
  fenced({ text, line: 1 }).map(({ text: code, line }) => {
    const heading = text.split('\n').slice(0, line).reverse().find((each) => /^#+ /.test(each))
    return { file, line, subject: heading?.replace(/^#+ /, '') ?? 'the beginning', code }
  })
