import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Database } from '../../shared/store/database.ts'
import { requestErasure } from '../../shared/store/erasing/erasures.ts'
import { eraseEvents } from '../../shared/store/events/erase-events.ts'
import { appendEvent, appending, type NewEvent, type StreamKey } from '../../shared/store/events/event-streams.ts'
import { readStreamHeads, readStreamPage } from '../../shared/store/events/read-events.ts'
import { ORG_BEGINNING, readOrgEvents } from '../../shared/store/events/read-org-events.ts'
import { trimEvents } from '../../shared/store/events/trim-events.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { until } from '../helpers/until.ts'

let database: Database
let key: StreamKey
useDatabase((opened, orgId) => {
  database = opened
  key = { orgId, stream: ['import', '17'] }
})

const AT = new Date('2026-05-01T12:00:00Z')
const LATER = new Date('2026-05-05T12:00:00Z')
const event = (eventId: string, more: Partial<NewEvent> = {}): NewEvent => ({
  eventId,
  type: 'step',
  data: JSON.stringify({ eventId }),
  audience: '',
  ...more,
})
/** As the product's own transactions do. */
const tellMany = (transaction: Database, ids: readonly string[]) =>
  sql`with ${appending(
    key,
    sql`select nth, given as type, '' as audience, null::text as user_id, null::text as turn_id, null::bigint as memory, '{}' as data
      from unnest(${ids}::text[]) with ordinality as g (given, nth)`,
    AT,
  )} select 1`.execute(transaction)
const append = (eventId: string, more: Partial<NewEvent> = {}, options = { at: AT, ends: false }) =>
  appendEvent(database, key, event(eventId, more), options)
const read = (afterSeq = 0, limit = 100, maxBytes = 1_000_000) =>
  readStreamPage(database, key, { afterSeq, limit, maxBytes })

it('seq has no gap and no double, whoever appends at once, and what is refused takes none', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => append(`e${n % 30}`)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(30)
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: '23505' })
  const page = await read()
  expect(page?.events.map(({ seq }) => seq)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
  expect(page?.head).toMatchObject({ firstSeq: 1, lastSeq: 30, isEnded: false })
})

it('nobody sees the next event before the one whose transaction is still open', async () => {
  await append('first')
  const paused = Promise.withResolvers<void>()
  const isInside = Promise.withResolvers<void>()
  const slow = database.transaction().execute(async (transaction) => {
    await tellMany(transaction, ['slow-1', 'slow-2'])
    isInside.resolve()
    await paused.promise
  })
  await isInside.promise
  const quick = append('quick')
  paused.resolve()
  await Promise.all([slow, quick])
  expect((await read())?.events.map(({ seq, type }) => [seq, type])).toEqual([
    [1, 'step'],
    [2, 'slow-1'],
    [3, 'slow-2'],
    [4, 'step'],
  ])
})

it('a stream ends with an event; nothing follows, and its names are no other stream’s', async () => {
  await append('last', {}, { at: AT, ends: true })
  expect(await append('late')).toBeUndefined()
  await appendEvent(database, { ...key, stream: ['import:17'] }, event('other'), { at: AT, ends: false })
  expect((await read())?.head).toMatchObject({ lastSeq: 1, isEnded: true })
  const heads = await readStreamHeads(database, [{ ...key, stream: ['none'] }, key, { ...key, stream: ['import:17'] }])
  expect(heads.map((head) => head?.lastSeq)).toEqual([undefined, 1, 1])
})

it('a page is bounded in events and in bytes, and its first event always fits', async () => {
  for (let n = 0; n < 4; n += 1) await append(`e${n}`, { data: JSON.stringify('x'.repeat(1_000)) })
  expect((await read(0, 2))?.events).toHaveLength(2)
  expect((await read(0, 100, 10))?.events).toHaveLength(1)
  expect((await read(1, 100, 1_500))?.events.map(({ seq }) => seq)).toEqual([2, 3])
})

it('erasing a user leaves empty places that nobody sees; erasing an org leaves nothing, and what comes later is another stream', async () => {
  await append('org')
  await append('maya', { audience: 'user:maya', userId: 'maya' })
  await append('later', {}, { at: LATER, ends: false })
  const erase = async (scope: object) => {
    const erasure = await requestErasure(database, { orgId: key.orgId, ...scope }, { by: 'test', at: AT })
    while (await eraseEvents(database, erasure, AT, 1));
  }
  const before = await read()
  await erase({ userId: 'maya' })
  const after = await read()
  expect(after?.events.map(({ seq, type, audience }) => [seq, type, audience])).toEqual([
    [1, 'step', ''],
    [2, 'erased', 'nobody'],
    [3, 'step', ''],
  ])
  expect(JSON.stringify(after)).not.toContain('maya')
  await erase({})
  expect(await read()).toMatchObject({ head: { epoch: before?.head.epoch, firstSeq: 3, lastSeq: 3 } })
  await requestErasure(database, { orgId: key.orgId }, { by: 'test', at: LATER })
  while (await eraseEvents(database, { orgId: key.orgId }, LATER, 1));
  expect(await read()).toBeUndefined()
  await append('again')
  expect((await read())?.head.epoch).not.toBe(before?.head.epoch)
})

it('retention takes the oldest events and ended streams, and says from where on events are kept', async () => {
  await append('old-1')
  await append('old-2')
  await append('new', {}, { at: LATER, ends: false })
  const ended = { ...key, stream: ['ended'] }
  await appendEvent(database, ended, event('end'), { at: AT, ends: true })
  await trimEvents(database, new Date(AT.getTime() + 1))
  expect(await read()).toMatchObject({ head: { firstSeq: 3, lastSeq: 3 }, events: [{ seq: 3 }] })
  expect(await readStreamHeads(database, [ended])).toEqual([undefined])
})

it('a stream keeps its newest 10,000', async () => {
  const many = Array.from({ length: 10_003 }, (_, n) => `e${n}`)
  await tellMany(database, many)
  await trimEvents(database, new Date(0))
  expect((await read())?.head).toMatchObject({ firstSeq: 4, lastSeq: 10_003 })
})

it('events of a whole org come in the order of transactions, and none before one that is still open', async () => {
  await append('a')
  await appendEvent(database, { ...key, stream: ['b'] }, event('b'), { at: AT, ends: false })
  await append('c')
  // A transaction of another database of this server may be open too.
  const first = await until(
    () => readOrgEvents(database, key, { after: ORG_BEGINNING, limit: 2 }),
    (events) => events.length === 2,
  )
  const rest = await until(
    () => readOrgEvents(database, key, { after: first.at(-1) ?? ORG_BEGINNING, limit: 10 }),
    (events) => events.length > 0,
  )
  expect([...first, ...rest].map(({ stream, eventId }) => [...stream, eventId])).toEqual([
    ['import', '17', 'a'],
    ['b', 'b'],
    ['import', '17', 'c'],
  ])
})
