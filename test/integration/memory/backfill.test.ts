import { describe, expect, it } from 'vitest'
import { readParked } from '../../../queues/state/parked-jobs.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const model = await useModelServer()

type Runtime = Awaited<ReturnType<typeof runtimes.start>>

/** The workstreams of an org in the order in which their last turns were settled. */
async function settledOrder(runtime: Runtime, orgId: string): Promise<string[]> {
  const rows = await runtime.database
    .selectFrom('turns')
    .select((eb) => ['workstream_id as workstreamId', eb.fn.max('settled_at').as('at')])
    .where('org_id', '=', orgId)
    .groupBy('workstream_id')
    .orderBy('at')
    .execute()
  return rows.map(({ workstreamId }) => workstreamId)
}

const startRuntime = (settings: object = {}) =>
  runtimes.start({
    openaiBaseUrl: model.url,
    embeddingDims: 64,
    digestWindowMs: 10,
    sweepIntervalMs: 3_600_000,
    orgConcurrency: 1,
    ...settings,
  })

/** Waits until this many jobs stand in line behind the one that runs. */
const untilParked = (runtime: Runtime, orgId: string, count: number) =>
  until(
    async () => (await readParked(runtime.queues.queue('memory-digest'))).get(orgId),
    (parked) => parked === count,
  )

describe('a backfill', () => {
  it('is overtaken by a live turn of its org, whose workstream keeps its order', async () => {
    const runtime = await startRuntime()
    const orgId = 'importing'
    const release = model.hold()
    await runtime.startWorkers(['memory-digest'])
    for (let number = 0; number < 20; number += 1) {
      const workstreamId = `old-${String(number).padStart(2, '0')}`
      await runtime.memory.recordTurn(turn(number, { orgId, workstreamId, priority: 'backfill' }))
    }
    await untilParked(runtime, orgId, 19)
    await runtime.memory.recordTurn(turn(20, { orgId, workstreamId: 'live' }))
    // A turn of a conversation whose history is still to be extracted.
    await runtime.memory.recordTurn(turn(21, { orgId, workstreamId: 'old-19' }))
    await untilParked(runtime, orgId, 21)
    release()
    await untilSettled(runtime, orgId)
    const order = await settledOrder(runtime, orgId)
    const [first, ...others] = order
    expect(others.slice(0, 2)).toEqual(['live', 'old-19'])
    const rest = [first, ...others.slice(2)]
    expect(rest).toEqual([...rest].sort())
    const turns = await runtime.database
      .selectFrom('turns')
      .select(['turn_id', 'settled_at'])
      .where('org_id', '=', orgId)
      .where('workstream_id', '=', 'old-19')
      .orderBy('settled_at')
      .orderBy('seq')
      .execute()
    expect(turns.map(({ turn_id }) => turn_id)).toEqual(['turn-19', 'turn-21'])
    expect((await runtime.memory.status({ orgId })).turns).toMatchObject({ extracted: 22, deadLettered: 0 })
  })

  it('stays one when Redis has lost its wake-ups', async () => {
    const runtime = await startRuntime({ sweepIntervalMs: 100 })
    const orgId = 'swept'
    const queue = runtime.queues.queue('memory-digest')
    await runtime.memory.recordTurn(turn(1, { orgId, priority: 'backfill' }))
    await runtime.memory.recordTurn(turn(2, { orgId, workstreamId: 'live' }))
    await queue.obliterate({ force: true })
    const release = model.hold()
    await runtime.startWorkers(['memory-digest'])
    const found = await until(
      () => queue.getJobs(),
      (jobs) => jobs.filter(Boolean).length === 2,
    )
    const payloads = found.map(({ data }) => [data.workstreamId, data.v, data.priority])
    expect(payloads.sort()).toEqual([
      ['live', 1, undefined],
      ['ws', 2, 'backfill'],
    ])
    release()
    await untilSettled(runtime, orgId)
  })

  it('that is called something else is refused', async () => {
    const runtime = await startRuntime()
    const input = { ...turn(1), priority: 'urgent' as 'live' }
    await expect(runtime.memory.recordTurn(input)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('priority'),
    })
  })
})
