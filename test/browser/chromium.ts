/** A Chromium of this machine, without a window. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where Chromiums usually are. */
const usual = [
  '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'
]

/** The one that the environment names by CHROMIUM, which must be there, else the first of the usual ones; `undefined` where none is. */
export const chromium = (named = process.env.CHROMIUM): string | undefined => {
  if (named !== undefined && !existsSync(named)) throw new Error(`CHROMIUM: found ${named}, allowed: a program that is there`)
  return named ?? usual.find((path) => existsSync(path))
}

/** Of its own accord it asks nobody anything. As root it has no sandbox. */
const flags = [
  '--headless', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
]

/** Opens a page with a profile of its own; what comes back closes it, and resolves when all is gone. */
export const open = (program: string, address: string): (() => Promise<void>) => {
  const profile = mkdtempSync(join(tmpdir(), 'tikhonov-chromium-'))
  const browser = spawn(program, [...flags, `--user-data-dir=${profile}`, address], { stdio: 'ignore' })
  const gone = new Promise<void>((resolve) => {
    browser.once('exit', () => { resolve() })
    browser.once('error', () => { resolve() })
  })
  return async () => {
    browser.kill()
    await gone
    // Its helpers may still be writing there.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}
