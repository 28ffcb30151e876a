/** CSV text to typed rows: every value is checked against its codec, and every misfit is reported, not only the first. */
import { CsvError, parse } from 'csv-parse/sync'
import { array as A, either as E, function as F, nonEmptyArray as N, option as O } from 'fp-ts'
import * as t from 'io-ts'

/** One value that does not fit: where it stands, what it is, what is allowed there. */
export interface Misfit {
  readonly file: string
  readonly line: number
  readonly column: string
  readonly found: string
  readonly allowed: string
}

export const explain = ({ file, line, column, found, allowed }: Misfit): string =>
  `${file}, line ${line}, column ${column}: found ${found}, allowed: ${allowed}`

/** What a file has to look like: its columns in their order, one codec a column, and how many rows there are. */
export interface Sheet<Row> {
  readonly file: string
  readonly columns: readonly string[]
  readonly row: t.Type<Row, unknown>
  readonly rows: number
}

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/** A cell with a finite decimal number between low and high; the name of the codec says what is allowed. */
export const numberIn = (low: number, high: number) =>
  new t.Type<number, string>(
    `a number in [${low}, ${high}]`,
    t.number.is,
    (cell, context) => {
      const value = typeof cell === 'string' && decimal.test(cell.trim()) ? Number(cell) : NaN
      return value >= low && value <= high ? t.success(value) : t.failure(cell, context)
    },
    String
  )

/** A cell with one of the given words, and the number that each word stands for. */
export const wordOf = (numbers: Readonly<Record<string, number>>) =>
  new t.Type<number, string>(
    `one of ${Object.keys(numbers).join(', ')}`,
    t.number.is,
    (cell, context) => {
      const value = typeof cell === 'string' && Object.hasOwn(numbers, cell) ? numbers[cell] : undefined
      return value === undefined ? t.failure(cell, context) : t.success(value)
    },
    (value) => Object.keys(numbers).find((word) => numbers[word] === value) ?? String(value)
  )

/** What csv-parse makes of one row under `info`: its cells, and the line where it ends. */
const Line = t.type({ record: t.array(t.string), info: t.type({ lines: t.number }) })
type Line = t.TypeOf<typeof Line>

const shown = (cell: unknown): string => (cell === undefined ? 'nothing' : JSON.stringify(cell))

const header = <Row>(sheet: Sheet<Row>, line: Line | undefined): readonly Misfit[] =>
  Array.from({ length: Math.max(sheet.columns.length, line?.record.length ?? 0) }, (_, i) => i)
    .filter((i) => line?.record[i] !== sheet.columns[i])
    .map((i) => ({
      file: sheet.file,
      line: line?.info.lines ?? 1,
      column: `${i + 1} of the header`,
      found: shown(line?.record[i]),
      allowed: shown(sheet.columns[i])
    }))

const decodeLine = <Row>(sheet: Sheet<Row>) => ({ record, info }: Line): E.Either<readonly Misfit[], Row> => {
  const at = { file: sheet.file, line: info.lines }
  const decoded = sheet.row.decode(Object.fromEntries(sheet.columns.map((column, i) => [column, record[i]])))
  const surplus: readonly Misfit[] = record
    .slice(sheet.columns.length)
    .map((cell, i) => ({ ...at, column: `number ${sheet.columns.length + i + 1}`, found: shown(cell), allowed: 'nothing' }))
  return F.pipe(
    decoded,
    E.mapLeft((errors): readonly Misfit[] => [...errors.map(misfit(at)), ...surplus]),
    E.filterOrElse(() => surplus.length === 0, () => surplus)
  )
}

const misfit = (at: { readonly file: string; readonly line: number }) => ({ context, value }: t.ValidationError): Misfit => {
  const last = context[context.length - 1]
  return { ...at, column: last?.key ?? 'any', found: shown(value), allowed: last?.type.name ?? 'a row that fits' }
}

/** What csv-parse refuses, such as a quote inside a cell, with the line where it stopped. */
const unreadable = (file: string) => (error: unknown): N.NonEmptyArray<Misfit> => [{
  file,
  line: error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 1,
  column: 'any',
  found: error instanceof Error ? error.message : String(error),
  allowed: 'comma-separated values'
}]

const lines = <Row>({ file }: Sheet<Row>, text: string): E.Either<N.NonEmptyArray<Misfit>, readonly Line[]> =>
  F.pipe(
    E.tryCatch(() => parse(text, { info: true, relax_column_count: true, skip_empty_lines: true, bom: true }), F.identity),
    E.chainW((rows) => F.pipe(t.array(Line).decode(rows), E.mapLeft(() => 'rows of another form'))),
    E.mapLeft(unreadable(file))
  )

const miscount = <Row>(sheet: Sheet<Row>, rows: number): readonly Misfit[] =>
  rows === sheet.rows
    ? []
    : [{ file: sheet.file, line: rows + 1, column: 'any', found: `${rows} rows`, allowed: `${sheet.rows} rows` }]

/** All rows of the text, or every misfit: of the header, of each cell, of the number of rows. */
export const decode = <Row>(sheet: Sheet<Row>) => (text: string): E.Either<N.NonEmptyArray<Misfit>, readonly Row[]> =>
  F.pipe(
    lines(sheet, text),
    E.chain(([first, ...rest]) => {
      const { left, right } = A.separate(rest.map(decodeLine(sheet)))
      return F.pipe(
        N.fromArray([...header(sheet, first), ...left.flat(), ...miscount(sheet, rest.length)]),
        O.match(() => E.right(right), E.left)
      )
    })
  )
