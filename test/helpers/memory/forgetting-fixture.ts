import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { type ModelServer, startModelServer } from '../models/model-server.ts'
import { useRuntimes } from '../runtime.ts'
import { findEverywhere } from '../services/find-leftovers.ts'
import { type BareRedis, startBareRedis } from '../services/redis-server.ts'
import { useStore } from '../services/store.ts'

/** What the tests of forgetting stand on: both Redis of their own, so that every key can be searched, and turns with a word of their own. */

export const TIMEOUT_MS = 90_000

type Said = { readonly word: string; readonly workstreamId: string; readonly userId?: string }

export function useForgetting() {
  const runtimes = useRuntimes(useStore())
  const servers = {} as { model: ModelServer; durable: BareRedis; cache: BareRedis }
  let turns = 0
  beforeAll(async () => {
    servers.model = await startModelServer()
    servers.durable = await startBareRedis()
    servers.cache = await startBareRedis()
  })
  afterEach(() => servers.model.reset())
  afterAll(async () => {
    await servers.model.stop()
    await Promise.all([servers.durable.stop(), servers.cache.stop()])
  })
  const addresses = () => ({ redisUrl: servers.durable.url, cacheRedisUrl: servers.cache.url })

  return {
    runtimes,
    servers,
    addresses,
    start: (over: { modelOutageMaxMs?: number } = {}) =>
      runtimes.start({
        ...addresses(),
        openaiBaseUrl: servers.model.url,
        embeddingDims: 64,
        completionCache: true,
        retryBackoffMs: 10,
        ...over,
      }),
    whereIs: (runtime: Runtime, word: string) => findEverywhere(runtime.database, Object.values(addresses()), word),
    async record(runtime: Runtime, orgId: string, { word, workstreamId, userId }: Said) {
      turns += 1
      const turnId = `turn-${turns}`
      const content = `I keep a ${word} in house number ${turns}.`
      await runtime.memory.recordTurn({
        orgId,
        workstreamId,
        turnId,
        messages: [{ role: 'user', name: 'Maya', content }],
        ...(userId !== undefined && { userId }),
      })
      return { workstreamId, turnId }
    },
    /** Turns that are there at once, without their jobs. */
    async insertTurns(runtime: Runtime, orgId: string, count: number, word: string): Promise<void> {
      await sql`insert into workstreams (org_id, workstream_id, next_seq, first_pending_at, digest_due_at) values (${orgId}, 'w', ${count + 1}, null, null)`.execute(
        runtime.database,
      )
      await sql`
    with inserted as (
      insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state)
      select ${orgId}, 'w', 't' || n, n, now(), now(), now(), '', 'extracted' from generate_series(1, ${count}::int) n returning id)
    insert into messages (turn, position, role, content) select id, 0, 'user', ${word} from inserted`.execute(
        runtime.database,
      )
    },
  }
}
