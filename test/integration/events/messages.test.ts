import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { expect, inject, it, onTestFinished } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
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
      route: ({ type }) => (type === 'review' ? 'reviewer' : undefined),
    },
  )
  await runtime.startWorkers(['agent-reviewer'])
  const ids = Array.from({ length: 8 }, (_, n) => `m-${n}`)
  for (const messageId of ids) await runtime.messages.send({ orgId, messageId, type: 'review', key: 'pr-7' })
  expect(await runtime.messages.send({ orgId, messageId: 'm-0', type: 'review', key: 'pr-7' })).toEqual({
    deduplicated: true,
  })
  await expect(runtime.messages.send({ orgId, messageId: 'm-0', type: 'other' })).rejects.toMatchObject({
    code: 'MESSAGE_CONFLICT',
  })
  expect(await settled(runtime, orgId, 'm-7')).toMatchObject({
    state: 'completed',
    attempts: 1,
    result: { verdict: 8 },
  })
  expect(worked).toEqual(ids)
  await runtime.messages.send({ orgId, messageId: 'odd', type: 'unknown' })
  expect(await settled(runtime, orgId, 'odd')).toMatchObject({ state: 'dead', failure: { code: 'MESSAGE_UNROUTED' } })
  const dead = await runtime.deadLetters.list({ orgId })
  expect(JSON.stringify(dead)).toContain('MESSAGE_UNROUTED')
  await runtime.memory.erase({ orgId })
  await expect(runtime.messages.status({ orgId, messageId: 'm-0' })).rejects.toMatchObject({ code: 'MESSAGE_UNKNOWN' })
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
