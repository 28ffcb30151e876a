/** The format of MNIST's files: two zeros, the type of a value (8: a byte), the rank, each size in four bytes, then the values. */
import { either as E, type nonEmptyArray as N } from 'fp-ts'

const head = ([...shape]: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 + 4 * shape.length)
  bytes.set([0, 0, 8, shape.length])
  shape.forEach((size, i) => { bytes.writeUInt32BE(size, 4 + 4 * i) })
  return bytes
}

/** The values of a file that has to have this shape. */
export const idx = (file: string, shape: readonly number[]) => (bytes: Buffer): E.Either<N.NonEmptyArray<string>, Uint8Array> => {
  const expected = head(shape)
  const size = expected.length + shape.reduce((a, b) => a * b, 1)
  const [found, allowed] = [bytes.subarray(0, expected.length), expected].map((part) => part.toString('hex'))
  if (found !== allowed) return E.left([`${file}, its head: found ${found}, allowed: ${allowed}, bytes of the shape [${shape.join(', ')}]`])
  return bytes.length === size ? E.right(bytes.subarray(expected.length))
    : E.left([`${file}: found ${bytes.length} bytes, allowed: ${size}`])
}
