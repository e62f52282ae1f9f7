import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/**
 * Owns the browser of the tests: a Chromium that is installed, never one that is downloaded.
 * Guarantees: it makes no request of its own; a page's faults are collected, not lost.
 */

const INSTALLED_AT = '/usr/bin/chromium'
const FLAGS =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

// Scripts for the page are texts: the project's types know no browser.
const REPORT_POLICY_VIOLATIONS =
  "addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.effectiveDirective + ' ' + event.blockedURI))"

/** Where Chromium is: `CHROMIUM_PATH`, else Debian's; undefined when there is none. */
export function findChromium(): string | undefined {
  const path = process.env.CHROMIUM_PATH || INSTALLED_AT
  return existsSync(path) ? path : undefined
}

/** Starts Chromium without a window. */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS.split(' ') })
}

export type WatchedPage = {
  readonly page: Page
  /** Console errors and warnings, uncaught errors, violations of the content policy, failed requests, requests to elsewhere. */
  readonly faults: readonly string[]
}

/** Opens a page in a context of its own, and listens to all that goes wrong in it. */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      faults.push(`elsewhere: ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`)
  })
  await page.addInitScript({ content: REPORT_POLICY_VIOLATIONS })
  return { page, faults }
}
