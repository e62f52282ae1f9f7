import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Finds the barriers of a page for people who see, hear or point less: every rule of axe, as `rule: element`. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate<string[]>(RUN)
}

// A text, as the project's types know no browser.
const RUN =
  "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))"
