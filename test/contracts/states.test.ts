import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import type { States } from '../../shared/state/states.ts'
import type { Database } from '../../shared/store/database.ts'
import { sweepStates } from '../../shared/store/states/erase-states.ts'
import { useDatabase } from '../helpers/services/database.ts'
import { bindTestStates } from '../helpers/states.ts'

let database: Database
let orgId: string
let states: States
const time = { now: new Date() }
useDatabase((opened, org) => {
  database = opened
  orgId = `states-${org}`
  time.now = new Date('2026-05-01T12:00:00Z')
  states = bindTestStates(database, {}, { time }).states
})
const code = (name: string) => expect.objectContaining({ code: name })
const later = (seconds: number) => {
  time.now = new Date(time.now.getTime() + seconds * 1_000)
}
/** Another process: it has nothing in its memory. */
const elsewhere = () => bindTestStates(database, {}, { time }).states
const conversation = (turns: number) => ({
  turn: turns,
  messages: Array.from({ length: turns }, (_, turn) => ({
    role: 'user',
    content: `message ${turn} is about ${turn * 7919}`,
  })),
})
async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
async function countRows(table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${sql.table(table)} t join states s on s.id = t.state where s.org_id = ${orgId}`.execute(
    database,
  )
  return rows[0]?.count as number
}

describe('states', () => {
  it('are saved in versions, loaded by number, and rolled back by one more version', async () => {
    const key = { orgId, stateId: 'agent' }
    for (let turn = 1; turn <= 5; turn++)
      expect((await states.save({ ...key, state: conversation(turn) })).version).toBe(turn)
    for (const reader of [states, elsewhere()]) {
      expect(await reader.load(key)).toMatchObject({ version: 5, state: conversation(5), tags: [], metadata: {} })
      expect(await reader.load({ ...key, version: 2 })).toMatchObject({ version: 2, state: conversation(2) })
    }
    expect(await states.rollback({ ...key, toVersion: 2 })).toMatchObject({ version: 6 })
    expect(await states.load(key)).toMatchObject({ version: 6, restoredFrom: 2, state: conversation(2) })
    expect((await states.save({ ...key, state: conversation(3) })).version).toBe(7)
    expect((await states.rollback({ ...key, toVersion: 6 })).version).toBe(8)
    expect(await elsewhere().load(key)).toMatchObject({ state: conversation(2) })
    expect((await states.versions({ ...key, before: 8, limit: 2 })).map(({ version }) => version)).toEqual([7, 6])
    expect((await states.verify({ orgId })).damaged).toEqual([])
  })

  it('cost what has changed', async () => {
    const key = { orgId, stateId: 'agent', keepVersions: 100 }
    for (let turn = 1; turn <= 60; turn++) await states.save({ ...key, state: conversation(200 + turn) })
    const stats = await states.stats({ orgId })
    expect(stats).toMatchObject({ states: 1, versions: 60, frames: 60, pool: { max: expect.any(Number) } })
    expect(stats.ratio).toBeGreaterThan(60)
    expect(await elsewhere().load({ orgId, stateId: 'agent', version: 30 })).toMatchObject({ state: conversation(230) })
  })

  it('are saved once for each saveId, and only after the version that is expected', async () => {
    const key = { orgId, stateId: 'agent' }
    await expect(states.save({ ...key, state: 1, expectedVersion: 1 })).rejects.toThrow(code('STATE_CONFLICT'))
    const first = await states.save({ ...key, state: 1, expectedVersion: 0, saveId: 'a' })
    for (const store of [states, elsewhere()]) {
      expect(await store.save({ ...key, state: 1, expectedVersion: 0, saveId: 'a' })).toEqual(first)
      expect(await store.save({ ...key, state: 1, saveId: 'a' })).toEqual(first)
      await expect(store.save({ ...key, state: 2, saveId: 'a' })).rejects.toThrow(code('STATE_CONFLICT'))
      await expect(store.save({ ...key, state: 2, expectedVersion: 0 })).rejects.toThrow(/expected version 0, got 1/)
    }
    expect(await countRows('state_versions')).toBe(1)
    // What this process remembers is old: another has saved.
    await elsewhere().save({ ...key, state: 2 })
    expect(await states.save({ ...key, state: 3, expectedVersion: 2 })).toMatchObject({ version: 3 })
  })

  it('lose no update, and count no version twice, whoever updates at once', async () => {
    const key = { orgId, stateId: 'counter', keepVersions: 1_000 }
    const stores = [states, elsewhere(), elsewhere()]
    const versions = await Promise.all(
      stores.flatMap((store) =>
        Array.from(
          { length: 10 },
          async () =>
            (await store.update(key, (state) => ({ count: ((state as { count: number })?.count ?? 0) + 1 }))).version,
        ),
      ),
    )
    expect(await states.load({ orgId, stateId: 'counter' })).toMatchObject({ state: { count: 30 }, version: 30 })
    expect(new Set(versions).size).toBe(30)
  })

  it('keep the newest versions and those with a label', async () => {
    const key = { orgId, stateId: 'agent', keepVersions: 3 }
    await states.save({ orgId, stateId: 'other', state: 1, label: 'moved' })
    await states.save({ orgId, stateId: 'other', state: 2, label: 'moved' })
    expect((await states.versions({ orgId, stateId: 'other' })).map(({ label }) => label)).toEqual(['moved', undefined])
    await states.save({ ...key, state: conversation(1), label: 'start' })
    for (let turn = 2; turn <= 80; turn++) await states.save({ orgId, stateId: 'agent', state: conversation(turn) })
    expect((await states.versions({ orgId, stateId: 'agent' })).map(({ version }) => version)).toEqual([80, 79, 78, 1])
    expect(await elsewhere().load({ orgId, stateId: 'agent', label: 'start' })).toMatchObject({
      state: conversation(1),
    })
    await states.label({ orgId, stateId: 'agent', version: 80, label: 'start' })
    await states.save({ orgId, stateId: 'agent', state: conversation(81), label: 'end' })
    expect((await states.versions({ orgId, stateId: 'agent' })).map(({ version, label }) => [version, label])).toEqual([
      [81, 'end'],
      [80, 'start'],
      [79, undefined],
    ])
    // The chain of the first version is gone with it.
    expect(await countRows('state_frames')).toBeLessThanOrEqual(64)
    await expect(states.label({ orgId, stateId: 'agent', version: 7, label: 'x' })).rejects.toThrow(
      code('STATE_UNKNOWN'),
    )
    await states.save({ orgId, stateId: 'agent', state: 1, keepVersions: 1 })
    expect((await states.versions({ orgId, stateId: 'agent' })).map(({ version }) => version)).toEqual([82, 81, 80])
    expect((await states.verify({ orgId })).damaged).toEqual([])
  })

  it('forget what only a deleted version had, and read back every other one', async () => {
    const key = { orgId, stateId: 'agent' }
    const marker = 'zebra-crossing'
    for (let turn = 1; turn <= 6; turn++)
      await states.save({ ...key, state: { ...conversation(40 + turn), note: turn === 3 ? marker : 'none' } })
    await states.rollback({ ...key, toVersion: 2 })
    await states.deleteVersion({ ...key, version: 3 })
    await expect(states.load({ ...key, version: 3 })).rejects.toThrow(code('STATE_UNKNOWN'))
    for (const version of [1, 2, 4, 5, 6])
      expect(await elsewhere().load({ ...key, version })).toMatchObject({
        state: { ...conversation(40 + version), note: 'none' },
      })
    expect(await elsewhere().load(key)).toMatchObject({ version: 7, state: conversation(42) })
    const { rows } = await sql<{
      frame: Buffer
    }>`select frame from state_frames f join states s on s.id = f.state where org_id = ${orgId}`.execute(database)
    expect(rows.filter(({ frame }) => frame.includes(marker))).toEqual([])
    // The newest, the first, and the rest: numbers go on.
    for (const version of [7, 1, 6, 5, 4, 2]) await states.deleteVersion({ ...key, version })
    expect(await countRows('state_frames')).toBe(0)
    await expect(states.load(key)).rejects.toThrow(code('STATE_UNKNOWN'))
    expect((await states.save({ ...key, state: 1, expectedVersion: 0 })).version).toBe(8)
  })

  it('are deleted without their numbers', async () => {
    const key = { orgId, stateId: 'agent' }
    await states.save({ ...key, state: 'a', tags: ['x'], label: 'l', saveId: 's' })
    expect(await states.delete(key)).toEqual({ versions: 1 })
    expect(await states.delete(key)).toEqual({ versions: 0 })
    await expect(states.load(key)).rejects.toThrow(code('STATE_UNKNOWN'))
    expect(await countRows('state_frames')).toBe(0)
    expect((await states.save({ ...key, state: 'b', label: 'l', saveId: 's' })).version).toBe(2)
    expect(await states.load(key)).toMatchObject({ tags: [], state: 'b' })
  })

  it('expire for every reader at once, and are swept later; a sliding one lives on with each load', async () => {
    await states.save({ orgId, stateId: 'short', state: 1, ttlSeconds: 100, label: 'l' })
    await states.save({ orgId, stateId: 'sliding', state: 1, ttlSeconds: 100, isTtlSliding: true })
    await states.save({ orgId, stateId: 'never', state: 1, ttlSeconds: null })
    later(60)
    await states.load({ orgId, stateId: 'sliding' })
    later(60)
    for (const reader of [states, elsewhere()]) {
      await expect(reader.load({ orgId, stateId: 'short' })).rejects.toThrow(code('STATE_UNKNOWN'))
      expect(await reader.versions({ orgId, stateId: 'short' })).toEqual([])
      await reader.load({ orgId, stateId: 'sliding' })
    }
    expect((await allOf(states.list({ orgId }))).map(({ stateId }) => stateId)).toEqual(['never', 'sliding'])
    // The number after the expired one; its label and history are gone.
    expect(
      (await elsewhere().save({ orgId, stateId: 'short', state: 2, expectedVersion: 0, label: 'l' })).version,
    ).toBe(2)
    expect((await states.versions({ orgId, stateId: 'short' })).map(({ version }) => version)).toEqual([2])
    later(1_000)
    await sweepStates(database, time.now, undefined)
    expect(await countRows('state_frames')).toBe(2)
    later(400 * 86_400)
    await sweepStates(database, time.now, 365)
    // A label keeps what retention would take.
    const { rows } = await sql`select state_id from states where org_id = ${orgId}`.execute(database)
    expect(rows).toEqual([{ state_id: 'short' }])
  })

  it('are listed by tags, metadata and time', async () => {
    for (let index = 0; index < 120; index++)
      await states.save({
        orgId,
        stateId: `s-${1_000 + index}`,
        state: index,
        tags: ['all', `t${index % 3}`],
        metadata: { kind: index % 2, deep: { a: 1 } },
      })
    later(10)
    await states.save({ orgId, stateId: 'late', state: 1 })
    const found = async (filter: object) => (await allOf(states.list({ orgId, ...filter }))).length
    expect(await found({})).toBe(121)
    expect(await found({ tags: ['all', 't1'] })).toBe(40)
    expect(await found({ tags: ['all', 't1'], metadata: { kind: 1, deep: { a: 1 } } })).toBe(20)
    expect(await found({ metadata: { "kind' or '1'='1": 1 } })).toBe(0)
    expect(await found({ savedAfter: new Date(time.now.getTime() - 5_000) })).toBe(1)
    // What a save leaves out stays.
    await states.save({ orgId, stateId: 's-1000', state: 'new' })
    expect(await states.load({ orgId, stateId: 's-1000' })).toMatchObject({
      tags: ['all', 't0'],
      metadata: { kind: 0 },
    })
  })

  it('of other orgs and users, and of ids that look alike, never meet', async () => {
    const ids = [
      "a' or '1'='1",
      'a',
      'a:b',
      'A',
      'a ',
      '%',
      'é',
      'e\u0301',
      '"',
      '\\',
      '; drop table states --',
      '\u{1f600}',
    ]
    for (const [index, stateId] of ids.entries()) {
      await states.save({ orgId, stateId, state: index })
      await states.save({ orgId, userId: 'a', stateId, state: index + 100 })
      await states.save({ orgId, userId: stateId, stateId: 'b', state: index + 200 })
    }
    for (const [index, stateId] of ids.entries()) {
      expect(await elsewhere().load({ orgId, stateId })).toMatchObject({ state: index, version: 1 })
      expect(await elsewhere().load({ orgId, userId: 'a', stateId })).toMatchObject({ state: index + 100 })
      await expect(states.load({ orgId: `${orgId}-other`, stateId })).rejects.toThrow(code('STATE_UNKNOWN'))
      await expect(states.rollback({ orgId: `${orgId}-other`, stateId, toVersion: 1 })).rejects.toThrow(
        code('STATE_UNKNOWN'),
      )
      expect(await states.delete({ orgId, userId: 'nobody', stateId })).toEqual({ versions: 0 })
    }
    expect(await allOf(states.list({ orgId, userId: 'a' }))).toHaveLength(ids.length + 1)
  })

  it('are refused where the input is none, and nothing is written', async () => {
    const key = { orgId, stateId: 'agent' }
    const inputs = [
      { state: 1, expectedVersion: -1 },
      { state: 1, expectedVersion: 1.5 },
      { state: 1, ttlSeconds: 0 },
      { state: 1, keepVersions: 0 },
      { state: 1, tags: ['x'.repeat(201)] },
      { state: 1, tags: Array.from({ length: 65 }, () => 'x') },
      { state: 1, metadata: { text: 'x'.repeat(17_000) } },
      { state: 1, metadata: { text: 'x\0' } },
      { state: 1, label: '' },
      { state: 1, stateId: 'x\0' },
      { state: 1, stateId: '\ud800' },
      { state: 1, stateId: 'x'.repeat(513) },
      { state: 1, orgId: '' },
      { state: 1, version: 7 },
      { state: { a: [1n] } },
    ]
    for (const input of inputs)
      await expect(states.save({ ...key, ...input } as never)).rejects.toThrow(code('INPUT_INVALID'))
    for (const version of [0, -1, 1.5, 2 ** 53])
      await expect(states.load({ ...key, version })).rejects.toThrow(code('INPUT_INVALID'))
    await expect(states.save({ ...key, state: 'x'.repeat(17 * 1_024 * 1_024) })).rejects.toThrow(
      code('STATE_TOO_LARGE'),
    )
    const { rows } = await sql`select 1 from states where org_id = ${orgId}`.execute(database)
    expect(rows).toEqual([])
  })

  it('that are damaged say so, with their version, and can be saved again', async () => {
    const key = { orgId, stateId: 'agent' }
    for (let turn = 1; turn <= 4; turn++) await states.save({ ...key, state: conversation(50 + turn) })
    await sql`update state_frames set frame = set_byte(frame, 20, get_byte(frame, 20) # 1) from states s
      where s.id = state_frames.state and s.org_id = ${orgId} and position = 2`.execute(database)
    await expect(elsewhere().load(key)).rejects.toThrow(
      expect.objectContaining({ code: 'STATE_CORRUPT', message: expect.stringContaining('Version 4') }),
    )
    expect(await elsewhere().load({ ...key, version: 2 })).toMatchObject({ state: conversation(52) })
    expect((await states.verify({ orgId })).damaged.map(({ version }) => version)).toEqual([3, 4])
    await elsewhere().save({ ...key, state: conversation(55) })
    expect(await elsewhere().load(key)).toMatchObject({ version: 5, state: conversation(55) })
  })
})
