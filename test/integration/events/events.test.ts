import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { FollowedEvent } from '../../../shared/events/events.ts'
import { appendEvent } from '../../../shared/store/events/event-streams.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** `runtime.events`: appended once, read and followed from any process. */

const runtimes = useRuntimes(useStore())
const stream = ['import', '17']
const newOrg = () => crypto.randomUUID()
const publish = (runtime: Runtime, orgId: string, eventId: string, more: object = {}) =>
  runtime.events.publish({ orgId, stream, eventId, type: 'step', data: { eventId }, ...more })

/** What a follower gets, up to a number of things. */
async function take(follower: AsyncIterable<FollowedEvent>, count: number): Promise<FollowedEvent[]> {
  const taken: FollowedEvent[] = []
  for await (const one of follower) if (taken.push(one) === count) break
  return taken
}
const seen = (followed: readonly FollowedEvent[]) =>
  followed.map((one) => (one.kind === 'event' ? one.eventId : `reset: ${one.reason}`))

it('a follower in another process gets what was published before and what comes, and ends with the stream', async () => {
  const [publisher, reader] = [await runtimes.start(), await runtimes.start()]
  const orgId = newOrg()
  await publish(publisher, orgId, 'a')
  const following = take(reader.events.follow({ orgId, stream }), Number.POSITIVE_INFINITY)
  await publish(publisher, orgId, 'b')
  await publish(publisher, orgId, 'c', { ends: true })
  expect(seen(await following)).toEqual(['a', 'b', 'c'])
  await expect(publish(publisher, orgId, 'd')).rejects.toMatchObject({ code: 'STREAM_ENDED', recorded: 'no' })
})

it('the same event again is none; another under its id is a conflict, also after the end', async () => {
  const runtime = await runtimes.start()
  const orgId = newOrg()
  const first = await publish(runtime, orgId, 'a', { ends: true })
  expect(await publish(runtime, orgId, 'a', { ends: true })).toEqual({ ...first, deduplicated: true })
  await expect(publish(runtime, orgId, 'a', { data: 1 })).rejects.toMatchObject({ code: 'EVENT_CONFLICT' })
})

it('reads what was just published, waits for what comes, and continues from every cursor', async () => {
  const runtime = await runtimes.start()
  const orgId = newOrg()
  const waiting = runtime.events.read({ orgId, stream, waitMs: 20_000 })
  const { cursor } = await publish(runtime, orgId, 'a')
  expect((await waiting).events.map(({ eventId }) => eventId)).toEqual(['a'])
  await publish(runtime, orgId, 'b')
  const page = await runtime.events.read({ orgId, stream, after: cursor })
  expect(page).toMatchObject({
    events: [{ eventId: 'b', seq: 2, data: { eventId: 'b' } }],
    state: 'open',
    hasMore: false,
  })
  expect(await runtime.events.read({ orgId, stream, after: page.cursor })).toMatchObject({
    events: [],
    cursor: page.cursor,
  })
  expect(await runtime.events.read({ orgId, stream, limit: 1 })).toMatchObject({ cursor, hasMore: true })
  // An unknown stream is an open one without events: its publisher may be late.
  expect(await runtime.events.read({ orgId, stream: ['other'] })).toMatchObject({ events: [], state: 'open' })
})

it('a cursor that cannot be continued is told once', async () => {
  const runtime = await runtimes.start()
  const orgId = newOrg()
  const { cursor } = await publish(runtime, orgId, 'a')
  await publish(runtime, orgId, 'b')
  for (const after of ['forged', 'AAAAAAAA.1', cursor.replace(/\d+$/, '999'), `${cursor}.1`]) {
    const followed = await take(runtime.events.follow({ orgId, stream, after }), 3)
    expect(seen(followed), after).toEqual([expect.stringMatching(/^reset: (unknown_cursor|erased)$/), 'a', 'b'])
  }
  await runtime.memory.erase({ orgId })
  await publish(runtime, orgId, 'c')
  expect(seen(await take(runtime.events.follow({ orgId, stream, after: cursor }), 2))).toEqual(['reset: erased', 'c'])
})

it('a viewer sees what is its own and what is everybody’s, and nobody sees another org’s', async () => {
  const runtime = await runtimes.start()
  const orgId = newOrg()
  await publish(runtime, orgId, 'org')
  await publish(runtime, orgId, 'maya', { userId: 'maya' })
  await publish(runtime, orgId, 'leo', { userId: 'leo' })
  await publish(runtime, orgId, 'of-maya-for-all', { userId: 'maya', scope: 'org' })
  const read = async (viewer: object, org = orgId) =>
    (await runtime.events.read({ orgId: org, stream, viewer })).events.map(({ eventId }) => eventId)
  expect(await read({})).toEqual(['org', 'of-maya-for-all'])
  expect(await read({ userId: 'maya' })).toEqual(['org', 'maya', 'of-maya-for-all'])
  expect(await read({ userId: 'maya' }, newOrg())).toEqual([])
  const exported: string[] = []
  for await (const line of runtime.memory.export({ orgId, userId: 'maya' })) exported.push(JSON.parse(line).eventId)
  expect(exported).toEqual(['maya', 'of-maya-for-all'])
})

it('the end arrives although its PUBLISH was swallowed', async () => {
  const [publisher, reader] = [await runtimes.start(), await runtimes.start()]
  const orgId = newOrg()
  await publish(publisher, orgId, 'a')
  const following = reader.events.follow({ orgId, stream })[Symbol.asyncIterator]()
  await following.next()
  const rest = take({ [Symbol.asyncIterator]: () => following }, Number.POSITIVE_INFINITY)
  // Straight into the store: no process is told.
  const last = { eventId: 'b', type: 'step', data: '{}', audience: '' }
  await appendEvent(publisher.database, { orgId, stream }, last, { at: new Date(), ends: true })
  expect(seen(await rest)).toEqual(['b'])
})

it('tells what the fleet did, in the order of commits, with ids and without texts', async () => {
  const runtime = await runtimes.start()
  const orgId = newOrg()
  await runtime.startWorkers()
  await runtime.memory.recordTurn(turn(1, { orgId, userId: 'maya' }))
  const workstream = ['workstream', turn(1, { orgId }).workstreamId]
  const viewer = { userId: 'maya' }
  const followed = await take(runtime.events.follow({ orgId, stream: workstream, viewer }), 2)
  expect(followed).toMatchObject([
    { type: 'turn.extracted', data: { turnId: turn(1, { orgId }).turnId } },
    { type: 'memory.created', data: { memoryId: expect.any(Number) } },
  ])
  expect((await runtime.events.read({ orgId, stream: workstream })).events).toEqual([])
  const fact = (await runtime.memory.list({ orgId, userId: 'maya' }))[0]?.fact as string
  expect(JSON.stringify(followed)).not.toContain(fact)
  const { id } = await runtime.memory.erase({ orgId, userId: 'maya' })
  expect((await runtime.events.read({ orgId, stream: workstream, viewer })).events).toEqual([])
  expect((await runtime.events.read({ orgId, stream: ['org'] })).events).toMatchObject([
    { type: 'erasure.completed', data: { erasureId: id, turns: 1 } },
  ])
})

it('refuses what it cannot hold, with the path', async () => {
  const runtime = await runtimes.start()
  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  const refused = async (more: object) =>
    publish(runtime, 'acme', 'a', more).then(
      () => 'taken',
      (error) => `${error.code}: ${error.message}`,
    )
  expect(await refused({ data: 'x'.repeat(64 * 1_024 - 1) })).toMatch(/^INPUT_INVALID.*at most 65536 bytes/)
  expect(await refused({ data: deep(33) })).toMatch(/^INPUT_INVALID.*data: expected at most 32 levels/)
  expect(await refused({ data: { text: 'a\0b' } })).toMatch(/^INPUT_INVALID.*data\.text/)
  expect(await refused({ stream: ['workstream', 'w'] })).toMatch(/^INPUT_INVALID.*a name of your own/)
  expect(await refused({ stream: [] })).toMatch(/^INPUT_INVALID/)
  expect(await refused({ type: 'a\nb' })).toMatch(/^INPUT_INVALID/)
  expect(await refused({ type: 'reset' })).toMatch(/^INPUT_INVALID.*which is taken/)
  expect(await refused({ scope: 'user' })).toMatch(/^INPUT_INVALID.*the id that the scope names/)
  await expect(runtime.events.read({ orgId: 'acme', stream: ['a\0'] })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  await publish(runtime, 'acme', 'null', { stream: ['nulls'], data: null })
  const { events } = await runtime.events.read({ orgId: 'acme', stream: ['nulls'] })
  expect(events).toMatchObject([{ data: null }])
})

it('a follower ends with its signal, and with the runtime', async () => {
  const runtime = await runtimes.start()
  const stop = new AbortController()
  const outcomes = [stop.signal, undefined].map((signal) =>
    take(runtime.events.follow({ orgId: newOrg(), stream, ...(signal && { signal }) }), 1).catch((error) => error),
  )
  stop.abort(new Error('enough'))
  expect(await outcomes[0]).toMatchObject({ message: 'enough' })
  await runtime.disconnect()
  expect(await outcomes[1]).toMatchObject({ code: 'RUNTIME_CLOSED' })
})

it('an org is followed across its streams, with the words of memories as far as the viewer sees them now', async () => {
  const [runtime, reader] = [await runtimes.start(), await runtimes.start()]
  const orgId = newOrg()
  const stop = new AbortController()
  const following = (async () => {
    const events: string[] = []
    for await (const one of reader.events.followOrg({ orgId, viewer: { userId: 'maya' }, signal: stop.signal })) {
      if (one.kind === 'event') events.push(`${one.stream.join('/')} ${one.type}`)
      if (events.length === 4) break
    }
    return events
  })()
  await publish(runtime, orgId, 'a')
  const fact = 'Maya likes green tea.'
  const { memoryId } = await runtime.memory.add({ orgId, userId: 'maya', fact })
  await runtime.memory.add({ orgId, userId: 'ben', fact: 'Ben likes black tea.' })
  await publish(runtime, orgId, 'b', { stream: ['b'] })
  await publish(runtime, orgId, 'c')
  const all = ['import/17 step', 'org memory.created', 'b step', 'import/17 step']
  expect(await following).toEqual(all)

  const read = (more: object = {}) => runtime.events.readOrg({ orgId, viewer: { userId: 'maya' }, ...more })
  const first = await read({ limit: 2, texts: true })
  expect(first).toMatchObject({ hasMore: true, events: [{ eventId: 'a' }, { data: { memoryId }, text: fact }] })
  const rest = await read({ after: first.cursor })
  expect(rest.events.map(({ eventId }) => eventId)).toEqual(['b', 'c'])
  expect(rest.events.map(({ stream: name }) => name)).toEqual([['b'], stream])
  const stranger = await runtime.events.readOrg({ orgId, texts: true })
  expect(JSON.stringify(stranger)).not.toContain('tea')
  expect((await runtime.events.readOrg({ orgId: newOrg() })).events).toEqual([])

  const waiting = read({ after: rest.cursor, waitMs: 20_000 })
  await publish(runtime, orgId, 'd')
  expect((await waiting).events).toMatchObject([{ eventId: 'd' }])
  await runtime.memory.forget({ orgId, memoryId })
  await runtime.memory.erase({ orgId, userId: 'maya' })
  expect(JSON.stringify(await read({ texts: true }))).not.toContain('tea')
  expect(await read({ after: 'of another system' })).toMatchObject({ reset: 'unknown_cursor' })
  const ahead = await read({ after: '9000000000000000000.1.1' })
  expect(ahead).toMatchObject({ reset: 'unknown_cursor', events: [] })
  const { reset, events } = await read({ after: ahead.cursor })
  expect([reset, events.length > 0]).toEqual([undefined, true])
})
