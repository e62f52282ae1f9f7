import { expect, test } from 'vitest'
import { isTimeZone, startOfDay, wallClock } from '../../../shared/time-zone.ts'

test.each([
  ['2026-03-02T02:30:00Z', 'America/Los_Angeles', '2026-03-01T18:30:00.000Z'],
  ['2026-03-01T20:00:00Z', 'Asia/Tokyo', '2026-03-02T05:00:00.000Z'],
  ['2026-03-01T20:00:00Z', 'Asia/Kathmandu', '2026-03-02T01:45:00.000Z'],
  ['0099-06-01T00:00:00Z', 'Europe/Lisbon', '0099-05-31T23:23:15.000Z'],
])('at %s clocks in %s show %s', (moment, zone, wall) => {
  expect(wallClock(new Date(moment), zone).toISOString()).toBe(wall)
})

test.each([
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['2026-03-05', 'Pacific/Auckland', '2026-03-04T11:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, moment) => {
  expect(startOfDay(day, zone).toISOString()).toBe(moment)
})

test('zones are known by their names', () => {
  expect(['Europe/Lisbon', 'UTC', 'Asia/Kolkata'].map(isTimeZone)).toEqual([true, true, true])
  expect(['Mars/Base', '', 'Lisbon'].map(isTimeZone)).toEqual([false, false, false])
})
