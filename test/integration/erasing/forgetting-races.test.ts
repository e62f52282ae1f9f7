import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { systemClock } from '../../../shared/clock.ts'
import { type HeldFact, readHeldFact } from '../../../shared/store/memories/held-memories.ts'
import { createHeldCodes } from '../../../shared/store/search-index/held-codes.ts'
import { createApproval } from '../../../workers/memory/reconciliation/approve-fact.ts'
import { TIMEOUT_MS, useForgetting } from '../../helpers/memory/forgetting-fixture.ts'
import { summaryOf } from '../../helpers/models/model-answers.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** What happens at once with an erasure: whoever read before it writes nothing after it, whichever of the two began first. */

const { runtimes, servers, addresses, start, whereIs } = useForgetting()

it(
  'a summary that is begun while an erasure waits for its turn is not kept',
  async () => {
    const runtime = await runtimes.start({
      ...addresses(),
      openaiBaseUrl: servers.model.url,
      embeddingDims: 64,
      completionCache: true,
      contextWindowTokens: 2_000,
      completionModel: 'gpt-4o',
    })
    const scope = { orgId: 'summarised', workstreamId: 'w' }
    for (let number = 0; number < 60; number++) {
      const content = `Decision ${number}: we ship the ${number < 20 ? 'wombat' : 'parrot'} plan to house ${number}.`
      const messages = [{ role: 'user' as const, content }]
      await runtime.memory.recordTurn({ ...scope, turnId: `t${number}`, userId: number < 20 ? 'u1' : 'u2', messages })
    }
    servers.model.completionFor(() =>
      summaryOf({ goal: 'Ship the wombat plan.', facts: ['The wombat plan is good.'], keep: [1] }),
    )
    servers.model.behave({ delayMs: 500 })
    const others = Promise.withResolvers<void>()
    const writing = runtime.withOrgMemoryLock(scope.orgId, () => others.promise)
    const erasing = runtime.memory.erase({ orgId: scope.orgId, userId: 'u1' })
    await until(
      () => runtime.database.selectFrom('erasures').selectAll().where('org_id', '=', scope.orgId).execute(),
      (rows) => rows.length > 0,
    )
    await runtime.startWorkers(['context-compaction'])
    await servers.model.received(1, '/chat/completions')
    others.resolve()
    await Promise.all([writing, erasing])
    const queue = runtime.queues.queue('context-compaction')
    await until(
      () => queue.getJobCounts('active', 'waiting', 'delayed'),
      (counts) => Object.values(counts).every((count) => count === 0),
    )
    expect(await whereIs(runtime, 'wombat')).toEqual([])
    expect(await whereIs(runtime, 'parrot')).not.toEqual([])
    // Its turns are pending, and later tests have workers.
    await runtime.memory.erase({ orgId: scope.orgId })
  },
  TIMEOUT_MS,
)

/** An org in which each fact is held, for its turn does not prove it. */
async function holdFacts(orgId: string, facts: readonly string[]): Promise<{ runtime: Runtime; held: HeldFact[] }> {
  const runtime = await start()
  await runtime.startWorkers(['memory-digest'])
  for (const [number, fact] of facts.entries()) {
    servers.model.completionFor(() => ({ facts: [{ fact, kind: 'fact', quote: 'was never said', turn: 0 }] }))
    const messages = [{ role: 'user' as const, content: `I said something, number ${number}.` }]
    await runtime.memory.recordTurn({ orgId, workstreamId: 'w', turnId: `t${number}`, messages, scope: 'org' })
    await untilSettled(runtime, orgId)
  }
  const ids = (await runtime.memory.quarantine.list({ orgId })).map(({ id }) => id).sort((a, b) => a - b)
  const held = await Promise.all(ids.map((id) => readHeldFact(runtime.database, orgId, id)))
  return { runtime, held: held as HeldFact[] }
}

const cachedKeys = async (runtime: Runtime) =>
  (await (runtime.redis.getCacheConnection() as Redis).keys('*:emb:*')).length

it(
  'a review of what is erased meanwhile finds nothing to approve, and of what has another source that one',
  async () => {
    const orgId = 'reviewed'
    const { runtime, held } = await holdFacts(orgId, ['Maya owns a boat.', 'Maya owns a boat.', 'Maya owns a kayak.'])
    const [boat, kayak] = held as [HeldFact, HeldFact]
    // Another process: what this one has embedded it has in its memory.
    const heldCodes = createHeldCodes(1_000_000)
    const approve = createApproval({ ...(await start()), heldCodes, wakes: { announce() {} }, clock: systemClock })
    await runtime.memory.erase({ orgId, workstreamId: 'w', turnId: 't0' })
    await runtime.memory.erase({ orgId, workstreamId: 'w', turnId: 't2' })
    const before = await cachedKeys(runtime)
    await expect(approve(orgId, kayak, 'Ruth')).rejects.toMatchObject({ code: 'MEMORY_NOT_HELD' })
    expect(await cachedKeys(runtime)).toBe(before)
    const both = [approve(orgId, boat, 'Ruth'), approve(orgId, boat, 'Leo')]
    expect((await Promise.all(both)).sort()).toEqual([false, true])
    expect(await runtime.memory.list({ orgId })).toMatchObject([
      { fact: 'Maya owns a boat.', sources: [{ turnId: 't1' }] },
    ])
    expect(await whereIs(runtime, 'kayak')).toEqual([])
  },
  TIMEOUT_MS,
)

it.each(['approved', 'proved'])(
  'a memory goes with what was merged into it, once that was %s',
  async (how) => {
    const orgId = `merged-${how}`
    servers.model.vectorFor(() => Float32Array.from({ length: 64 }, () => 1 / 8))
    const { runtime, held } = await holdFacts(orgId, ['Maya owns one dinghy.'])
    const say = async (fact: string) => {
      // A question of its own, or the answer to the last one would be taken from the cache.
      const quote = `I own it: ${fact.length}`
      servers.model.completionFor((body) =>
        body.response_format?.json_schema?.name === 'reconcile-facts'
          ? { decisions: [{ fact: 0, memory: 0, relation: 'same' }] }
          : { facts: [{ fact, kind: 'fact', quote, turn: 0 }] },
      )
      const messages = [{ role: 'user' as const, content: quote }]
      await runtime.memory.recordTurn({ orgId, workstreamId: 'w', turnId: crypto.randomUUID(), messages, scope: 'org' })
      await untilSettled(runtime, orgId)
    }
    await say('Maya owns a dinghy.')
    if (how === 'proved') await say('Maya owns one dinghy.')
    else await runtime.memory.quarantine.approve({ orgId, memoryId: held[0]?.row as number, by: 'Ruth' })
    const [memory, ...others] = await runtime.memory.list({ orgId })
    expect([memory?.fact, memory?.sources.length, others]).toEqual(['Maya owns a dinghy.', 2, []])
    const indexed = async () => {
      const counts = await runtime.database
        .selectFrom('corpora')
        .select('items')
        .where('org_id', '=', orgId)
        .where('item_kind', '=', 'memory')
        .execute()
      return counts.map(({ items }) => items)
    }
    expect(await indexed()).toEqual([2])
    await runtime.memory.erase({ orgId, memoryId: memory?.id as number })
    expect(await runtime.memory.list({ orgId })).toEqual([])
    expect([await whereIs(runtime, 'dinghy'), await indexed()]).toEqual([[], [0]])
  },
  TIMEOUT_MS,
)

/** A turn of each user, who keeps an animal. */
async function recordPets(runtime: Runtime, orgId: string, animals: Readonly<Record<string, string>>): Promise<void> {
  for (const [userId, animal] of Object.entries(animals)) {
    const messages = [{ role: 'user' as const, content: `I keep one ${animal} in my house.` }]
    await runtime.memory.recordTurn({ orgId, workstreamId: 'w', turnId: userId, userId, messages })
  }
}

it(
  'what a server quotes of a request is not kept with the failures of the others in it',
  async () => {
    const orgId = 'quoted'
    const runtime = await start({ modelOutageMaxMs: 0 })
    await recordPets(runtime, orgId, { u1: 'axolotl', u2: 'cormorant' })
    const message = "Refused: 'input': 'I keep one axolotl in my house.' is no good"
    servers.model.fault({ status: 401, path: '/chat/completions', message })
    await runtime.startWorkers(['memory-digest'])
    await untilSettled(runtime, orgId)
    await until(
      () => runtime.queues.queue('memory-digest').getFailedCount(),
      (count) => count === 1,
    )
    await runtime.memory.erase({ orgId, userId: 'u1' })
    expect(await whereIs(runtime, 'axolotl')).toEqual([])
    const [letter] = (await runtime.memory.status({ orgId })).deadLetters
    expect(letter).toMatchObject({
      turnId: 'u2',
      code: 'MODEL_REFUSED',
      reason: expect.stringContaining("Refused: 'input': '…"),
    })
  },
  TIMEOUT_MS,
)

it(
  'an answer that waits for its effects to be written goes with one of its turns',
  async () => {
    const orgId = 'checkpointed'
    const runtime = await start()
    await recordPets(runtime, orgId, { u1: 'pangolin', u2: 'gannet' })
    servers.model.fault({ status: 500, path: '/embeddings', times: 1_000 })
    await runtime.startWorkers(['memory-digest'])
    const kept = () =>
      runtime.database.selectFrom('model_checkpoints').selectAll().where('org_id', '=', orgId).execute()
    await until(kept, (rows) => rows.some(({ output }) => JSON.stringify(output).includes('pangolin')))
    await runtime.memory.erase({ orgId, userId: 'u1' })
    expect(await whereIs(runtime, 'pangolin')).toEqual([])
    expect(await whereIs(runtime, 'gannet')).not.toEqual([])
    await runtime.memory.erase({ orgId })
    expect([await whereIs(runtime, 'gannet'), await kept()]).toEqual([[], []])
  },
  TIMEOUT_MS,
)
