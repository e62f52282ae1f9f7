import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Dashboard } from '../../dashboard/dashboard.ts'
import type { Overview } from '../../dashboard/overview/overview.ts'
import {
  type FilledQueues,
  OVERVIEW,
  PASSWORD,
  SECRET,
  startFilledQueues,
  startTestDashboard,
  USER,
} from '../helpers/dashboard-fixture.ts'
import { findChromium, launchChromium, openPage } from './chromium.ts'

/** The dashboard as people use it, in a real Chromium: by keyboard, on a phone, in the dark, with nothing in the console. */

const chromiumPath = findChromium()
const isRequired = process.env.CI === 'true'
if (chromiumPath === undefined && !isRequired) {
  console.log('Browser suite skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium.')
}

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'narrow', options: { colorScheme: 'light', viewport: { width: 390, height: 844 } } },
] as const

/** Names and reasons of the longest kind. */
const LONG = {
  ...OVERVIEW,
  newestDeadLetters: [
    {
      id: 1_234_567,
      subject: `turn ${'0123456789'.repeat(6)} of acme/${'workstream-'.repeat(6)}`,
      queue: 'memory-reembedding',
      code: 'MODEL_REFUSED',
      reason: `The model server at https://${'long-name.'.repeat(12)}example.com answered 401`,
      diedAt: new Date('2026-03-02T18:00:00Z'),
    },
  ],
  newestContexts: OVERVIEW.newestContexts.map((context) => ({
    ...context,
    subject: 'support'.repeat(20),
    tokensBefore: 1_234_567,
    by: 'openai/gpt-4.1-mini-2025-04-14',
  })),
}

let filled: FilledQueues
let dashboard: Dashboard
let browser: Browser
let shown: Overview

describe.skipIf(chromiumPath === undefined && !isRequired)('the dashboard in Chromium', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    if (chromiumPath === undefined) throw new Error('CI needs Chromium at CHROMIUM_PATH or /usr/bin/chromium.')
    filled = await startFilledQueues()
    dashboard = await startTestDashboard(filled.queues, { overview: async () => shown })
    browser = await launchChromium(chromiumPath)
  }, 60_000)
  beforeEach(() => {
    shown = OVERVIEW
  })
  afterAll(async () => {
    await browser?.close()
    await dashboard?.stop()
    await filled?.stop()
  })

  test('by keyboard: log in, read the figures, open a queue and a job, log out', async () => {
    const { page, faults } = await openPage(browser, dashboard.url)
    await page.goto(dashboard.url)
    expect(await page.evaluate('document.activeElement.id')).toBe('user')
    expect(await outlineOfFocus(page)).toMatch(/solid 3px/)
    await logInByKeyboard(page)

    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await page.getByRole('definition').allInnerTexts()).toEqual(
      expect.arrayContaining(['37', '12,345', '4,321', '678', '91,011', 'local rules']),
    )
    expect(
      await page
        .getByRole('row', { name: /memory digest/ })
        .getByRole('cell')
        .allInnerTexts(),
    ).toEqual(['0', '0', '1', '0', '0'])
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
    expect(await page.getByText('Skip to content').boundingBox()).toMatchObject({ x: 16 })

    await focusAndPress(page, page.getByRole('link', { name: 'Queues' }))
    await page.getByRole('link', { name: 'memory digest' }).first().waitFor()
    await page.getByRole('link', { name: 'memory extraction' }).first().click()
    await page.getByText('completed', { exact: false }).first().click()
    await page.locator('a[href*="/queue/memory-extraction/done"]').first().click()
    await page.getByText('"acme"').waitFor()
    const shown = await page.locator('body').innerText()
    expect(shown).toContain('•••')
    expect(shown).not.toContain(SECRET)

    await page.goto(dashboard.url)
    await focusAndPress(page, page.getByRole('button', { name: 'Log out' }))
    await page.getByRole('heading', { name: 'Log in' }).waitFor()
    expect(faults).toEqual([])
    await page.goto(`${dashboard.url}/queues`)
    expect(new URL(page.url()).pathname).toBe('/login')
    await page.context().close()
  })

  test('the board offers nothing that changes a job', async () => {
    const { page, faults } = await openPage(browser, dashboard.url)
    const writes: string[] = []
    await page.goto(`${dashboard.url}/queues/queue/memory-extraction?status=failed`)
    await logInByKeyboard(page)
    page.on('request', (request) => request.method() === 'GET' || writes.push(request.url()))
    await page.locator('a[href*="/queue/memory-extraction/broken"]').first().waitFor()
    for (const name of [/retry/i, /clean/i, /promote/i, /obliterate/i, /pause/i, /add job/i, /empty/i]) {
      expect(await page.getByRole('button', { name }).count(), String(name)).toBe(0)
    }
    expect(await page.locator('body').innerText()).not.toContain(SECRET)
    expect([writes, faults]).toEqual([[], []])
    await page.context().close()
  })

  test.each(LOOKS)('$name: own pages fit the screen and keep quiet', async ({ options }) => {
    const { page, faults } = await openPage(browser, dashboard.url, options)
    await page.goto(dashboard.url)
    expect(await sidewaysScroll(page)).toBe(0)
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor')
    expect(ground === 'rgb(16, 22, 28)').toBe(options.colorScheme === 'dark')
    await logInByKeyboard(page)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await sidewaysScroll(page)).toBe(0)
    shown = LONG
    await page.reload()
    expect(await sidewaysScroll(page)).toBe(0)
    expect(await cutOff(page)).toEqual([])
    await page.goto(`${dashboard.url}/queues/queue/memory-extraction/done`)
    await page.getByText('"acme"').waitFor()
    expect(faults).toEqual([])
    await page.context().close()
  })

  test('a refused try is said where a screen reader hears it', async () => {
    const { page } = await openPage(browser, dashboard.url)
    await page.goto(dashboard.url)
    await page.getByLabel('User').fill(USER)
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(await page.getByRole('alert').innerText()).toBe('User or password is wrong.')
    expect(await page.getByLabel('Password').getAttribute('aria-describedby')).toBe('fault')
    await page.context().close()
  })
})

async function logInByKeyboard(page: Page): Promise<void> {
  // Autofocus comes with the first rendering, which may be after the load.
  await page.locator('#user:focus').waitFor()
  await page.keyboard.type(USER)
  await page.keyboard.press('Tab')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((address) => address.pathname !== '/login')
}

async function focusAndPress(page: Page, target: ReturnType<Page['getByRole']>): Promise<void> {
  await target.focus()
  await page.keyboard.press('Enter')
}

function outlineOfFocus(page: Page): Promise<string> {
  return page.evaluate<string>('getComputedStyle(document.activeElement).outline')
}

function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
}

/** Texts of tables that reach beyond their table, or into the cell beside theirs. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    "[...document.querySelectorAll('main tbody :is(th, td)')].filter((cell) => cell.scrollWidth > cell.clientWidth || " +
      "cell.getBoundingClientRect().right > cell.closest('table').getBoundingClientRect().right).map((cell) => cell.textContent)",
  )
}
