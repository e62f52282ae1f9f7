import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { readWaitingOrgs } from '../../shared/store/console/org-places.ts'
import type { Database } from '../../shared/store/database.ts'
import { useDatabase } from '../helpers/services/database.ts'

/** The orgs that wait longest: the same ones, whether many share the oldest work or one has nearly all of it. */

let database: Database
useDatabase((opened) => {
  database = opened
})

/** Adds workstreams that wait, the first since `from` seconds after the epoch, each next one a second later. */
const wait = (orgId: string, from: number, count = 1) =>
  sql`insert into workstreams (org_id, workstream_id, next_seq, first_pending_at)
    select ${orgId}, 'w-' || n, 2, to_timestamp(${from}::int + n) from generate_series(0, ${count - 1}::int) as n`.execute(
    database,
  )
const waiting = async (limit: number) =>
  (await readWaitingOrgs(database, limit)).map(({ orgId, since }) => [orgId, since.getTime() / 1_000])

it('lists them oldest first, behind however large a backlog of one org', async () => {
  expect(await waiting(5)).toEqual([])
  for (const [org, from] of [
    ['c', 30],
    ['a', 10],
    ['b', 20],
  ] as const)
    await wait(org, from, 2)
  expect(await waiting(2)).toEqual([
    ['a', 10],
    ['b', 20],
  ])
  await wait('whale', 1, 1_000)
  await wait('late', 5_000)
  const all = [
    ['whale', 1],
    ['a', 10],
    ['b', 20],
    ['c', 30],
    ['late', 5_000],
  ]
  for (const limit of [1, 2, 4, 5, 50]) expect([limit, await waiting(limit)]).toEqual([limit, all.slice(0, limit)])
})
