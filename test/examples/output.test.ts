import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

const output = new URL('../../examples/output.ts', import.meta.url).href

it('whoever stops reading the rows ends the program without a trace', async () => {
  const script = `import { say } from ${JSON.stringify(output)}; setInterval(() => { for (let i = 0; i < 1000; i++) say('a row') }, 1)`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type', 'module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const remarks: string[] = []
  child.stderr.on('data', (chunk) => remarks.push(String(chunk)))
  child.stdout.once('data', () => { child.stdout.destroy() })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(remarks).toEqual([])
})
