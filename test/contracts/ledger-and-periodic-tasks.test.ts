import { describe, expect, it } from 'vitest'
import type { Database } from '../../shared/store/database.ts'
import { addToLedger, readLedger } from '../../shared/store/models/usage-ledger.ts'
import { claimPeriodicTask } from '../../shared/store/periodic-tasks.ts'
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
