/** What examples print: rows to standard output, remarks beside them. */

export const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** Who reads the rows may stop reading, and with that the program ends: `npm run genes -- --json | head -1`. */
const unread = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE') process.exit(0)
  note(`The rows cannot be written: ${error.message}`)
  process.exit(1)
}

export const say = (text: string): void => {
  if (!process.stdout.listeners('error').includes(unread)) process.stdout.on('error', unread)
  process.stdout.write(`${text}\n`)
}
