/** The files of this folder, or everything that is wrong with them. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { either as E, function as F, nonEmptyArray as N } from 'fp-ts'
import { decode, explain, type Sheet } from './decode.js'

/** Its bytes, unpacked where it is packed, or why it cannot be read. */
export const read = (file: string): E.Either<N.NonEmptyArray<string>, Buffer> => E.tryCatch(() => {
  const bytes = readFileSync(new URL(file, import.meta.url))
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes
}, (error) => N.of(`${file} cannot be read: ${String(error)}`))

/** Its rows, or everything that is wrong with it. */
export const readSheet = <Row>(sheet: Sheet<Row>): E.Either<N.NonEmptyArray<string>, readonly Row[]> => F.pipe(
  read(sheet.file),
  E.chain((bytes) => F.pipe(decode(sheet)(bytes.toString('utf8')), E.mapLeft(N.map(explain))))
)
