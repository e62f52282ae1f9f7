import fc from 'fast-check'
import { type RawBuilder, sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { countDeadLetters } from '../../shared/store/control/dead-letters.ts'
import type { Database } from '../../shared/store/database.ts'
import { countHeldMemories } from '../../shared/store/memories/held-memories.ts'
import { countMemories } from '../../shared/store/memories/memories.ts'
import { addToLedger, readLedger } from '../../shared/store/models/usage-ledger.ts'
import { claimPeriodicTask } from '../../shared/store/periodic-tasks.ts'
import { isMemoryCurrent } from '../../shared/store/scopes.ts'
import { recountTallies } from '../../shared/store/tallies.ts'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { useDatabase } from '../helpers/services/database.ts'

let database: Database
useDatabase((opened) => {
  database = opened
})

const NOON = new Date('2024-05-01T12:00:00Z')
const usage = (calls: number) => ({ calls, inputTokens: calls * 10, outputTokens: calls })

describe('the ledger', () => {
  const add = (orgId: string, now: Date, entries: Parameters<typeof addToLedger>[3]) =>
    database.transaction().execute((transaction) => addToLedger(transaction, orgId, now, entries))

  it('sums by task over days, of transactions at once too', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        add('a', new Date(NOON.getTime() + (n % 3) * 86_400_000), [
          { task: 'extract-facts', usage: usage(1), duplicates: 2 },
          { task: 'embed', usage: usage(2), cacheHits: 3 },
        ]),
      ),
    )
    expect(await readLedger(database, 'a')).toEqual([
      { task: 'embed', calls: 40, inputTokens: 400, outputTokens: 40, cacheHits: 60, duplicates: 0 },
      { task: 'extract-facts', calls: 20, inputTokens: 200, outputTokens: 20, cacheHits: 0, duplicates: 40 },
    ])
    const days = await database.selectFrom('usage_ledger').select('day').where('org_id', '=', 'a').execute()
    expect(days).toHaveLength(6)
  })

  it('keeps orgs apart, holds more than 32 bits, and forgets what is rolled back', async () => {
    await add('b', NOON, [{ task: 'embed', usage: { calls: 1, inputTokens: 3_000_000_000, outputTokens: 0 } }])
    await add('b', NOON, [{ task: 'embed', usage: { calls: 1, inputTokens: 3_000_000_000, outputTokens: 0 } }])
    const failing = database.transaction().execute(async (transaction) => {
      await addToLedger(transaction, 'b', NOON, [{ task: 'embed', usage: usage(1) }])
      throw new Error('rolled back')
    })
    await expect(failing).rejects.toThrow('rolled back')
    expect(await readLedger(database, 'b')).toMatchObject([{ calls: 2, inputTokens: 6_000_000_000 }])
    expect(await readLedger(database, 'nobody')).toEqual([])
    expect((await readLedger(database)).find(({ task }) => task === 'embed')?.calls).toBe(42)
  })
})

describe('tallies', () => {
  const ORGS = ['tally-1', 'tally-2']
  const DAYS = [-1, 0, 1].map((day) => new Date(NOON.getTime() + day * 86_400_000)) as [Date, Date, Date]
  const few = (table: string, org: string, count: number) =>
    sql`(select id from ${sql.table(table)} where org_id = ${org} order by random() limit ${count} for update skip locked)`
  const day = (n: number) => DAYS[n % 3] ?? null
  /** The statements by which the product or an operator changes rows. */
  const changes: Record<string, (org: string, count: number, pick: number) => RawBuilder<unknown>> = {
    record: (org, count, pick) => sql`
      insert into turns (org_id, workstream_id, turn_id, seq, occurred_at, recorded_at, said_at, content_hash, state)
      select ${org}, 'w', gen_random_uuid()::text, nextval('tally_seq'), ${NOON}::timestamptz, ${NOON}::timestamptz, ${NOON}::timestamptz, '',
        (array['pending', 'extracted', 'dead_lettered'])[1 + ${pick}::int % 3] from generate_series(1, ${count}::int)`,
    move: (org, count, pick) => sql`
      update turns set state = (array['pending', 'extracted', 'dead_lettered'])[1 + ${pick}::int % 3] where id in ${few('turns', org, count)}`,
    try: (org, count) => sql`update turns set attempts = attempts + 1 where id in ${few('turns', org, count)}`,
    erase: (org, count) => sql`delete from turns where id in ${few('turns', org, count)}`,
    remember: (org, count, pick) => sql`
      insert into memories (org_id, fact, fact_hash, kind, observed_at, valid_from, valid_to, over_at, created_at, status)
      select ${org}, 'f', sha256(gen_random_uuid()::text::bytea), 'fact', ${NOON}::timestamptz, ${day(pick)}::timestamptz,
        ${pick % 2 ? null : day(pick + 1)}::timestamptz, ${pick % 5 ? null : day(pick + 2)}::timestamptz, ${NOON}::timestamptz,
        ${pick % 3 ? 'active' : 'quarantined'} from generate_series(1, ${count}::int)`,
    review: (org, count, pick) =>
      sql`update memories set status = ${pick % 2 ? 'active' : 'rejected'} where id in ${few('memories', org, count)}`,
    end: (org, count, pick) =>
      sql`update memories set valid_to = ${pick % 4 ? day(pick) : null}::timestamptz where id in ${few('memories', org, count)}`,
    forget: (org, count) => sql`delete from memories where id in ${few('memories', org, count)}`,
    spend: (org, count, pick) => sql`
      insert into usage_ledger (org_id, day, task, calls) values (${org}, ${day(pick)}::timestamptz::date, 'embed', ${count})
      on conflict (org_id, day, task) do update set calls = usage_ledger.calls + excluded.calls`,
    refund: (org, _, pick) =>
      sql`delete from usage_ledger where org_id = ${org} and day = ${day(pick)}::timestamptz::date`,
    die: (org, count, pick) => sql`
      insert into dead_letters (org_id, job_id, queue, code, reason, attempts, died_at)
      select ${org}, gen_random_uuid()::text, ${`tally-${pick % 2}`}, 'MODEL_REFUSED', '', 1, ${NOON} from generate_series(1, ${count}::int)`,
    resolve: (org, count) =>
      sql`update dead_letters set resolution = 'dropped' where id in ${few('dead_letters', org, count)}`,
  }
  const step = fc.record({
    change: fc.constantFrom(...Object.keys(changes)),
    org: fc.constantFrom(...ORGS),
    count: fc.integer({ min: 0, max: 4 }),
    pick: fc.nat(30),
  })
  const transactions = fc.array(
    fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 5 }), isKept: fc.integer({ min: 0, max: 4 }) }),
    { minLength: 10, maxLength: 20 },
  )
  const run = ({
    steps,
    isKept,
  }: {
    steps: readonly { change: string; org: string; count: number; pick: number }[]
    isKept: number
  }) =>
    database
      .transaction()
      .execute(async (transaction) => {
        for (const { change, org, count, pick } of steps) await changes[change]?.(org, count, pick).execute(transaction)
        if (isKept === 0) throw new Error('rolled back')
      })
      .catch((error: Error) => {
        // Two that touch rows of both orgs in another order may wait for each other: one of them is rolled back.
        if (!/rolled back|deadlock/.test(error.message)) throw error
      })
  const counted = async (from: RawBuilder<unknown>) =>
    (await sql<{ count: number }>`select count(*) as count from ${from}`.execute(database)).rows[0]?.count
  const expectExact = async () => {
    for (const org of [...ORGS, undefined]) {
      const own = org === undefined ? sql`true` : sql`org_id = ${org}`
      const turns = (state: string) => counted(sql`turns where state = ${state} and ${own}`)
      const expected = [await turns('pending'), await turns('extracted'), await turns('dead_lettered')]
      const { pending, extracted, deadLettered } = await countTurns(database, org)
      expect([pending, extracted, deadLettered]).toEqual(expected)
      expect(await countHeldMemories(database, org)).toBe(
        await counted(sql`memories where status = 'quarantined' and ${own}`),
      )
      for (const at of [NOON, new Date(NOON.getTime() + 1), ...DAYS])
        if (at >= NOON)
          expect(await countMemories(database, at, org)).toBe(
            await counted(sql`memories m where ${isMemoryCurrent('m', at)} and ${own}`),
          )
      const { rows } = await sql<{
        calls: number
      }>`select coalesce(sum(calls), 0)::bigint as calls from usage_ledger where task = 'embed' and ${own}`.execute(
        database,
      )
      expect((await readLedger(database, org)).find(({ task }) => task === 'embed')?.calls ?? 0).toBe(rows[0]?.calls)
    }
    const open = (await countDeadLetters(database)).reduce((sum, { count }) => sum + count, 0)
    expect(open).toBe(await counted(sql`dead_letters where resolution is null`))
  }

  it('are what the rows say, whatever is written, moved, erased or rolled back, by several at once', async () => {
    await sql`create sequence tally_seq`.execute(database)
    for (const org of ORGS)
      await sql`insert into workstreams (org_id, workstream_id) values (${org}, 'w')`.execute(database)
    await fc.assert(
      fc.asyncProperty(transactions, async (all) => {
        await Promise.all(all.map(run))
        await expectExact()
      }),
      { numRuns: 8 },
    )
    expect(await recountTallies(database)).toBe(0)
  })

  it('are repaired by a recount where no trigger saw the rows', async () => {
    await sql`update tallies set pending = pending + 7, held = held - 2 where id = (select min(id) from tallies)`.execute(
      database,
    )
    await sql`delete from usage_tallies`.execute(database)
    await sql`insert into dead_letter_tallies (queue, code, letters) values ('gone', 'GONE', 3)`.execute(database)
    const corrected = await Promise.all([recountTallies(database), recountTallies(database)])
    expect(corrected.toSorted()[0]).toBe(0)
    await expectExact()
  })
})

describe('a duty', () => {
  const claims = (name: string, now: Date, count: number) =>
    Promise.all(Array.from({ length: count }, () => claimPeriodicTask(database, name, now, 1_000))).then(
      (all) => all.filter(Boolean).length,
    )

  it('is taken by one of many, and again by one when its time is over', async () => {
    expect(await claims('sweep', NOON, 20)).toBe(1)
    expect(await claims('sweep', new Date(NOON.getTime() + 999), 20)).toBe(0)
    expect(await claims('sweep', new Date(NOON.getTime() + 1_000), 20)).toBe(1)
    expect(await claims('another', NOON, 2)).toBe(1)
  })
  it('that a clock ahead has claimed for days is taken over', async () => {
    expect(await claims('ahead', new Date(NOON.getTime() + 86_400_000), 2)).toBe(1)
    expect(await claims('ahead', NOON, 20)).toBe(1)
  })
})
