import { expect, it } from 'vitest'
import { formatAge } from '../../../../dashboard/view/texts.ts'
import { timeWithAge } from '../../../../dashboard/view/times.ts'

const LONG_MS = 90_000

it.each([
  [-LONG_MS, `${formatAge(LONG_MS)} ago`],
  [-400, 'now'],
  [0, 'now'],
  [400, 'now'],
  [LONG_MS, `in ${formatAge(LONG_MS)}`],
])('a time %s ms from now is %j', (ms, age) => {
  const now = new Date('2026-03-01T12:00:00Z')
  expect(timeWithAge(new Date(now.getTime() + ms), now).markup).toContain(`>${age}</span>`)
})
