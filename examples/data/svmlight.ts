/** The svmlight format: a line an example, its label, then `column:value` for what is not 0, columns ascending from 1. */
import { array as A, either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import * as t from 'io-ts'
import { tensor } from 'tikhonov'
import { showIssue } from 'tikhonov/layer'
import { csr, type SparseExamples } from 'tikhonov/sparse'

/** What a file has to look like. */
export interface Svmlight {
  readonly file: string
  readonly rows: number
  readonly columns: number
}

interface Line {
  readonly label: number
  /** From 0. */
  readonly columns: readonly number[]
  readonly values: readonly number[]
}

const form = /^[01]( [1-9]\d*:-?\d+(\.\d+)?)*$/

/** A line whose label is 0 or 1; which columns it may have is checked with the matrix. */
const lineCodec = new t.Type<Line, string>(
  'a label 0 or 1, then column:value, columns from 1',
  (line): line is Line => typeof line === 'object' && line !== null && 'label' in line,
  (text, context) => {
    if (typeof text !== 'string' || !form.test(text)) return t.failure(text, context)
    const [label, ...entries] = text.split(' ')
    const parts = entries.map((entry) => entry.split(':'))
    return t.success({ label: Number(label), columns: parts.map(([c]) => Number(c) - 1), values: parts.map(([, v]) => Number(v)) })
  },
  ({ label, columns, values }) => [label, ...columns.map((c, i) => `${c + 1}:${values[i]}`)].join(' ')
)

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** All examples of a text, or everything that is wrong with it. */
export const svmlight = ({ file, rows, columns }: Svmlight) => (text: string): E.Either<N.NonEmptyArray<string>, SparseExamples> => {
  const lines = text.replace(/\n$/, '').split('\n')
  const { left, right } = A.separate(lines.map((line, i) => F.pipe(
    lineCodec.decode(line), E.mapLeft(() => `${file}, line ${i + 1}: found ${shown(line)}, allowed: ${lineCodec.name}`))))
  const miscount = lines.length === rows ? [] : [`${file}: found ${lines.length} rows, allowed: ${rows}`]
  const ends = right.reduce<number[]>((all, { columns: own }) => {
    all.push(all[all.length - 1] + own.length)
    return all
  }, [0])
  return F.pipe(
    N.fromArray([...left, ...miscount]),
    O.match((): E.Either<N.NonEmptyArray<string>, readonly Line[]> => E.right(right), E.left),
    E.chain((examples) => F.pipe(
      csr([rows, columns], ends, examples.flatMap((e) => e.columns), examples.flatMap((e) => e.values)),
      E.bimap(N.map((issue) => `${file}, ${showIssue(issue)}`), (x) => ({ x, y: tensor(examples.map(({ label }) => [label])) }))
    ))
  )
}
