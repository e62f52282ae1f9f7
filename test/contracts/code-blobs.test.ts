import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { collectBlobs, ensureSpace, insertBlobs } from '../../shared/store/code/code-blobs.ts'
import {
  flipIndex,
  type IndexRow,
  readCodeIndex,
  requestIndex,
  settleIndex,
} from '../../shared/store/code/code-indexes.ts'
import { removeIndexes } from '../../shared/store/code/code-removal.ts'
import { readServedFiles, readServedIndexes } from '../../shared/store/code/code-served.ts'
import type { Database } from '../../shared/store/database.ts'
import { useDatabase } from '../helpers/services/database.ts'

/** Blobs of code that several indexes share: whoever drops one last, and however many drop it at once, it is collected. */

let database: Database
let orgId: string
useDatabase((given, org) => {
  database = given
  orgId = org
})

const REFS = 8
const now = new Date()
const none = Buffer.alloc(0)

/** Indexes of several repositories, and of two refs of each, that have the same blob. */
async function shareOneBlob() {
  const model = { provider: 'local', model: 'test', dims: 4 } as const
  const space = await ensureSpace(database, orgId, 'pipeline', model as never)
  const blob = { oid: '0a'.repeat(20), language: '', chunkHashes: [], redacted: 0 }
  const ids = await insertBlobs(database, space, [{ ...blob, source: none, segment: none, vectors: none }], now)
  const file = { path: 'a.ts', oid: blob.oid, bytes: 1, blob: [...ids.values()][0] as number, skipReason: null }
  const flip = (index: IndexRow, written = [file], removed: string[] = []) =>
    database.transaction().execute(async (transaction) => {
      await flipIndex(transaction, index, { space, commit: null, rules: none, written, removed }, now)
    })
  const keys = Array.from({ length: REFS }, (_, at) => ({ orgId, repoId: `repo-${at >> 1}`, ref: `ref-${at}` }))
  for (const key of keys) {
    await requestIndex(database, key, '/srv', now)
    await flip((await readCodeIndex(database, key)) as IndexRow)
  }
  return { keys, flip }
}

const unused = async () =>
  (
    await sql`select 1 from code_blobs b join code_spaces s on s.id = b.space where s.org_id = ${orgId} and unused_since is not null`.execute(
      database,
    )
  ).rows.length

it('are collected when all that had one are removed at once', async () => {
  const { keys } = await shareOneBlob()
  expect(await unused()).toBe(0)
  await Promise.all(keys.map((key) => removeIndexes(database, key, now)))
  expect(await unused()).toBe(1)
  expect(await collectBlobs(database, new Date(now.getTime() + 1), 10)).toBe(1)
})

it('are collected when all that had one drop the file at once', async () => {
  const { keys, flip } = await shareOneBlob()
  const indexes = await Promise.all(keys.map((key) => readCodeIndex(database, key)))
  await flip(indexes[0] as IndexRow, [], ['a.ts'])
  expect(await unused()).toBe(0)
  await Promise.all(indexes.slice(1).map((index) => flip(index as IndexRow, [], ['a.ts'])))
  expect(await unused()).toBe(1)
})

it('are served with the source that they were read from, until a run has read another', async () => {
  const { keys, flip } = await shareOneBlob()
  const key = keys[0] as (typeof keys)[number]
  const sources = async () => {
    const [index] = await readServedIndexes(database, orgId, { repoIds: [key.repoId], ref: key.ref })
    return [index?.source, (await readServedFiles(database, orgId, index?.id ?? 0))?.source]
  }
  await requestIndex(database, key, '/moved', now)
  const index = (await readCodeIndex(database, key)) as IndexRow
  await settleIndex(database, key, index, now, { code: 'REPO_NOT_FOUND', message: 'away' })
  expect(await sources()).toEqual(['/srv', '/srv'])
  await flip(index)
  expect(await sources()).toEqual(['/moved', '/moved'])
})
