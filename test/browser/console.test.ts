import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { PAGES } from '../../dashboard/console/catalog.ts'
import type { Dashboard } from '../../dashboard/dashboard.ts'
import { readOverview } from '../../dashboard/overview/read-overview.ts'
import { createRuntime, type Runtime } from '../../runtime.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { insertDeadJobs } from '../../shared/store/control/dead-letters.ts'
import { consoleOptions, PASSWORDS, type Seeded, seedConsole } from '../helpers/console-fixture.ts'
import { startTestDashboard } from '../helpers/dashboard-fixture.ts'
import { removeKeys, useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/services/store.ts'
import { findBarriers } from './barriers.ts'
import { findChromium, launchChromium, openPage } from './chromium.ts'

/** Every page of the console in a real Chromium: light and dark, wide and narrow, without script, by keyboard, with texts that mean harm. */

const chromiumPath = findChromium()
const isRequired = process.env.CI === 'true'
/** Also the id of the org: it stands on nearly every page. */
const HOSTILE = `<img src=x onerror=alert(1)><script>alert(2)</script>"'><svg onload=alert(3)>{{7*7}}\u202e=cmd()${'x'.repeat(150)}`

const LOOKS = [
  { name: 'light and wide', colorScheme: 'light', width: 1_280 },
  { name: 'dark and wide', colorScheme: 'dark', width: 1_280 },
  { name: 'light and narrow', colorScheme: 'light', width: 390 },
  { name: 'dark and narrow', colorScheme: 'dark', width: 390 },
] as const

const runtimes = useRuntimes(useStore())
// All tests look at one fleet.
const redisKeyPrefix = `t-${crypto.randomUUID().slice(0, 18)}`
let runtime: Runtime
let dashboard: Dashboard
let browser: Browser
let seeded: Seeded

describe.skipIf(chromiumPath === undefined && !isRequired)('the console in Chromium', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    if (chromiumPath === undefined) throw new Error('CI needs Chromium at CHROMIUM_PATH or /usr/bin/chromium.')
    runtime = createRuntime(runtimes.config({ redisKeyPrefix }), { log: silentLog })
    await runtime.connect()
    seeded = await seedConsole(runtime, HOSTILE, HOSTILE)
    const dead = {
      queue: 'repo-indexing',
      orgId: HOSTILE,
      attempts: 1,
      failedTries: [],
      diedAt: new Date(),
      code: 'REPO_BROKEN',
    }
    await insertDeadJobs(runtime.database, [
      { ...dead, jobId: HOSTILE, reason: HOSTILE, payload: { orgId: HOSTILE, repoId: HOSTILE } },
    ])
    await runtime.killSwitch.turnOn({ orgId: HOSTILE, by: HOSTILE, reason: HOSTILE })
    dashboard = await startTestDashboard([], { ...consoleOptions(runtime), overview: () => readOverview(runtime) })
    browser = await launchChromium(chromiumPath)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await dashboard?.stop()
    await runtime?.disconnect()
    await removeKeys(inject('redisUrl'), redisKeyPrefix)
  })

  /** An address of every page of the catalogue that needs no more than ids. */
  function addresses(): string[] {
    const org = `orgId=${encodeURIComponent(HOSTILE)}`
    const [letter] = seeded.letterIds
    const needed: Record<string, string> = {
      '/dead-letter': `id=${letter}`,
      '/org': org,
      '/workstream': `${org}&workstreamId=support-42`,
      '/context': `${org}&workstreamId=support-42`,
      '/turn': `${org}&workstreamId=support-42&turnId=turn-1`,
      '/queue': 'queue=memory-digest',
      '/job': `queue=memory-digest&jobId=${seeded.jobId}`,
      '/memories': org,
      '/memory': `${org}&memoryId=${seeded.memoryId}`,
      '/repositories': org,
      '/repository': `${org}&repoId=shop`,
      '/find': `q=${encodeURIComponent(HOSTILE)}`,
    }
    // These two show what an action left behind.
    const pages = PAGES.filter(({ path }) => !['/operation', '/outcome'].includes(path))
    return [
      '/',
      ...pages.map(({ path }) => (needed[path] ? `${path}?${needed[path]}` : path)),
      `/actions/dead-letters.replay?ids=${letter}`,
    ]
  }

  test.each(LOOKS)(
    '$name: every page fits, keeps quiet, and runs nothing of what it shows',
    async ({ colorScheme, width }) => {
      const { page, faults } = await openPage(browser, dashboard.url, { colorScheme, viewport: { width, height: 844 } })
      page.on('dialog', (dialog) => void dialog.dismiss().then(() => expect.unreachable('a script ran')))
      await logIn(page)
      const found: string[] = []
      for (const address of addresses()) {
        const response = await page.goto(dashboard.url + address)
        expect([address, response?.status()]).toEqual([address, 200])
        const here = [...(await page.evaluate<string[]>(FIND_FAULTS)), ...(await findBarriers(page))]
        found.push(...here.map((fault) => `${address}: ${fault}`))
      }
      expect(found).toEqual([])
      expect(faults).toEqual([])
      await page.context().close()
    },
  )

  test('without script and by keyboard: a dead letter is found, selected, and replayed', async () => {
    const { page } = await openPage(browser, dashboard.url, { javaScriptEnabled: false })
    await logIn(page)
    await page.goto(`${dashboard.url}/dead-letters`)
    const [letter] = seeded.letterIds
    await page.getByRole('checkbox', { name: `Select dead letter ${letter}`, exact: true }).focus()
    await page.keyboard.press('Space')
    await page.getByRole('button', { name: 'Replay selected' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Replay?' }).waitFor()
    await page.getByRole('button', { name: 'Replay', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Replayed 1 dead letter.').waitFor()
    await page.getByRole('link', { name: 'Continue' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Dead letters' }).waitFor()
    await page.context().close()
  })
})

async function logIn(page: Page): Promise<void> {
  await page.goto(`${dashboard.url}/login`)
  await page.getByLabel('User').fill('admin')
  await page.getByLabel('Password').fill(PASSWORDS.admin)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}

/** Elements that only a hostile text could have made, what is wider than the screen, and words of ours that a narrow column of a table cut in two. */
const FIND_FAULTS = `(() => {
  const faults = []
  if (document.querySelector('main img, main script, main svg[onload], [onerror]')) faults.push('an element of a text')
  if (document.documentElement.scrollWidth > innerWidth) faults.push('wider than the screen by ' + (document.documentElement.scrollWidth - innerWidth))
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one heading of the page')
  for (const cell of document.querySelectorAll('thead th, td:not(.wide)')) {
    const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    while (innerWidth > 640 && text.nextNode()) {
      const range = document.createRange()
      range.selectNodeContents(text.currentNode)
      if (/^[\\w.]+$/.test(range.toString().trim()) && new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) faults.push('a word on two lines: ' + range)
    }
  }
  return faults
})()`
