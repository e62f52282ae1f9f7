import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { TIMEOUT_MS, useForgetting } from '../../helpers/memory/forgetting-fixture.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** What is kept is given out, and goes by itself when it is old. */

const { runtimes, servers, addresses, start, whereIs, record, insertTurns } = useForgetting()

it(
  'retention erases what is old, keeps what is important, and is off by default',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'retained'
    await record(runtime, orgId, { word: 'dodo', workstreamId: 'a' })
    await record(runtime, orgId, { word: 'phoenix', workstreamId: 'a' })
    await untilSettled(runtime, orgId)
    await sql`update memories set importance = case when fact like '%phoenix%' then 0.9 else 0.5 end where org_id = ${orgId}`.execute(
      runtime.database,
    )
    await runtime.disconnect()
    const inAMonth = { ...systemClock, now: () => new Date(Date.now() + 31 * 86_400_000) }
    const settings = { ...addresses(), openaiBaseUrl: servers.model.url, embeddingDims: 64 }
    const lenient = await runtimes.start(settings, { clock: inAMonth })
    await lenient.startWorkers(['memory-digest'])
    await record(lenient, orgId, { word: 'sparrow', workstreamId: 'b' })
    await untilSettled(lenient, orgId)
    expect(await whereIs(lenient, 'dodo')).not.toEqual([])
    await lenient.disconnect()
    const strict = await runtimes.start({ ...settings, retentionDays: 30 }, { clock: inAMonth })
    await strict.startWorkers(['memory-digest'])
    await until(
      () => whereIs(strict, 'dodo'),
      (places) => places.length === 0,
    )
    for (const word of ['phoenix', 'sparrow']) expect(await whereIs(strict, word)).not.toEqual([])
    expect((await strict.memory.list({ orgId })).map(({ fact }) => /phoenix|sparrow/.exec(fact)?.[0]).sort()).toEqual([
      'phoenix',
      'sparrow',
    ])
  },
  TIMEOUT_MS,
)

it(
  'an export gives out all of an org, and of a user only what is theirs, page by page',
  async () => {
    const runtime = await start()
    await runtime.startWorkers()
    const orgId = 'exported'
    await record(runtime, orgId, { word: 'panda', workstreamId: 'a', userId: 'u1' })
    await record(runtime, orgId, { word: 'koala', workstreamId: 'a', userId: 'u2' })
    await untilSettled(runtime, orgId)
    const call = { id: 'c1', type: 'function' as const, function: { name: 'look', arguments: '{"at":"llama"}' } }
    const asked = [
      { role: 'user' as const, content: [{ type: 'image_url' as const, image_url: { url: 'https://a.b/c' } }] },
      { role: 'assistant' as const, content: null, tool_calls: [call] },
      { role: 'tool' as const, content: 'A llama.', tool_call_id: 'c1' },
    ]
    await runtime.memory.recordTurn({ orgId, workstreamId: 'b', turnId: 'tools', messages: asked })
    await untilSettled(runtime, orgId)
    await insertTurns(runtime, orgId, 450, 'sheep')
    await runtime.states.save({ orgId, userId: 'u1', stateId: 's', state: { step: 1, seal: new Uint8Array([1]) } })
    await runtime.states.save({ orgId, userId: 'u2', stateId: 's', state: { step: 1 }, tags: ['mink'] })
    await runtime.states.save({ orgId, userId: 'u2', stateId: 's', state: { step: 2 } })
    const checkpoint = { orgId, ns: '', checkpointId: 'c1', filter: {}, versions: { x: 1 }, body: Buffer.from('body') }
    for (const userId of ['u1', 'u2'])
      await runtime.checkpoints.put({
        ...checkpoint,
        userId,
        threadId: `of-${userId}`,
        values: new Map([['x', Buffer.from(`ferret ${userId}`)]]),
      })
    const read = async (input: { orgId: string; userId?: string }) => {
      const lines: Record<string, unknown>[] = []
      for await (const line of runtime.memory.export(input)) lines.push(JSON.parse(line))
      return lines
    }
    const all = await read({ orgId })
    expect(all.filter(({ type }) => type === 'turn')).toHaveLength(453)
    expect(all[0]).toMatchObject({
      type: 'turn',
      workstreamId: 'a',
      userId: 'u1',
      messages: [{ role: 'user', name: 'Maya', content: expect.stringContaining('panda') }],
    })
    expect(all.filter(({ type }) => type === 'memory')).toMatchObject([
      {
        fact: expect.stringContaining('panda'),
        validTo: null,
        sources: [{ workstreamId: 'a', quote: expect.any(String) }],
      },
      { fact: expect.stringContaining('koala') },
    ])
    expect(all.find(({ turnId }) => turnId === 'tools')).toMatchObject({ messages: asked })
    expect(all.filter(({ type }) => type === 'state')).toMatchObject([
      { stateId: 's', userId: 'u1', version: 1, state: { step: 1, seal: { '\0': 'AQ==' } } },
      { userId: 'u2', version: 1, state: { step: 1 }, tags: ['mink'] },
      { userId: 'u2', version: 2, state: { step: 2 }, tags: ['mink'] },
    ])
    expect(all.filter(({ type }) => type === 'checkpoint')).toMatchObject([
      { threadId: 'of-u2', checkpointId: 'c1', body: 'body', values: { x: 'ferret u2' }, writes: [] },
      { threadId: 'of-u1' },
    ])
    const own = await read({ orgId, userId: 'u1' })
    expect(own.map(({ type }) => type)).toEqual(['turn', 'memory', 'event', 'event', 'state', 'checkpoint'])
    expect(JSON.stringify(own)).not.toContain('koala')
    expect(JSON.stringify(own)).not.toContain('mink')
    expect(await read({ orgId: 'nobody' })).toEqual([])
    expect(() => runtime.memory.export({ orgId: '' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  },
  TIMEOUT_MS,
)
