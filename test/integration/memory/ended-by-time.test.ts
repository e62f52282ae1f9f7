import { expect, it } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** Tasks end once they are done, and events once their day is past; both stay in the history. */

const runtimes = useRuntimes(useStore())

it('ends an event after its day and a task that is done, for the same user only', async () => {
  let now = new Date('2026-03-02T12:00:00Z')
  const runtime = await runtimes.start({}, { clock: { ...systemClock, now: () => now } })
  const orgId = 'ends'
  await runtime.startWorkers(['memory-extraction'])
  const say = async (userId: string, turnId: string, content: string) => {
    const turn = { orgId, workstreamId: userId, turnId }
    await runtime.memory.recordTurn({ ...turn, userId, messages: [{ role: 'user', content }] })
    await runtime.memory.extractNow(turn)
  }
  const listed = async (userId: string) => (await runtime.memory.list({ orgId, userId })).map(({ fact }) => fact)
  await say('ana', '1', 'I need to send the quarterly report to Tom by Friday.')
  await say('ana', '2', 'My wedding takes place on 2026-03-06 in Ghent.')
  await say('ben', '1', 'I need to send the quarterly report to Tom by Friday.')
  await runtime.memory.untilDigested({ orgId })
  expect(await listed('ana')).toHaveLength(2)
  const wedding = (await runtime.memory.search({ orgId, userId: 'ana', query: 'wedding', only: 'memories' }))
    .memories[0]
  expect(wedding?.validTo).toEqual(new Date('2026-03-07T00:00:00Z'))

  now = new Date('2026-03-03T12:00:00Z')
  await say('ana', '3', 'I sent the quarterly report to Tom.')
  await runtime.memory.untilDigested({ orgId })
  expect((await listed('ana')).filter((fact) => /need/.test(fact))).toEqual([])
  expect(await listed('ben')).toHaveLength(1)

  now = new Date('2026-03-07T00:00:00Z')
  const found = async (at?: Date) =>
    (await runtime.memory.search({ orgId, userId: 'ana', query: 'wedding', only: 'memories', at })).memories.map(
      ({ id }) => id,
    )
  expect(await found()).not.toContain(wedding?.id)
  expect(await found(new Date('2026-03-06T20:00:00Z'))).toContain(wedding?.id)
  const history = await runtime.memory.history({ orgId, userId: 'ana', memoryId: wedding?.id ?? 0 })
  expect(history).toMatchObject({ endedBy: null, memory: { validTo: new Date('2026-03-07T00:00:00Z') } })
})
