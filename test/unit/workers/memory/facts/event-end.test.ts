import { expect, it } from 'vitest'
import { endOfEvent, type ToldEvent } from '../../../../../workers/memory/facts/event-end.ts'

const end = (fact: string, day: string | undefined, more: Partial<ToldEvent> = {}) =>
  endOfEvent({
    kind: 'event',
    attribute: null,
    fact,
    day,
    toldOn: '2026-03-02',
    timeZone: null,
    ...more,
  })?.toISOString()

it('is over as its last day ends, where its speaker is', () => {
  expect(end('Ana sees the dentist on Friday (2026-03-06).', '2026-03-06')).toBe('2026-03-07T00:00:00.000Z')
  expect(end('Ana fährt am 6. März 2026 nach Kiel.', '2026-03-06')).toBe('2026-03-07T00:00:00.000Z')
  expect(end('The fair is from 4 to 7 May 2026.', '2026-05-04')).toBe('2026-05-08T00:00:00.000Z')
  expect(end('Ana sees the dentist on Friday (2026-03-06).', '2026-03-06', { timeZone: 'America/Los_Angeles' })).toBe(
    '2026-03-07T08:00:00.000Z',
  )
  expect(end('The launch is on 2026-03-06.', '2026-03-06', { kind: 'fact', attribute: 'date' })).toBe(
    '2026-03-07T00:00:00.000Z',
  )
})

it('is over with the month or year that it names', () => {
  expect(end('The congress is next month (2026-04).', '2026-04-01')).toBe('2026-05-01T00:00:00.000Z')
  expect(end('The congress is in June 2026.', '2026-06-01')).toBe('2026-07-01T00:00:00.000Z')
  expect(end('The congress is in the summer.', '2026-06-01')).toBe('2026-07-01T00:00:00.000Z')
  expect(end('The games are in 2028.', '2028-01-01')).toBe('2029-01-01T00:00:00.000Z')
})

it('never ends for what is past when told, comes again, is due, or lasts', () => {
  expect(end('Ana ran a marathon on 2026-03-01.', '2026-03-01')).toBeUndefined()
  expect(end('Ana ran a marathon today (2026-03-02).', '2026-03-02')).toBeUndefined()
  expect(end('Ana sees a doctor.', undefined)).toBeUndefined()
  expect(end("Ana's birthday is on 2026-05-03.", '2026-05-03')).toBeUndefined()
  expect(end('Anas Geburtstag ist am 3. Mai 2026.', '2026-05-03')).toBeUndefined()
  expect(end('The choir meets every Friday, from 2026-03-06 on.', '2026-03-06')).toBeUndefined()
  expect(end('Ana must send the report by Friday (2026-03-06).', '2026-03-06')).toBeUndefined()
  expect(end('Ich muss bis Freitag (2026-03-06) den Bericht schicken.', '2026-03-06')).toBeUndefined()
  expect(end('Ana is on holiday for 3 weeks from 2026-03-06.', '2026-03-06')).toBeUndefined()
  expect(end('Ana works at Siemens from 2026-04-01 on.', '2026-04-01', { kind: 'fact' })).toBeUndefined()
  expect(end('Ana has a permit.', '9999-12-31')).toBeUndefined()
})
