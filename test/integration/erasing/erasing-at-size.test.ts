import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { CATALOG } from '../../../queues/catalog.ts'
import { defineQueue } from '../../../queues/define-queue.ts'
import { systemClock } from '../../../shared/clock.ts'
import { requestErasure } from '../../../shared/store/erasing/erasures.ts'
import { TIMEOUT_MS, useForgetting } from '../../helpers/memory/forgetting-fixture.ts'
import { until } from '../../helpers/until.ts'

/** Erasing where queues are long, belong to others or are broken, and where one org's erasure cannot succeed. */

const { runtimes, servers, addresses, insertTurns } = useForgetting()

const sendMail = defineQueue({
  name: 'send-mail',
  description: 'Sends a mail',
  payload: z.strictObject({ orgId: z.string(), to: z.string() }),
})

/** Digests of other orgs that wait, as many as asked for. */
async function addDigests(prefix: string, count: number): Promise<void> {
  const connection = new Redis(servers.durable.url, { maxRetriesPerRequest: null })
  const queue = new Queue('memory-digest', { connection, prefix })
  const pageJobs = 5_000
  for (let start = 0; start < count; start += pageJobs)
    await queue.addBulk(
      Array.from({ length: Math.min(pageJobs, count - start) }, (_, index) => ({
        name: queue.name,
        data: { v: 1, orgId: `other-${(start + index) % 100}`, workstreamId: `w-${start + index}` },
        opts: { delay: 900_000 },
      })),
    )
  await queue.close()
  await connection.quit()
}

it(
  'a long queue is looked through page by page, each with the deadline that a whole search does not have',
  async () => {
    const runtime = await runtimes.start({ ...addresses(), enqueueTimeoutMs: 1_000 })
    const digests = runtime.queues.queue('memory-digest')
    await addDigests(runtime.config.redisKeyPrefix, 30_000)
    const before = await digests.getDelayedCount()
    await insertTurns(runtime, 'acme', 1, 'okapi')
    await digests.add('memory-digest', { v: 1, orgId: 'acme', workstreamId: 'w' }, { delay: 900_000 })
    expect(await runtime.memory.erase({ orgId: 'acme', workstreamId: 'w' })).toMatchObject({ turns: 1 })
    expect(await digests.getDelayedCount()).toBe(before)
  },
  TIMEOUT_MS,
)

it(
  'of thousands of jobs that are due at the same moment none is passed over',
  async () => {
    const runtime = await runtimes.start(addresses())
    const digests = runtime.queues.queue('memory-digest')
    const [pages, pageJobs, everyOther, timestamp] = [12, 1_000, 100, Date.now()]
    for (let page = 0; page < pages; page += 1)
      await digests.addBulk(
        Array.from({ length: pageJobs }, (_, index) => ({
          name: digests.name,
          data: { v: 1, orgId: index % everyOther === 0 ? 'acme' : 'other', workstreamId: `w-${page}-${index}` },
          opts: { timestamp, delay: 900_000 },
        })),
      )
    await runtime.memory.erase({ orgId: 'acme' })
    expect(await digests.getDelayedCount()).toBe(pages * (pageJobs - pageJobs / everyOther))
  },
  TIMEOUT_MS,
)

it(
  'jobs go from a queue of a host that only another process knows, and broken ones keep nobody from it',
  async () => {
    const app = await runtimes.start(addresses())
    const orgId = 'münchen/acme'
    const mail = (org: string) => app.queues.enqueue(sendMail, { orgId: org, to: 'maya@example.org' })
    const [gone, broken, kept, keptBroken] = [await mail(orgId), await mail(orgId), await mail('b'), await mail('b')]
    const redis = new Redis(servers.durable.url)
    const key = (id: string) => `${app.config.redisKeyPrefix}:send-mail:${id}`
    await redis.hset(key(broken), 'data', `{"orgId":"${orgId}","to":"maya@`)
    await redis.hset(key(keptBroken), 'data', '{"orgId":"b","to":"')
    const odd = await mail(orgId)
    await redis.del(key(odd))
    await redis.set(key(odd), 'no job at all')

    await (await runtimes.start(addresses())).memory.erase({ orgId })
    const left = await redis.exists(key(gone), key(broken))
    expect([left, await redis.exists(key(kept), key(keptBroken))]).toEqual([0, 2])
    await redis.quit()
  },
  TIMEOUT_MS,
)

it(
  'a repeated wish continues its erasure, and ten that fail hide no other',
  async () => {
    const runtime = await runtimes.start({ ...addresses(), orgLockWaitMs: 100, sweepIntervalMs: 200 })
    const held = Promise.withResolvers<void>()
    const holding = (await runtimes.start(addresses())).withOrgMemoryLock('bad', () => held.promise)
    await expect(runtime.memory.erase({ orgId: 'bad' })).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
    await expect(runtime.memory.erase({ orgId: 'bad' })).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
    const longAgo = new Date(Date.now() - 600_000)
    const request = (orgId: string, userId: string) =>
      requestErasure(runtime.database, { orgId, userId }, { by: 'test', at: longAgo })
    for (let number = 0; number < 11; number += 1) await request('bad', `u${number}`)
    await insertTurns(runtime, 'innocent', 3, 'heron')
    const innocent = await request('innocent', 'nobody')
    const isDone = (id: number) =>
      runtime.database.selectFrom('erasures').select('completed_at').where('id', '=', id).executeTakeFirstOrThrow()
    await runtime.startWorkers(['memory-reembedding'])
    await until(
      () => isDone(innocent.id),
      (row) => row.completed_at !== null,
    )
    held.resolve()
    await holding
    await runtime.memory.erase({ orgId: 'bad' })
    const rows = await runtime.database
      .selectFrom('erasures')
      .select(['completed_at'])
      .where('org_id', '=', 'bad')
      .where('user_id', 'is', null)
      .execute()
    expect(rows).toEqual([{ completed_at: expect.any(Date) }])
  },
  TIMEOUT_MS,
)

it(
  'retention passes over an org that cannot be erased from now, and goes through all the others',
  async () => {
    const inAYear = { ...systemClock, now: () => new Date(Date.now() + 365 * 86_400_000) }
    const settings = { ...addresses(), retentionDays: 30, orgLockWaitMs: 100, sweepIntervalMs: 200 }
    const runtime = await runtimes.start(settings, { clock: inAYear })
    const orgs = ['retained-a', 'retained-b', 'retained-c']
    for (const orgId of orgs) await insertTurns(runtime, orgId, 2, 'ibis')
    const held = Promise.withResolvers<void>()
    const holding = (await runtimes.start(addresses())).withOrgMemoryLock('retained-a', () => held.promise)
    await runtime.startWorkers(['memory-reembedding'])
    const left = async () => {
      const rows = await runtime.database
        .selectFrom('turns')
        .select('org_id')
        .distinct()
        .where('org_id', 'in', orgs)
        .execute()
      return rows.map((row) => row.org_id)
    }
    await until(left, (names) => names.length === 1)
    expect(await left()).toEqual(['retained-a'])
    held.resolve()
    await holding
  },
  TIMEOUT_MS,
)

it(
  'the events of queues forget which jobs of the erased were absorbed, and keep those of others',
  async () => {
    const runtime = await runtimes.start(addresses())
    const events = async () => {
      const redis = runtime.redis.getConnection()
      const entries = await redis.xrange(runtime.queues.queue('memory-digest').toKey('events'), '-', '+')
      return entries.flatMap(([, fields]) => fields.filter((field) => field.includes('maya')))
    }
    const wake = async (orgId: string, workstreamId: string) => {
      for (let time = 0; time < 2; time += 1)
        await runtime.queues.enqueue(CATALOG['memory-digest'], { v: 1, orgId, workstreamId }, { delayMs: 900_000 })
    }
    await wake('acme gmbh', 'maya@example.org')
    await wake('acme gmbh', 'maya')
    await wake('other', 'maya')
    expect((await events()).length).toBeGreaterThanOrEqual(3)
    await runtime.memory.erase({ orgId: 'acme gmbh', workstreamId: 'maya@example.org' })
    expect(new Set(await events())).toEqual(new Set(['acme%20gmbh:maya', 'other:maya']))
    await runtime.memory.erase({ orgId: 'acme gmbh' })
    expect(new Set(await events())).toEqual(new Set(['other:maya']))
  },
  TIMEOUT_MS,
)
