/** Serves the built package and the page to a browser on this machine, with the headers that isolate a page or without. */
import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import ts from 'typescript'
import manifest from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')

/** What makes a page cross-origin isolated, so that its threads may share memory. */
const isolating = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' } as const

/** Where the names that modules import are: the build of each entry, and the peers. */
const imports = {
  ...Object.fromEntries(Object.entries(manifest.exports).flatMap(([path, target]) =>
    (typeof target === 'string' ? [] : [[path.replace(/^\./, 'tikhonov'), target.import.default.replace(/^\./, '')]]))),
  'fp-ts': '/node_modules/fp-ts/es6/index.js',
  'rxjs': '/node_modules/rxjs/dist/esm/index.js'
}

const html = `<!doctype html><meta charset="utf-8"><title>tikhonov</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/test/browser/page.ts"></script>`

const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext }

/** A file as a page reads it: modules name others without their extension, or by their folder, or in this one by what they become. */
const read = async (path: string): Promise<string> => {
  if (path === '/') return html
  const inside = join(root, normalize(path))
  if (path.startsWith('/test/browser/')) {
    return ts.transpileModule(await readFile(inside.replace(/\.js$/, '.ts'), 'utf8'), { compilerOptions }).outputText
  }
  const file = [inside, `${inside}.js`, join(inside, 'index.js')].find((each) => existsSync(each) && statSync(each).isFile())
  return readFile(file ?? inside, 'utf8')
}

const body = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** A server that answers until it is closed; `found` is what a page posts. */
export interface Server {
  readonly address: string
  readonly found: Promise<string>
  readonly close: () => void
}

/** Begins to serve. */
export const serve = (isolated: boolean): Promise<Server> => new Promise((resolve) => {
  const posted: { tell?: (text: string) => void } = {}
  const found = new Promise<string>((tell) => { posted.tell = tell })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const headers = { ...(isolated ? isolating : {}), 'Content-Type': path === '/' ? 'text/html' : 'text/javascript' }
    if (request.method === 'POST') {
      posted.tell?.(await body(request))
      response.writeHead(204, headers).end()
      return
    }
    await read(path).then(
      (text) => response.writeHead(200, headers).end(text),
      () => response.writeHead(404, headers).end()
    )
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1', () => {
    const at = server.address()
    const port = typeof at === 'object' && at !== null ? at.port : 0
    resolve({
      address: `http://127.0.0.1:${port}/`, found,
      close: () => {
        server.close()
        server.closeAllConnections()
      }
    })
  })
})
