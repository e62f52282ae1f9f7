import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

const runtimes = useRuntimes(useStore())
const secretKeys = 'k'.repeat(32)
let ann = { orgId: '', userId: 'ann' }
// The store is one for all tests of this file.
beforeEach(() => {
  ann = { orgId: crypto.randomUUID(), userId: 'ann' }
})

const start = () => runtimes.start({ secretKeys })
const startTwo = () => Promise.all([start(), start()])
const expire = (runtime: Runtime) => sql`update sessions set expires_at = now()`.execute(runtime.database)

it('finds a session from any process until it ends, and stores neither its id nor its tokens', async () => {
  const [one, other] = await startTwo()
  const tokens = { accessToken: 'canary-access', refreshToken: 'canary-refresh' }
  const { sessionId } = await one.sessions.start({ ...ann, data: { role: 'admin' }, device: 'phone', tokens })
  expect(sessionId).toMatch(/^[\w-]{43}$/)
  expect(await other.sessions.find({ sessionId })).toMatchObject({ ...ann, data: { role: 'admin' }, revision: 1 })
  const { rows } = await sql<{
    row: string
  }>`select sessions::text || encode(tokens, 'escape') as row from sessions`.execute(one.database)
  expect(rows[0]?.row).not.toMatch(new RegExp(`canary|${sessionId}`))
  await other.sessions.end({ sessionId })
  expect(await one.sessions.find({ sessionId })).toBeUndefined()
  await expect(one.sessions.update({ sessionId }, (data) => data)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  await expect(one.sessions.rotate({ sessionId })).rejects.toMatchObject({ code: 'SESSION_ENDED' })
})

it('does not bring a session back that ended while it was changed', async () => {
  const [one, other] = await startTwo()
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const { sessionId } = await one.sessions.start(ann)
      const update = one.sessions.update({ sessionId }, async (data) => {
        await other.sessions.end({ sessionId })
        return { ...data, late: true }
      })
      await expect(update).rejects.toMatchObject({ code: 'SESSION_ENDED' })
      expect(await one.sessions.find({ sessionId })).toBeUndefined()
    }),
  )
})

it('loses no change of two at once', async () => {
  const [one, other] = await startTwo()
  const { sessionId } = await one.sessions.start({ ...ann, data: { count: 0 } })
  const add = (runtime: Runtime) =>
    runtime.sessions.update({ sessionId }, ({ count }) => ({ count: (count as number) + 1 }))
  for (let round = 0; round < 5; round++) await Promise.all([add(one), add(other)])
  expect(await one.sessions.find({ sessionId })).toMatchObject({ data: { count: 10 }, revision: 11 })
})

it('knows only the new id after a rotation, and tokens go with it', async () => {
  const runtime = await start()
  const { sessionId } = await runtime.sessions.start({ ...ann, tokens: { accessToken: 'a' } })
  const next = await runtime.sessions.rotate({ sessionId })
  expect(await runtime.sessions.find({ sessionId })).toBeUndefined()
  const refresh = () => Promise.reject(new Error('not needed'))
  expect(await runtime.sessions.accessToken({ ...next, refresh })).toBe('a')
})

it('lists and ends the sessions of a user, and of nobody else', async () => {
  const { sessions } = await start()
  const ids = []
  for (const device of ['phone', 'laptop']) ids.push((await sessions.start({ ...ann, device })).sessionId)
  const others = await Promise.all(
    [{ userId: ann.orgId }, { ...ann, userId: 'bob' }].map((user) => sessions.start(user)),
  )
  const listed = await sessions.list(ann)
  expect(listed.map(({ device }) => device)).toEqual(['laptop', 'phone'])
  expect(JSON.stringify(listed)).not.toContain(ids[0])
  expect(await sessions.endAll({ ...ann, except: ids[0] as string })).toEqual({ ended: 1 })
  expect(await sessions.find({ sessionId: ids[1] })).toBeUndefined()
  for (const { sessionId } of [...others, { sessionId: ids[0] }])
    expect(await sessions.find({ sessionId })).toBeDefined()
})

it('ends by the clock of the store, and removes what has expired', async () => {
  const runtime = await start()
  const { sessionId } = await runtime.sessions.start(ann)
  await expire(runtime)
  expect(await runtime.sessions.find({ sessionId })).toBeUndefined()
  const idle = await runtime.sessions.start({ ...ann, idleMs: 60_000 })
  const { rows } = await sql`select 1 from sessions where org_id = ${ann.orgId}`.execute(runtime.database)
  expect(rows).toHaveLength(1)
  await sql`update sessions set last_seen_at = now() - interval '50 s'`.execute(runtime.database)
  const seen = await runtime.sessions.find(idle)
  expect(await runtime.sessions.find(idle)).not.toMatchObject({ lastSeenAt: seen?.lastSeenAt })
  await sql`update sessions set last_seen_at = now() - interval '61 s'`.execute(runtime.database)
  expect(await runtime.sessions.find(idle)).toBeUndefined()
})

it('renews tokens once for all callers and processes, and commits the new ones before anybody has them', async () => {
  const [one, other] = await startTwo()
  const tokens = { accessToken: 'old', refreshToken: 'r1', expiresInSeconds: 1 }
  const { sessionId } = await one.sessions.start({ ...ann, tokens })
  const presented: string[] = []
  const refresh = async ({ refreshToken }: { refreshToken: string }) => {
    presented.push(refreshToken)
    return { accessToken: `access of ${refreshToken}`, refreshToken: 'r2', expiresInSeconds: 3_600 }
  }
  const asked = [one, other].flatMap(({ sessions }) =>
    Array.from({ length: 10 }, () => sessions.accessToken({ sessionId, refresh })),
  )
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['access of r1']))
  expect(presented).toEqual(['r1'])
})

it('ends a session on invalid_grant only', async () => {
  const { sessions } = await start()
  const tokens = { accessToken: 'old', refreshToken: 'r1', expiresInSeconds: 0 }
  const { sessionId } = await sessions.start({ ...ann, tokens })
  const fail = (error: object) => sessions.accessToken({ sessionId, refresh: () => Promise.reject(error) })
  await expect(fail(new Error('503'))).rejects.toThrow('503')
  expect(await sessions.find({ sessionId })).toBeDefined()
  const refused = Object.assign(new Error('refused'), { cause: { error: 'invalid_grant' } })
  await expect(fail(refused)).rejects.toMatchObject({ code: 'SESSION_ENDED' })
  expect(await sessions.find({ sessionId })).toBeUndefined()
})

it('refuses bad input, and asks the store nothing for what is no id', async () => {
  const runtime = await runtimes.start()
  const { sessions } = runtime
  const bad = [
    { userId: '' },
    { ...ann, lifeMs: 0 },
    { ...ann, idleMs: -1 },
    { ...ann, data: { n: 1n } },
    { ...ann, data: { a: 'x'.repeat(70_000) } },
    { ...ann, data: [] },
  ]
  for (const session of bad)
    await expect(sessions.start(session as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  await expect(sessions.start({ ...ann, tokens: { accessToken: 'a' } })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  })
  const data = JSON.parse('{"__proto__":{"isAdmin":true}}')
  const { sessionId } = await sessions.start({ ...ann, data })
  const found = (await sessions.find({ sessionId }))?.data as { readonly isAdmin?: boolean }
  expect([Object.hasOwn(found, '__proto__'), found.isAdmin]).toEqual([true, undefined])
  const named = await sessions.start({ ...ann, device: 'an\0old\nphone' })
  expect((await sessions.find(named))?.device).toBe('an old phone')
  await runtime.database.destroy()
  for (const id of [undefined, '', 'x', '\0'.repeat(43), 'é'.repeat(43), 'x'.repeat(10_000_000)])
    expect(await sessions.find({ sessionId: id })).toBeUndefined()
  const refresh = async () => ({ accessToken: 'a' })
  for (const asked of [sessions.find({ sessionId }), sessions.accessToken({ sessionId, refresh })])
    await expect(asked).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
})

it('goes with its user, and is in the export without what opens it', async () => {
  const runtime = await start()
  const mine = await runtime.sessions.start({ ...ann, device: 'phone', tokens: { accessToken: 'canary' } })
  const others = await runtime.sessions.start({ ...ann, userId: 'bob' })
  const lines = []
  for await (const line of runtime.memory.export(ann)) lines.push(line)
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] as string)).toMatchObject({ type: 'session', device: 'phone' })
  expect(lines[0]).not.toMatch(new RegExp(`canary|${mine.sessionId}`))
  await runtime.memory.erase(ann)
  expect(await runtime.sessions.find(mine)).toBeUndefined()
  expect(await runtime.sessions.find(others)).toBeDefined()
  await runtime.memory.erase({ orgId: ann.orgId })
  expect(await runtime.sessions.find(others)).toBeUndefined()
})
