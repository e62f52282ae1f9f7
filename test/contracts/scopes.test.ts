import { expect, it } from 'vitest'
import type { Database } from '../../shared/store/database.ts'
import { isTurnVisible, type Viewer } from '../../shared/store/scopes.ts'
import { insertTurn, type NewTurn } from '../../shared/store/turns/insert-turn.ts'
import { useDatabase } from '../helpers/services/database.ts'

const TIMING = { now: new Date('2024-05-01T12:00:00Z'), windowMs: 1, maxWaitMs: 1 }

let database: Database
let orgId: string
useDatabase((opened, org) => {
  database = opened
  orgId = org
})

const record = (turnId: string, named: Partial<NewTurn>) =>
  insertTurn(
    database,
    { orgId, workstreamId: 'w', turnId, messages: [{ role: 'user', content: 'x' }], ...named },
    Buffer.alloc(32),
    TIMING,
  )

async function seenBy(viewer: Viewer): Promise<string[]> {
  const rows = await database
    .selectFrom('turns')
    .select('turn_id')
    .where('org_id', '=', orgId)
    .where(isTurnVisible('turns', viewer))
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.turn_id)
}

it('a viewer sees what is the org’s and what is of those it names, and of nobody else', async () => {
  await record('org', {})
  await record('maya', { userId: 'maya', scope: 'user' })
  await record('leo', { userId: 'leo', scope: 'user' })
  await record('agent', { agentId: 'a', userId: 'maya', scope: 'agent' })
  await record('stream', { userId: 'maya', scope: 'workstream' })

  expect(await seenBy({})).toEqual(['org'])
  expect(await seenBy({ userId: 'maya' })).toEqual(['org', 'maya'])
  expect(await seenBy({ userId: 'leo', agentId: 'a' })).toEqual(['org', 'leo', 'agent'])
  expect(await seenBy({ workstreamId: 'w' })).toEqual(['org', 'stream'])
  expect(await seenBy({ userId: 'nobody', agentId: '', workstreamId: 'other' })).toEqual(['org'])
})
