import { expect, it } from 'vitest'
import type { Database } from '../../shared/store/database.ts'
import {
  completeErasure,
  keepErasuresAlive,
  requestErasure,
  takeIdleErasure,
} from '../../shared/store/erasing/erasures.ts'
import { useDatabase } from '../helpers/services/database.ts'

/** Who works on an erasure: one process at a time, and one row for a wish however often it is repeated. */

let database: Database
let orgId: string
useDatabase((opened, org) => {
  database = opened
  orgId = org
})

const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes))
const take = (minutes: number) => takeIdleErasure(database, { now: at(minutes), idleSince: at(minutes - 2) })

it('the longest untouched is taken first, by one process, and none that shows signs of life or a clock that was ahead', async () => {
  const ids: number[] = []
  for (const [minute, user] of [...'bca'].entries())
    ids.push((await requestErasure(database, { orgId, userId: user }, { by: 'test', at: at(minute) })).id)
  const [first, second, third] = ids as [number, number, number]
  await keepErasuresAlive(database, [second], at(9))
  expect([(await take(10))?.id, (await take(10))?.id, await take(10)]).toEqual([first, third, undefined])
  expect([(await take(12))?.id, await take(12)]).toEqual([second, undefined])
  await keepErasuresAlive(database, [first], at(600))
  expect((await take(12))?.id).toBe(first)
  for (const id of ids) await completeErasure(database, { id, askedAt: at(100) }, at(20))
  expect(await take(500)).toBeUndefined()
})

it('a repeated wish continues its row, takes in what is new, and is complete only once that is', async () => {
  const scope = { orgId, workstreamId: 'w' }
  const first = await requestErasure(database, scope, { by: 'a', at: at(0) })
  const again = await requestErasure(database, scope, { by: 'b', at: at(1) })
  expect(again).toMatchObject({ id: first.id, requestedBy: 'a', askedAt: at(1) })
  for (const other of [{ orgId }, { ...scope, turnId: 't' }, { orgId, userId: 'w' }, { ...scope, olderThan: at(0) }])
    expect((await requestErasure(database, other, { by: 'a', at: at(1) })).id).not.toBe(first.id)
  await completeErasure(database, first, at(2))
  expect((await requestErasure(database, scope, { by: 'a', at: at(3) })).id).toBe(first.id)
  await completeErasure(database, { id: first.id, askedAt: at(3) }, at(4))
  expect((await requestErasure(database, scope, { by: 'a', at: at(5) })).id).not.toBe(first.id)
})
