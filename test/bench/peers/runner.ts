/** A contender's process: questions go in as lines of JSON, answers come out of its file descriptor 3. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Contender } from './contenders.js'

/** What a process may answer; which fields are there depends on the question. */
interface Answer {
  readonly error?: string
  readonly does?: string
  readonly milliseconds?: number
  /** A number that is none (NaN, ∞) arrives as null. */
  readonly outputs?: readonly (number | null)[]
}

export interface Runner {
  readonly ask: (question: Readonly<Record<string, unknown>>) => Promise<Answer>
  readonly close: () => void
}

/** A step that takes longer than this will not be waited for. */
const patienceSeconds = 180

export const start = ({ command, args }: Contender): Runner => {
  // What a library prints goes to our stderr: the answers have a pipe of their own.
  const child = spawn(command, [...args], { stdio: ['pipe', 2, 2, 'pipe'] })
  // The first of `stdio` above is a pipe from us to the child, the fourth one from it to us.
  const [questions, answers] = [child.stdio[0] as Writable, child.stdio[3] as Readable]
  let waiting: ((answer: Answer) => void) | undefined
  let over: string | undefined
  const tell = (answer: Answer): void => {
    const to = waiting
    waiting = undefined
    to?.(answer)
  }
  const end = (why: string): void => {
    over ??= why
    tell({ error: over })
  }
  // The processes are ours and write what `Answer` says.
  createInterface({ input: answers }).on('line', (line) => { tell(JSON.parse(line) as Answer) })
  child.on('error', (error) => { end(error.message) })
  child.on('exit', (code, signal) => { end(`its process ended with ${signal ?? `exit code ${code ?? '?'}`}`) })
  questions.on('error', (error) => { end(error.message) })
  return {
    ask: (question) => new Promise((resolve) => {
      if (over !== undefined) {
        resolve({ error: over })
        return
      }
      const timer = setTimeout(() => {
        end(`no answer within ${patienceSeconds} s`)
        child.kill('SIGKILL')
      }, patienceSeconds * 1000)
      waiting = (answer) => {
        clearTimeout(timer)
        resolve(answer)
      }
      questions.write(`${JSON.stringify(question)}\n`)
    }),
    close: () => {
      questions.end()
      child.kill()
    }
  }
}
