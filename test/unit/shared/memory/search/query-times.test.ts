import { expect, it } from 'vitest'
import { timesIn } from '../../../../../shared/memory/search/query-times.ts'

/** A Wednesday. */
const NOW = new Date('2026-03-18T15:00:00Z')
const named = (query: string) =>
  timesIn(query, NOW).map(({ from, to }) => `${from.toISOString().slice(0, 10)}..${to.toISOString().slice(0, 10)}`)

it.each([
  ['what did we do yesterday?', '2026-03-17..2026-03-18'],
  ['the day before yesterday', '2026-03-16..2026-03-17'],
  ['What is planned for tonight', '2026-03-18..2026-03-19'],
  ['last week', '2026-03-09..2026-03-16'],
  ['this weekend', '2026-03-21..2026-03-23'],
  ['last month', '2026-02-01..2026-03-01'],
  ['last year', '2025-01-01..2026-01-01'],
  ['two weeks ago', '2026-03-01..2026-03-08'],
  ['3 days ago', '2026-03-15..2026-03-16'],
  ['in the last 10 days', '2026-03-08..2026-03-19'],
  ['over the past month', '2026-02-18..2026-03-19'],
  ['on Monday', '2026-03-16..2026-03-17'],
  ['on Wednesday', '2026-03-11..2026-03-12'],
  ['on 7 May 2023', '2023-05-07..2023-05-08'],
  ['May 7th, 2023', '2023-05-07..2023-05-08'],
  ['the 1st of Feb. 2024', '2024-02-01..2024-02-02'],
  ['in May 2023', '2023-05-01..2023-06-01'],
  ['in 2023', '2023-01-01..2024-01-01'],
  ['2023-05-07', '2023-05-07..2023-05-08'],
  ['2023-05', '2023-05-01..2023-06-01'],
])('%s', (query, span) => {
  expect(named(query)).toEqual([span])
})

it('a day or month without a year is that of each of the last years', () => {
  expect(named('what did she do in May')).toEqual(
    Array.from({ length: 10 }, (_, back) => `${2026 - back}-05-01..${2026 - back}-06-01`),
  )
  expect(named('on 29 February')).toEqual(['2024-02-29..2024-03-01', '2020-02-29..2020-03-01'])
})

it.each([
  'may I ask?',
  'we march on',
  'the dayglo yesterdays of mayors',
  '31 February 2026',
  '2026-13-01 and 2026-02-30',
  'next Friday',
  '',
  '12345 things',
])('%s names no time', (query) => {
  expect(named(query)).toEqual([])
})
