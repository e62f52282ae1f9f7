import { describe, expect, it } from 'vitest'
import { createRuntime } from '../../../runtime.ts'
import { systemClock } from '../../../shared/clock.ts'
import { recordTurn } from '../../../shared/memory/recording/record-turn.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const store = useStore()
const runtimes = useRuntimes(store)

describe('recordTurn', () => {
  it('does not wait for a wake-up that Redis keeps to itself', async () => {
    const { config, database } = await runtimes.start({ enqueueTimeoutMs: 60_000 })
    const never = () => new Promise<never>(() => {})
    const services = { config, database, clock: systemClock, log: silentLog, finishErasure: async () => {} }
    const waking = { scheduleDigest: never, scheduleCompaction: never }
    expect(await recordTurn({ ...services, ...waking }, turn(1, { orgId: 'silent' }))).toMatchObject({
      recorded: 'yes',
    })
  })

  it('works where no Redis is configured, as search does, with one warning; workers refuse to start', async () => {
    const warnings: string[] = []
    const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) }
    const runtime = createRuntime({ databaseUrl: store.url }, { log })
    await runtime.connect()
    for (const n of [1, 2, 3]) await runtime.memory.recordTurn(turn(n, { orgId: 'alone' }))
    const { turns } = await runtime.memory.search({ orgId: 'alone', query: 'where did Maya move?' })
    expect(turns).toHaveLength(3)
    expect(warnings).toEqual([expect.stringContaining('No Redis is configured')])
    await expect(runtime.startWorkers()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      remedy: expect.stringContaining('REDIS_URL'),
    })
    await expect(
      runtime.memory.extractNow({ orgId: 'alone', workstreamId: 'ws', turnId: 'turn-1' }),
    ).rejects.toMatchObject({ code: 'ENQUEUE_TIMEOUT', recorded: 'no' })
    await runtime.disconnect()
  })

  it('makes a turn a memory that search finds, with its source quoted', async () => {
    const runtime = await runtimes.start()
    await runtime.startWorkers()
    const orgId = 'found'
    const answer = await runtime.memory.recordTurn(turn(7, { orgId }))
    expect(answer).toMatchObject({ recorded: 'yes', deduplicated: false })
    expect(answer.digestDueAt?.getTime()).toBeGreaterThan(Date.now() - 1_000)
    await untilSettled(runtime, orgId)

    const { memories, turns } = await runtime.memory.search({ orgId, query: 'where did Maya move?' })
    expect(memories[0]).toMatchObject({
      sources: [{ workstreamId: 'ws', turnId: 'turn-7', quote: 'I moved to house number 7 in Lisbon.' }],
    })
    expect(turns[0]).toMatchObject({ turnId: 'turn-7', text: 'Maya: I moved to house number 7 in Lisbon.' })
  })

  it('takes messages in parts; only their words are extracted and found', async () => {
    const runtime = await runtimes.start()
    await runtime.startWorkers()
    const orgId = 'parts'
    const ask = { id: 'call-1', type: 'function' as const, function: { name: 'look_up', arguments: '{"who":"Maya"}' } }
    const image = { type: 'image_url' as const, image_url: { url: 'https://images.example/1.png' } }
    const parts = turn(1, {
      orgId,
      messages: [
        { role: 'user', name: 'Maya', content: [{ type: 'text', text: 'I moved to Lisbon in March.' }, image] },
        { role: 'assistant', content: null, tool_calls: [ask] },
        { role: 'tool', tool_call_id: 'call-1', content: 'Maya lives in Porto.' },
      ],
    })
    const pictures = turn(2, { orgId, messages: [{ role: 'user', content: [image] }] })
    for (const given of [parts, pictures]) {
      expect(await runtime.memory.recordTurn(given)).toMatchObject({ deduplicated: false })
      expect(await runtime.memory.recordTurn(given)).toMatchObject({ deduplicated: true })
    }
    const [user, , result] = parts.messages
    const other = { ...parts, messages: [user, { role: 'assistant' as const, content: 'So?' }, result] } as typeof parts
    await expect(runtime.memory.recordTurn(other)).rejects.toMatchObject({ code: 'TURN_CONFLICT' })
    expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 2 }, deadLetters: [] })
    const { memories, turns } = await runtime.memory.search({ orgId, query: 'where does Maya live?' })
    expect(memories.map(({ fact }) => fact)).toEqual(['Maya moved to Lisbon in March.'])
    expect(turns.map(({ text }) => text)).toEqual(['Maya: I moved to Lisbon in March.'])
  })

  it('finds what holds now, and keeps in its history what it replaced', async () => {
    const runtime = await runtimes.start()
    await runtime.startWorkers()
    const orgId = 'corrected'
    for (const [n, town] of ['Utrecht', 'Leiden'].entries()) {
      const at = new Date(Date.UTC(2026, n, 1))
      const messages = [{ role: 'user' as const, name: 'Ines', content: `I live in ${town}.` }]
      await runtime.memory.recordTurn(turn(n, { orgId, at, messages }))
    }
    await untilSettled(runtime, orgId)
    const { memories } = await runtime.memory.search({ orgId, query: 'where does Ines live?' })
    expect(memories.map(({ fact, observedAt }) => [fact, observedAt.getUTCMonth()])).toEqual([
      ['Ines lives in Leiden.', 1],
    ])
    const { replaced } = await runtime.memory.history({ orgId, memoryId: memories[0]?.id as number })
    expect(replaced.map(({ fact }) => fact)).toEqual(['Ines lives in Utrecht.'])
  })

  it('is one row and one extraction when 50 calls record the same turn at once', async () => {
    const runtime = await runtimes.start({ enqueueTimeoutMs: 20_000 })
    await runtime.startWorkers()
    const orgId = 'fifty'
    const answers = await Promise.all(Array.from({ length: 50 }, () => runtime.memory.recordTurn(turn(1, { orgId }))))
    expect(answers.filter((answer) => !answer.deduplicated)).toHaveLength(1)
    expect(await untilSettled(runtime, orgId)).toMatchObject({
      turns: { extracted: 1 },
      memories: 1,
      usage: [
        { task: 'embed', calls: 1 },
        { task: 'extract-facts', calls: 1 },
      ],
    })
  })

  it('refuses a turnId that stands for other content, and keeps the first', async () => {
    const runtime = await runtimes.start()
    const orgId = 'conflict'
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const other = turn(1, { orgId, messages: [{ role: 'user', content: 'Something else.' }] })
    await expect(runtime.memory.recordTurn(other)).rejects.toMatchObject({ code: 'TURN_CONFLICT', recorded: 'no' })
    expect((await runtime.memory.status({ orgId })).turns).toEqual({ pending: 1, extracted: 0, deadLettered: 0 })
  })

  it('is deduplicated after the extraction too, and runs nothing again', async () => {
    const runtime = await runtimes.start()
    await runtime.startWorkers()
    const orgId = 'again'
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const before = await untilSettled(runtime, orgId)
    expect(await runtime.memory.recordTurn(turn(1, { orgId }))).toEqual({
      recorded: 'yes',
      deduplicated: true,
      digestDueAt: null,
      contextTokens: expect.any(Number),
    })
    expect(await runtime.memory.status({ orgId })).toEqual(before)
  })
})

describe('extractNow', () => {
  it('extracts the turn and those before it, and leaves the later ones to the digest', async () => {
    const runtime = await runtimes.start({ digestWindowMs: 60_000, digestMaxWaitMs: 60_000 })
    await runtime.startWorkers()
    const orgId = 'now'
    for (const number of [1, 2, 3]) await runtime.memory.recordTurn(turn(number, { orgId }))
    await runtime.memory.extractNow({ orgId, workstreamId: 'ws', turnId: 'turn-2' })
    const status = await until(
      () => runtime.memory.status({ orgId }),
      ({ turns }) => turns.extracted >= 2,
    )
    expect(status.turns).toEqual({ pending: 1, extracted: 2, deadLettered: 0 })
  })

  it('is one job for the same turn, and refuses a turn that is not recorded', async () => {
    const runtime = await runtimes.start()
    const key = { orgId: 'one-job', workstreamId: 'ws', turnId: 'turn-1' }
    await expect(runtime.memory.extractNow(key)).rejects.toMatchObject({ code: 'TURN_UNKNOWN' })
    await runtime.memory.recordTurn(turn(1, { orgId: key.orgId }))
    const [first, second] = await Promise.all([runtime.memory.extractNow(key), runtime.memory.extractNow(key)])
    expect(first.jobId).toBe(second.jobId)
  })
})

describe('orgs', () => {
  it('never meet, with the same workstream, turn and words', async () => {
    const runtime = await runtimes.start()
    await runtime.startWorkers()
    for (const orgId of ['red', 'blue']) {
      const messages = [{ role: 'user' as const, name: 'Ana', content: `I live in the ${orgId} house.` }]
      await runtime.memory.recordTurn(turn(1, { orgId, messages }))
      await untilSettled(runtime, orgId)
    }
    for (const orgId of ['red', 'blue']) {
      const found = await runtime.memory.search({ orgId, query: 'where does Ana live' })
      expect(JSON.stringify(found)).toContain(orgId)
      expect(JSON.stringify(found)).not.toContain(orgId === 'red' ? 'blue' : 'red')
      expect(await runtime.memory.list({ orgId })).toHaveLength(1)
    }
    expect(await runtime.memory.search({ orgId: 'green', query: 'house' })).toEqual({
      memories: [],
      turns: [],
      isWordsOnly: false,
    })
  })
})
