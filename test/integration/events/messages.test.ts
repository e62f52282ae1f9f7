import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { expect, inject, it, onTestFinished } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { systemClock } from '../../../shared/clock.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Messages to agents: rows that are worked once, whatever the streams of Redis lose. */

const runtimes = useRuntimes(useStore())
const newOrg = () => crypto.randomUUID()
const settled = (runtime: Runtime, orgId: string, messageId: string) =>
  until(
    () => runtime.messages.status({ orgId, messageId }),
    ({ state }) => state === 'completed' || state === 'dead',
  )

it('is routed, worked once in the order of its key, and answered; what nobody works is a dead letter', async () => {
  const orgId = newOrg()
  const worked: string[] = []
  const runtime = await runtimes.start(
    {},
    {
      agents: [{ name: 'reviewer', concurrency: 4, handler: ({ messageId }) => ({ verdict: worked.push(messageId) }) }],
      route: ({ type }) => {
        if (type === 'later') return Promise.resolve('reviewer') as never
        return type === 'review' ? 'reviewer' : type === 'lost' ? 'Nobody: here' : undefined
      },
    },
  )
  await runtime.startWorkers(['agent-reviewer'])
  const ids = Array.from({ length: 8 }, (_, n) => `m-${n}`)
  for (const messageId of ids) await runtime.messages.send({ orgId, messageId, type: 'review', key: 'pr-7' })
  expect(await runtime.messages.send({ orgId, messageId: 'm-0', type: 'review', key: 'pr-7' })).toEqual({
    deduplicated: true,
  })
  const same = { orgId, messageId: 'm-0', type: 'review', key: 'pr-7' }
  for (const other of [{ type: 'other' }, { agent: 'elsewhere' }, { userId: 'maya' }, { data: null }])
    await expect(runtime.messages.send({ ...same, ...other })).rejects.toMatchObject({ code: 'MESSAGE_CONFLICT' })
  expect(await settled(runtime, orgId, 'm-7')).toMatchObject({
    state: 'completed',
    attempts: 1,
    result: { verdict: 8 },
  })
  expect(worked).toEqual(ids)
  for (const type of ['unknown', 'lost', 'later']) {
    await runtime.messages.send({ orgId, messageId: type, type })
    expect(await settled(runtime, orgId, type)).toMatchObject({ state: 'dead', failure: { code: 'MESSAGE_UNROUTED' } })
  }
  const dead = await runtime.deadLetters.list({ orgId })
  expect(JSON.stringify(dead)).toContain('MESSAGE_UNROUTED')
  await runtime.memory.erase({ orgId })
  await expect(runtime.messages.status({ orgId, messageId: 'm-0' })).rejects.toMatchObject({ code: 'MESSAGE_UNKNOWN' })
})

it('a dead one that is replayed is routed and worked again with all its attempts, or its letter stays open', async () => {
  const orgId = newOrg()
  let isFailing = true
  const handler = () => {
    if (isFailing) throw new AfterturnError('INPUT_INVALID', 'not yet')
    return 'done'
  }
  const runtime = await runtimes.start(
    {},
    { agents: [{ name: 'reviewer', handler }], route: () => (isFailing ? undefined : 'reviewer') },
  )
  await runtime.startWorkers(['agent-reviewer'])
  await runtime.messages.send({ orgId, messageId: 'failed', type: 'review', agent: 'reviewer' })
  await runtime.messages.send({ orgId, messageId: 'unrouted', type: 'review' })
  for (const id of ['failed', 'unrouted']) expect(await settled(runtime, orgId, id)).toMatchObject({ state: 'dead' })
  const letters = await until(
    () => runtime.deadLetters.list({ orgId }),
    ({ length }) => length === 2,
  )
  isFailing = false
  expect(await runtime.deadLetters.replay({ ids: letters.map(({ id }) => id) })).toEqual({ replayed: 2 })
  for (const id of ['failed', 'unrouted'])
    expect(await settled(runtime, orgId, id)).toMatchObject({ state: 'completed', attempts: 1, result: 'done' })

  isFailing = true
  await runtime.messages.send({ orgId, messageId: 'gone', type: 'review', agent: 'reviewer' })
  await settled(runtime, orgId, 'gone')
  const [letter] = await until(
    () => runtime.deadLetters.list({ orgId }),
    ({ length }) => length === 1,
  )
  await sql`delete from agent_messages where message_id = 'gone'`.execute(runtime.database)
  const ids = [letter?.id as number]
  await expect(runtime.deadLetters.replay({ ids })).rejects.toMatchObject({ code: 'MESSAGE_UNKNOWN' })
  expect(await runtime.deadLetters.list({ orgId })).toMatchObject([{ id: letter?.id }])
})

it('one for an agent is not the same as one that is not routed yet, or to another', async () => {
  const { messages } = await runtimes.start({})
  const unrouted = { orgId: newOrg(), messageId: 'unrouted', type: 'review' }
  await messages.send(unrouted)
  expect(await messages.send(unrouted)).toEqual({ deduplicated: true })
  await expect(messages.send({ ...unrouted, agent: 'python' })).rejects.toMatchObject({ code: 'MESSAGE_CONFLICT' })
  const routed = { ...unrouted, messageId: 'routed', agent: 'go' }
  await messages.send(routed)
  expect(await messages.send(routed)).toEqual({ deduplicated: true })
  await expect(messages.send({ ...routed, agent: 'python' })).rejects.toMatchObject({ code: 'MESSAGE_CONFLICT' })
  expect(await messages.send({ ...routed, agent: undefined })).toEqual({ deduplicated: true })
})

it('a reason is kept as the store takes texts, and without secrets', async () => {
  const orgId = newOrg()
  const secret = `sk-ant-api03-${'aB3dE5gH'.repeat(12)}`
  const fail = () => {
    throw new AfterturnError('INPUT_INVALID', `half\ud800 of a NUL\0 with ${secret}`)
  }
  const counter = { name: 'counter', handler: () => ({ count: 1n }) }
  const runtime = await runtimes.start({}, { agents: [{ name: 'reviewer', handler: fail }, counter] })
  await runtime.startWorkers(['agent-reviewer', 'agent-counter'])
  await runtime.messages.send({ orgId, messageId: 'ours', type: 'review', agent: 'reviewer' })
  const ours = await settled(runtime, orgId, 'ours')
  expect(ours).toMatchObject({ state: 'dead', failure: { code: 'INPUT_INVALID' } })
  const theirs = { orgId, messageId: 'theirs' }
  await runtime.messages.send({ ...theirs, type: 'review', agent: 'elsewhere' })
  const { lease = '' } = (await runtime.messages.take(theirs)) ?? {}
  await runtime.messages.fail({ ...theirs, lease, error: `NUL\0 with ${secret}`, isFinal: true })
  const letters = await runtime.deadLetters.list({ orgId })
  expect(letters.map(({ queue, jobId }) => [queue, jobId]).sort()).toEqual([
    ['agent-elsewhere', 'message theirs'],
    ['agent-reviewer', 'message ours'],
  ])
  const shown = await Promise.all(letters.map(({ id }) => runtime.deadLetters.show({ id })))
  for (const { jobId, code, reason, failedTries } of shown) {
    const { failure } = await runtime.messages.status({ orgId, messageId: jobId?.slice('message '.length) ?? '' })
    expect({ code, reason }).toEqual(failure)
    expect(failedTries).toMatchObject([{ code, reason }])
  }
  const told = JSON.stringify([ours, await runtime.messages.status(theirs), shown])
  expect(told).toMatch(/NUL with \[redacted/)
  expect(told).not.toContain(secret)
  await runtime.messages.send({ orgId, messageId: 'count', type: 'count', agent: 'counter' })
  expect(await settled(runtime, orgId, 'count')).toMatchObject({
    state: 'dead',
    attempts: 1,
    failure: { code: 'INPUT_INVALID', reason: expect.stringContaining('BigInt') },
  })
})

it('what an agent returns is JSON of bounded size, or its message ends with the reason', async () => {
  const orgId = newOrg()
  const at = new Date('2026-02-03T04:05:06Z')
  const handler = ({ type }: { type: string }) => (type === 'large' ? 'x'.repeat(2_000) : { at })
  const runtime = await runtimes.start({ maxEventBytes: 1_024 }, { agents: [{ name: 'writer', handler }] })
  await runtime.startWorkers(['agent-writer'])
  for (const type of ['large', 'small']) await runtime.messages.send({ orgId, messageId: type, type, agent: 'writer' })
  expect(await settled(runtime, orgId, 'small')).toMatchObject({ state: 'completed', result: { at: at.toISOString() } })
  expect(await settled(runtime, orgId, 'large')).toMatchObject({
    state: 'dead',
    failure: { code: 'INPUT_INVALID', reason: expect.stringMatching(/result.* at most 1024 bytes of JSON, got 2002/s) },
  })
})

it('more than a stream holds are all worked, without waiting for what may be lost', async () => {
  const orgId = newOrg()
  // As if no time passed: nothing looks lost.
  const startedAt = new Date()
  const clock = { ...systemClock, now: () => startedAt }
  const worked: string[] = []
  const handler = ({ messageId }: { messageId: string }) => void worked.push(messageId)
  const runtime = await runtimes.start(
    { streamMaxEntries: 10 },
    { clock, agents: [{ name: 'worker', concurrency: 8, handler }] },
  )
  const prefix = runtime.config.redisKeyPrefix
  const redis = new Redis(inject('redisUrl'))
  onTestFinished(async () => {
    await redis.quit()
  })
  await runtime.startWorkers(['agent-worker'])
  const lengths = async () =>
    Promise.all(['work:incoming', 'triggers:worker'].map((name) => redis.xlen(`${prefix}:${name}`)))
  await until(
    () => redis.exists(`${prefix}:work:incoming`, `${prefix}:triggers:worker`),
    (count) => count === 2,
  )
  // Half of them name their agent, and the others are routed.
  const send = (n: number) =>
    runtime.messages.send({
      orgId,
      messageId: `m-${n}`,
      type: 'worker',
      key: `k-${n % 7}`,
      ...(n % 2 === 0 && { agent: 'worker' }),
    })
  await Promise.all(Array.from({ length: 300 }, (_, n) => send(n)))
  const longest = await until(
    async () => [worked.length, Math.max(...(await lengths()))] as const,
    ([count, length]) => count === 300 || length > 10,
  )
  expect(longest[1]).toBeLessThanOrEqual(10)
  expect(new Set(worked).size).toBe(300)
})

it('a sweep puts back what Redis lost, and a failure is tried again until it is dead', async () => {
  const orgId = newOrg()
  let tries = 0
  const runtime = await runtimes.start(
    { retryBackoffMs: 10 },
    {
      agents: [
        {
          name: 'flaky',
          handler() {
            tries += 1
            if (tries === 1) throw new Error('not yet')
            return 'done'
          },
        },
      ],
    },
  )
  await runtime.messages.send({ orgId, messageId: 'lost', type: 'flaky' })
  const redis = new Redis(inject('redisUrl'))
  onTestFinished(async () => {
    await redis.quit()
  })
  await redis.del(`${runtime.config.redisKeyPrefix}:work:incoming`)
  await sql`update agent_messages set woken_at = woken_at - interval '2 minutes'`.execute(runtime.database)
  await runtime.startWorkers(['agent-flaky'])
  const first = await until(
    () => runtime.messages.status({ orgId, messageId: 'lost' }),
    ({ attempts }) => attempts >= 1,
  )
  expect(first.agent).toBe('flaky')
  await until(
    async () => tries,
    (count) => count >= 1,
  )
  const status = await runtime.messages.status({ orgId, messageId: 'lost' })
  expect(['routed', 'running', 'completed']).toContain(status.state)
})

it('an executor of another program takes, extends and completes; the first who completes stands', async () => {
  const orgId = newOrg()
  const redis = new Redis(inject('redisUrl'))
  // As an operator would: KEYS is no command of the fleet's user.
  const [user, password] = [`fleet-${orgId}`, 'without-keys']
  await redis.acl('SETUSER', user, 'on', `>${password}`, '~*', '&*', '+@all', '-keys')
  onTestFinished(async () => {
    await redis.acl('DELUSER', user)
    await redis.quit()
  })
  const redisUrl = Object.assign(new URL(inject('redisUrl')), { username: user, password }).href
  const runtime = await runtimes.start({ messaging: true, ingress: true, redisUrl })
  await runtime.startWorkers(['memory-digest'])
  const prefix = runtime.config.redisKeyPrefix
  // A foreign producer, and a foreign executor.
  const content = ['org', orgId, 'id', 'm-1', 'type', 'review', 'agent', 'python', 'data', '{"pr":7}']
  await redis.xadd(`${prefix}:work:incoming`, 'MAXLEN', '~', 1_000, '*', ...content)
  await redis.xadd(`${prefix}:work:incoming`, 'MAXLEN', '~', 1_000, '*', 'id', 'm-2', 'data', 'not json')
  const [, [entry]] = (await until(
    () => redis.xrange(`${prefix}:triggers:python`, '-', '+'),
    (entries) => entries.length > 0,
  ).then((entries) => [prefix, entries])) as [string, [string, string[]][]]
  expect(entry?.[1]).toEqual(['v', '1', 'org', orgId, 'id', 'm-1'])
  await until(
    () => redis.xlen(`${prefix}:work:incoming`),
    (length) => length === 0,
  )
  const message = { orgId, messageId: 'm-1' }
  const taken = await runtime.messages.take(message)
  expect(taken).toMatchObject({ data: { pr: 7 }, attempt: 1 })
  expect(await runtime.messages.take(message)).toBeUndefined()
  const lease = taken?.lease as string
  await runtime.messages.extend({ ...message, lease })
  const completion = ['org', orgId, 'id', 'm-1', 'lease', lease, 'outcome', 'completed', 'result', '{"ok":true}']
  await redis.xadd(`${prefix}:work:completions`, 'MAXLEN', '~', 1_000, '*', ...completion)
  expect(await settled(runtime, orgId, 'm-1')).toMatchObject({ state: 'completed', result: { ok: true } })
  await expect(runtime.messages.complete({ ...message, lease })).rejects.toMatchObject({ code: 'MESSAGE_SETTLED' })
  // No command newer than Redis 7.4.
  const stats = await redis.info('commandstats')
  const names = [...stats.matchAll(/^cmdstat_([a-z]+)(?:\||:)/gm)].map(([, name]) => name as string)
  for (const name of new Set(names)) {
    const [, docs = []] = (await redis.call('COMMAND', 'DOCS', name)) as [string, string[]]
    const since = docs[docs.indexOf('since') + 1] ?? '0.0.0'
    const [major = 0, minor = 0] = since.split('.').map(Number)
    expect(major * 100 + minor, `${name} since ${since}`).toBeLessThanOrEqual(704)
  }
})
