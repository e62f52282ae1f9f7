import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineQueue } from '../../../queues/define-queue.ts'
import { slotKeys } from '../../../shared/redis/keys.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { QUICK, useFleets } from '../../helpers/fleet.ts'
import { useSlots } from '../../helpers/slots.ts'

const fleets = useFleets()
const { queue, redis, prefix, start, ended } = fleets
useSlots(fleets)

const HALF_AN_HOUR_MS = 1_800_000
const versioned = defineQueue({
  name: 'work',
  description: 'A job a call, by version',
  payload: z.strictObject({ v: z.literal(1), key: z.string() }),
  retry: QUICK,
  slots: { key: ({ key }) => key, limit: 1 },
})

it('a job of a newer program that has a slot hands it on while it waits for that program', async () => {
  const newer = await queue('work').add('work', { v: 2, key: 'a', since: 'later' })
  const parked = await queue('work').add('work', { v: 1, key: 'a' }, { delay: HALF_AN_HOUR_MS })
  // As a worker of the newer program left them.
  const [holders, line] = slotKeys(prefix(), 'work', 'a')
  await redis().zadd(holders, Date.now(), newer.id as string)
  const id = parked.id as string
  await redis().zadd(line, parked.timestamp, `${String(id.length).padStart(5, '0')}:${id}`)
  await start([fleetMember(versioned, async () => {}, 2)])
  await ended('work', id, 'completed')
  expect(await newer.getState()).toBe('delayed')
})
