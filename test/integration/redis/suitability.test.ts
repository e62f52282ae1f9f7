import { afterAll, beforeAll, expect, it } from 'vitest'
import { CATALOG } from '../../../queues/catalog.ts'
import { createRuntime } from '../../../runtime.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** A Redis that evicts is refused wherever work starts, also when it could not be checked at first. */

const store = useStore()
const payload = { v: 1 as const, orgId: 'acme', workstreamId: 'w' }
const refused = { code: 'REDIS_UNSUITABLE', message: expect.stringContaining('noeviction') }

let evicting: BareRedis
beforeAll(async () => {
  evicting = await startBareRedis((port) => [`port ${port}`, 'maxmemory-policy allkeys-lru'])
})
afterAll(() => evicting.stop())

const open = () => {
  const settings = { redisUrl: evicting.url, databaseUrl: store.url, drainTimeoutMs: 0, enqueueTimeoutMs: 1_000 }
  return createRuntime(settings, { log: silentLog })
}

it('workers do not start on it without connect', async () => {
  const runtime = open()
  await expect(runtime.startWorkers(['memory-digest'])).rejects.toMatchObject(refused)
  await runtime.disconnect()
})

it('one that was away at connect is refused once it answers, by workers and by whoever enqueues', async () => {
  await evicting.kill()
  const runtime = open()
  await runtime.connect()
  await evicting.start()
  const enqueue = () => runtime.queues.enqueue(CATALOG['memory-digest'], payload).catch((error: unknown) => error)
  expect(await until(enqueue, (said) => (said as { code?: string }).code === 'REDIS_UNSUITABLE')).toMatchObject(refused)
  await expect(runtime.startWorkers(['memory-digest'])).rejects.toMatchObject(refused)
  await runtime.disconnect()
}, 30_000)
