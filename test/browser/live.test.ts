import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useApi } from '../helpers/api.ts'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/services/store.ts'
import { findChromium, launchChromium, openPage } from './chromium.ts'

/** The page `/live` as people use it, in a real Chromium: a stream arrives, also over connections that are cut. */

const chromiumPath = findChromium()
const isRequired = process.env.CI === 'true'
let browser: Browser

describe.skipIf(chromiumPath === undefined && !isRequired)('the live page in Chromium', { timeout: 60_000 }, () => {
  const startApi = useApi(useRuntimes(useStore()))
  beforeAll(async () => {
    browser = await launchChromium(chromiumPath as string)
  })
  afterAll(() => browser?.close())

  test('shows each event once and in order, whatever cuts its connection', async () => {
    const { runtime, url, keyOf, cut } = await startApi()
    const orgId = crypto.randomUUID()
    const publish = (n: number, ends = false) =>
      runtime.events.publish({ orgId, stream: ['import', '17'], eventId: `e${n}`, type: 'step', data: { n }, ends })
    const { page, faults } = await openPage(browser, url)
    await page.goto(`${url}/live`)
    await page.getByLabel('Org').fill(orgId)
    await page.getByLabel('Stream').fill('import/17')
    await page.getByLabel('API key').fill(await keyOf(orgId))
    await page.getByRole('button', { name: 'Follow' }).click()
    await publish(0)
    const items = page.getByRole('listitem')
    for (let n = 1; n <= 3; n += 1) {
      await items.nth(n - 1).waitFor()
      cut()
      await publish(n, n === 3)
    }
    await page.getByText('The stream has ended.').waitFor()
    const texts = await items.allTextContents()
    expect(texts.map((text) => JSON.parse(text.slice('step '.length)).data.n)).toEqual([0, 1, 2, 3])
    // A connection that is cut is the point of this test.
    expect(faults.filter((fault) => !fault.includes('ERR_'))).toEqual([])
    await page.context().close()
  })
})
