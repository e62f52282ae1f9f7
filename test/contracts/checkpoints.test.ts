import { type Checkpoint, emptyCheckpoint, MemorySaver, uuid6 } from '@langchain/langgraph-checkpoint'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { AfterturnSaver, AfterturnSaverOptions } from '../../adapters/langgraph/afterturn-saver.ts'
import type { Database } from '../../shared/store/database.ts'
import { sweepThreads } from '../../shared/store/states/delete-checkpoints.ts'
import { createTestSaver } from '../helpers/checkpoints.ts'
import { useDatabase } from '../helpers/services/database.ts'

/** What LangGraph's own suite does not ask of a saver. */

let database: Database
let orgId: string
let saver: AfterturnSaver
const time: { now: Date | undefined } = { now: undefined }
const saverWith = (options: Partial<AfterturnSaverOptions> = {}) =>
  createTestSaver(database, { orgId, ...options }, time)
useDatabase((opened, org) => {
  database = opened
  orgId = `checkpoints-${org}`
  time.now = undefined
  saver = saverWith()
})

const config = (thread_id: string, checkpoint_id?: string, checkpoint_ns = '') => ({
  configurable: { thread_id, checkpoint_ns, ...(checkpoint_id !== undefined && { checkpoint_id }) },
})
const code = (name: string) => expect.objectContaining({ code: name })
let step = 0

type Values = Record<string, unknown>
/** Puts a checkpoint whose channels all have a version; those of `changed` are new. */
function put(
  parent: ReturnType<typeof config>,
  values: Values,
  {
    versions = {},
    changed = Object.keys(values),
    id = uuid6(step++),
    source = 'loop',
    by = saver,
  }: {
    versions?: Record<string, number>
    changed?: string[]
    id?: string
    source?: 'loop' | 'input'
    by?: AfterturnSaver
  } = {},
) {
  const channel_versions = { ...Object.fromEntries(Object.keys(values).map((name) => [name, 1])), ...versions }
  const checkpoint: Checkpoint = { ...emptyCheckpoint(), id, channel_values: values, channel_versions }
  const newVersions = Object.fromEntries(changed.map((name) => [name, channel_versions[name] as number]))
  return by.put(parent, checkpoint, { source, step, parents: {} }, newVersions) as Promise<ReturnType<typeof config>>
}
const messages = (count: number, who = 'user') =>
  Array.from({ length: count }, (_, index) => `${who} says the ${index}th thing, ${index * 7919}`)
const valuesOf = async (place: ReturnType<typeof config>, by = saverWith()) =>
  (await by.getTuple(place))?.checkpoint.channel_values
async function countRows(table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} c join checkpoint_threads t on t.id = c.thread where t.org_id = ${orgId}`.execute(
    database,
  )
  return rows[0]?.count as number
}
async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('checkpoints', () => {
  it('of sibling forks keep their own values under one version', async () => {
    const root = await put(config('t'), { messages: messages(40) })
    const forks = await Promise.all(
      ['left', 'right', 'third'].map((who) =>
        put(root, { messages: [...messages(40), ...messages(2, who)] }, { versions: { messages: 2 } }),
      ),
    )
    for (const [index, who] of ['left', 'right', 'third'].entries()) {
      expect(await valuesOf(forks[index] as never)).toEqual({ messages: [...messages(40), ...messages(2, who)] })
      const next = await put(
        forks[index] as never,
        { messages: [...messages(40), ...messages(3, who)] },
        { versions: { messages: 3 } },
      )
      expect(await valuesOf(next)).toEqual({ messages: [...messages(40), ...messages(3, who)] })
    }
    expect(await valuesOf(root)).toEqual({ messages: messages(40) })
  })

  it('carry what has not changed, drop what has gone, and inherit nothing that is named without a value', async () => {
    const bytes = new Uint8Array(500).fill(7)
    const root = await put(config('t'), { long: messages(30), short: 'x', bytes, nothing: null })
    const next = await put(
      root,
      { long: messages(30), short: 'y', nothing: null },
      { changed: ['short'], versions: { short: 2, bytes: 1, long: 1 } },
    )
    expect(await valuesOf(next)).toEqual({ long: messages(30), short: 'y', bytes, nothing: null })
    const checkpoint: Checkpoint = {
      ...emptyCheckpoint(),
      id: uuid6(step++),
      channel_values: {},
      channel_versions: { long: 2, short: 2 },
    }
    const last = await saver.put(next, checkpoint, { source: 'loop', step, parents: {} }, { long: 2 })
    expect(await valuesOf(last as never)).toEqual({ short: 'y' })
    // From a checkpoint that the parent's does not name: the newest one with the version.
    const fork = await put(root, {}, { versions: { short: 2 }, changed: [] })
    expect(await valuesOf(fork)).toEqual({ short: 'y' })
  })

  it('cost what has changed, over hundreds of steps', async () => {
    let place = await put(config('t'), { messages: messages(100) })
    for (let turn = 1; turn <= 70; turn++)
      place = await put(place, { messages: messages(100 + turn) }, { versions: { messages: turn + 1 } })
    expect(await valuesOf(place)).toEqual({ messages: messages(170) })
    const { rows } = await sql<{ bytes: number }>`select sum(octet_length(frame)) as bytes from checkpoint_frames f
      join checkpoint_threads t on t.id = f.thread where t.org_id = ${orgId}`.execute(database)
    expect(Number(rows[0]?.bytes)).toBeLessThan(40_000)
    expect(await allOf(saverWith().list(config('t'), { limit: 60 }))).toHaveLength(60)
  })

  it('may come after their writes, whose repetition changes nothing and whose order is that of the tasks', async () => {
    const id = uuid6(step++)
    const large = 'value '.repeat(100)
    await saver.putWrites(
      config('t', id),
      [
        ['a', 1],
        ['b', large],
      ],
      'task-2',
      '~2',
    )
    await saver.putWrites(
      config('t', id),
      [
        ['a', 'other'],
        ['b', 'other'],
      ],
      'task-2',
      '~2',
    )
    await saver.putWrites(config('t', id), [['c', large]], 'task-1', '~3')
    await saver.putWrites(config('t', id), [['d', 4]], 'task-9')
    await saver.putWrites(config('t', id), [['__resume__', 'first']], 'task-2', '~2')
    await saver.putWrites(config('t', id), [['__resume__', 'second']], 'task-2', '~2')
    await put(config('t'), { x: 1 }, { id })
    expect((await saverWith().getTuple(config('t', id)))?.pendingWrites).toEqual([
      ['task-9', 'd', 4],
      ['task-2', '__resume__', 'second'],
      ['task-2', 'a', 1],
      ['task-2', 'b', large],
      ['task-1', 'c', large],
    ])
    expect(await countRows('checkpoint_payloads')).toBe(1)
  })

  it('have channels of any name', async () => {
    const names = ['constructor', 'toString', 'a b']
    const place = await put(config('t'), Object.fromEntries(names.map((name) => [name, name])))
    await saver.putWrites(
      place,
      names.map((name) => [name, `written to ${name}`]),
      'task',
    )
    const tuple = await saverWith().getTuple(place)
    expect(Object.entries(tuple?.checkpoint.channel_values ?? {}).sort()).toEqual(
      names.map((name) => [name, name]).sort(),
    )
    expect(tuple?.pendingWrites).toEqual(names.map((name) => ['task', name, `written to ${name}`]))
  })

  it('of a deleted thread are refused when they come late, and not when the thread begins again', async () => {
    const root = await put(config('t'), { x: 1 })
    const late = uuid6(step++)
    await saver.deleteThread('t')
    await expect(put(root, { x: 2 })).rejects.toThrow(code('THREAD_DELETED'))
    await expect(saver.putWrites(config('t', late), [['x', 1]], 'task')).rejects.toThrow(code('THREAD_DELETED'))
    time.now = new Date(Date.now() + 5)
    const again = await put(config('t'), { x: 3 }, { id: uuidAt(Date.now() + 1_000) })
    await expect(put(root, { x: 4 })).rejects.toThrow(code('THREAD_DELETED'))
    expect(await valuesOf(again)).toEqual({ x: 3 })
    expect(await allOf(saver.list(config('t')))).toHaveLength(1)
    time.now = new Date(Date.now() + 2 * 86_400_000)
    await sweepThreads(database, time.now, undefined)
    const { rows } = await sql`select 1 from checkpoint_tombstones where org_id = ${orgId}`.execute(database)
    expect(rows).toEqual([])
  })

  it('of two runs at once: one is refused where that is wanted, else both are kept', async () => {
    const one = saverWith({ onConcurrentRun: 'refuse' })
    const other = saverWith({ onConcurrentRun: 'refuse' })
    let root = await put(config('t'), { x: 0 }, { by: one, source: 'input' })
    for (let round = 1; round <= 5; round++) {
      const results = await Promise.allSettled(
        [one, other].map((by, index) => put(root, { x: `${round}-${index}` }, { by })),
      )
      const won = results.filter((result) => result.status === 'fulfilled')
      expect(won).toHaveLength(1)
      expect(results.find((result) => result.status === 'rejected')).toMatchObject({
        reason: { code: 'CHECKPOINT_SUPERSEDED' },
      })
      root = (won[0] as PromiseFulfilledResult<typeof root>).value
    }
    const both = await Promise.all([saver, saverWith()].map((by, index) => put(root, { x: `free-${index}` }, { by })))
    expect(await Promise.all(both.map((place) => valuesOf(place)))).toEqual([{ x: 'free-0' }, { x: 'free-1' }])
  })

  it('are pruned to the newest of each namespace, and to what these need', async () => {
    let place = await put(config('t'), { messages: messages(30), delta: 'seed of the delta' })
    for (let turn = 2; turn <= 6; turn++) {
      await saver.putWrites(
        place,
        [
          ['delta', [turn]],
          ['messages', messages(turn)],
        ],
        'task',
      )
      const checkpoint: Checkpoint = {
        ...emptyCheckpoint(),
        id: uuid6(step++),
        channel_values: { messages: messages(30 + turn) },
        channel_versions: { messages: turn, delta: turn },
      }
      place = (await saver.put(
        place,
        checkpoint,
        { source: 'loop', step, parents: {}, counters_since_delta_snapshot: { delta: [1, turn] } },
        turn <= 3 ? { messages: turn } : { messages: turn, delta: turn },
      )) as never
    }
    const child = await put(config('t', undefined, 'child'), { x: 1 })
    await put(child, { x: 2 })
    await put(config('other'), { x: 1 })
    // The newest three have no value of the delta channel, the fourth has another's: its ancestors stay down to the value.
    const before = await saver.getDeltaChannelHistory({ config: place, channels: ['delta'] })
    expect(await saverWith().prune(['t', 'nobody'])).toBeGreaterThan(0)
    expect(await saverWith().getDeltaChannelHistory({ config: place, channels: ['delta'] })).toEqual(before)
    expect(await valuesOf(place)).toMatchObject({ messages: messages(36) })
    expect(await allOf(saver.list(config('t', undefined, 'child')))).toHaveLength(1)
    expect(await allOf(saver.list(config('other')))).toHaveLength(1)
    await saver.prune(['t'], { strategy: 'delete' })
    expect(await saver.getTuple(config('t'))).toBeUndefined()
  })

  it('are kept up to a number, and leave no bytes behind', async () => {
    const keeping = saverWith({ keepCheckpoints: 3 })
    let place = await put(config('t'), { messages: messages(20) }, { by: keeping })
    for (let turn = 2; turn <= 70; turn++)
      place = await put(place, { messages: messages(20 + turn) }, { versions: { messages: turn }, by: keeping })
    expect(await allOf(saver.list(config('t')))).toHaveLength(3)
    expect(await countRows('checkpoint_frames')).toBeLessThanOrEqual(128)
    expect(await valuesOf(place)).toEqual({ messages: messages(90) })
  })

  it('follow nothing that is gone, though their process remembers it', async () => {
    const root = await put(config('t'), { messages: messages(30), other: messages(20) })
    const next = await put(
      root,
      { messages: messages(31), other: messages(20) },
      { versions: { messages: 2 }, changed: ['messages'] },
    )
    await saverWith().prune(['t'])
    const fork = await put(
      root,
      { messages: messages(32), other: messages(20) },
      { versions: { messages: 2 }, changed: ['messages'] },
    )
    expect(await valuesOf(fork)).toMatchObject({ messages: messages(32) })
    expect(await valuesOf(next)).toEqual({ messages: messages(31), other: messages(20) })
    // The whole thread was deleted and begun again elsewhere, under the same ids.
    await saverWith().deleteThread('t')
    await sql`delete from checkpoint_tombstones where org_id = ${orgId}`.execute(database)
    await put(
      config('t'),
      { messages: messages(5) },
      { id: root.configurable.checkpoint_id as string, by: saverWith() },
    )
    const last = await put(next, { messages: messages(33) }, { versions: { messages: 3 } })
    expect(await valuesOf(last)).toEqual({ messages: messages(33) })
  })

  it('are copied with their thread, imported from another saver, and expire with it', async () => {
    const memory = new MemorySaver()
    let place: ReturnType<typeof config> = config('t')
    for (let turn = 1; turn <= 5; turn++) {
      place = await put(place, { messages: messages(turn) }, { versions: { messages: turn }, by: memory as never })
      await memory.putWrites(
        place,
        [
          ['messages', [turn]],
          ['__interrupt__', turn],
        ],
        'task',
      )
    }
    expect(await saver.importThread(memory, 't')).toBe(5)
    expect(await saver.importThread(memory, 't')).toBe(5)
    await saver.copyThread('t', 'copy')
    await expect(saver.copyThread('t', 'copy')).rejects.toThrow(code('STATE_CONFLICT'))
    const [expected, imported, copied] = (await Promise.all(
      [memory.list(config('t')), saverWith().list(config('t')), saverWith().list(config('copy'))].map(allOf as never),
    )) as { checkpoint: Checkpoint; pendingWrites: unknown[] }[][]
    for (const found of [imported, copied]) {
      expect(found?.map(({ checkpoint }) => checkpoint)).toEqual(expected?.map(({ checkpoint }) => checkpoint))
      expect(found?.map(({ pendingWrites }) => [...pendingWrites].sort())).toEqual(
        expected?.map(({ pendingWrites }) => [...pendingWrites].sort()),
      )
    }
    const expiring = saverWith({ ttlSeconds: 100 })
    await put(config('short'), { x: 1 }, { by: expiring })
    time.now = new Date(Date.now() + 200_000)
    expect(await saver.getTuple(config('short'))).toBeUndefined()
    await put(config('short'), { y: 1 }, { by: expiring })
    expect(await allOf(saver.list(config('short')))).toHaveLength(1)
    time.now = new Date(Date.now() + 800_000)
    await sweepThreads(database, time.now, undefined)
    expect(
      (await allOf(saver.list({ configurable: {} }))).every(
        ({ config: found }) => found.configurable?.thread_id !== 'short',
      ),
    ).toBe(true)
  })

  it('of other orgs are not found, and filters are values, never SQL', async () => {
    await put(config('t'), { x: 1 })
    const other = createTestSaver(database, { orgId: `${orgId}-other` })
    expect(await other.getTuple(config('t'))).toBeUndefined()
    expect(await allOf(other.list(config('t')))).toEqual([])
    await other.deleteThread('t')
    expect(await valuesOf(config('t'))).toEqual({ x: 1 })
    for (const filter of [{ "source' = 'x' or '1'='1": 1 }, { source: "loop' or '1'='1" }, { source: { $ne: 1 } }])
      expect(await allOf(saver.list(config('t'), { filter }))).toEqual([])
    expect(await allOf(saver.list(config('t'), { filter: { source: 'loop', parents: {} } }))).toHaveLength(1)
    await expect(put(config('x\0'), { x: 1 })).rejects.toThrow(code('INPUT_INVALID'))
    await expect(put(config('*'), { x: 'x'.repeat(17 * 1_024 * 1_024) })).rejects.toThrow(code('STATE_TOO_LARGE'))
  })

  it('that are damaged are refused before anybody reads them', async () => {
    const place = await put(config('t'), { messages: messages(30) })
    await sql`update checkpoint_frames set frame = set_byte(frame, 20, get_byte(frame, 20) # 1) from checkpoint_threads t
      where t.id = thread and t.org_id = ${orgId}`.execute(database)
    await expect(saverWith().getTuple(place)).rejects.toThrow(code('STATE_CORRUPT'))
  })
})

/** An id of a time of one's own, as uuid6 makes it. */
function uuidAt(ms: number): string {
  const digits = (BigInt(ms) * 10_000n + 0x01b21dd213814000n).toString(16).padStart(15, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}-8000-${crypto.randomUUID().slice(-12)}`
}
