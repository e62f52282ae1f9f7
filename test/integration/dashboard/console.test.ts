import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { ACTIONS, PAGES } from '../../../dashboard/console/catalog.ts'
import { createConsole } from '../../../dashboard/console/console-routes.ts'
import { actionPath } from '../../../dashboard/console/define-action.ts'
import { systemClock } from '../../../shared/clock.ts'
import { type Permission, ROLES } from '../../../shared/dashboard-logins.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { ORG, PASSWORDS, type RoleName } from '../../helpers/console-fixture.ts'
import { hiddenOf, plain, useConsole } from '../../helpers/console-under-test.ts'
import { call } from '../../helpers/dashboard-fixture.ts'
import { until } from '../../helpers/until.ts'

/** The console over a real store and a real Redis: who may do what, and that nothing happens unseen. */

const WORDS = 'canary-of-a-user'
// All tests look at one fleet.
const { parts, cookies, get, post, perform } = useConsole(WORDS)

const mayOf = (role: RoleName, permission: Permission) => (ROLES[role] as readonly Permission[]).includes(permission)

test('every route, role and method is as the catalogue says, and there is no other', async () => {
  const router = createConsole({ ...parts.runtime, clock: systemClock, log: silentLog }, 'development')
  const mounted = new Set(router.stack.map((layer) => layer.route?.path))
  expect([...mounted].sort()).toEqual([...PAGES.map(({ path }) => path), ...ACTIONS.map(actionPath)].sort())

  for (const role of Object.keys(PASSWORDS) as RoleName[]) {
    for (const { path, permission } of PAGES) {
      const may = mayOf(role, permission)
      expect([role, path, (await get(path, role)).status === 403]).toEqual([role, path, !may])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await call(parts.dashboard.url + path, { method, headers: { cookie: cookies[role] } })
        expect([role, method, path, status]).toEqual([role, method, path, 405])
      }
    }
    for (const action of ACTIONS) {
      const [path, may] = [actionPath(action), mayOf(role, action.permission)]
      expect([role, path, (await get(path, role)).status === 403]).toEqual([role, path, !may])
      // Without what the confirmed page carries nothing is done, whoever asks.
      const refused = await post(path, [], role)
      expect([role, path, refused.status === 403]).toEqual([role, path, !may])
      expect(refused.status, path).toBeGreaterThanOrEqual(400)
    }
  }
  for (const path of [...PAGES.map((page) => page.path), ...ACTIONS.map(actionPath)])
    expect([path, (await call(parts.dashboard.url + path)).status]).toEqual([path, 401])
  const { rows } = await sql`select from audit_events`.execute(parts.runtime.database)
  expect(rows).toEqual([])
}, 60_000)

test('an action is a call that programs have, too, or one of the console alone', () => {
  const known = new Set(OPERATIONS.map((operation) => operation.runtime))
  expect(
    ACTIONS.flatMap((action) => (action.runtime === undefined || known.has(action.runtime) ? [] : [action.name])),
  ).toEqual([])
  expect(ACTIONS.filter(({ runtime: calls }) => calls === undefined).map(({ name }) => name)).toEqual([
    'dead-letters.bulk',
    'operations.abort',
    'operations.resume',
    'content.reveal',
    'sessions.end',
  ])
})

test('a turn says what came of it, what is held, and why the rest was dropped', async () => {
  const address = `/turn?orgId=${ORG}&workstreamId=support-42&turnId=turn-1`
  expect(plain((await get(address)).body)).toContain('a source of 2 memories, 1 held for review.')
  await sql`
    with stream as (insert into event_streams (org_id, stream, epoch, last_seq) values (${ORG}, '{workstream,support-42}', 'e', 1) returning id)
    insert into events (stream, seq, org_id, event_id, type, at, audience, workstream_id, turn_id, data)
    select stream.id, 1, ${ORG}, 'one', 'turn.extracted', t.settled_at, 'org', 'support-42', 'turn-1', '{"dropped":["secret","secret","forget"]}'
    from stream, turns t where t.org_id = ${ORG} and t.turn_id = 'turn-1'`.execute(parts.runtime.database)
  const body = plain((await get(address)).body)
  for (const shown of [
    'a source of 2 memories, 1 held for review; 3 facts were dropped.',
    'it reads like an order to a model',
    '2 facts: it held a secret, or characters that no database takes',
    '1 fact: it repeated a request to forget something',
  ])
    expect(body).toContain(shown)
})

test('a wrong address says what was expected, and an org of which nothing is kept is not called well', async () => {
  const wrong = await get('/org')
  expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('orgId: expected string, got nothing')])
  const unknown = await get('/org?orgId=nobody')
  expect(unknown.body).toContain('No turn and no memory of this org is kept.')
  expect(unknown.body).not.toContain('Nothing is late.')
  expect((await get(`/org?orgId=${ORG}`)).body).not.toContain('is kept.')
})

test('an org says what it spent today, and what halts it although nothing of it waits', async () => {
  expect(plain((await get(`/org?orgId=${ORG}`)).body)).toMatch(
    /Spent today<\/dt><dd class="value"><a href="\/costs">0\.0104</,
  )
  await parts.runtime.killSwitch.turnOn({ orgId: 'quiet', by: 'ops', reason: 'asked to stop' })
  const { body } = await get('/org?orgId=quiet')
  for (const shown of ['is halted</a> by ops: asked to stop', 'Resume this org']) expect(body).toContain(shown)
  await parts.runtime.killSwitch.turnOff({ orgId: 'quiet', by: 'ops' })
  expect((await get('/org?orgId=quiet')).body).toContain('No turn and no memory of this org is kept.')
})

test('a queue says how many jobs one more worker would start: none while it is halted', async () => {
  const { runtime } = parts
  await runtime.queues.queue('repo-indexing').add('repo-indexing', {})
  const runnable = async () => {
    const shown = plain((await get('/queue?queue=repo-indexing')).body)
    return Number(/Runnable<\/dt><dd class="value">(\d+)</.exec(shown)?.[1])
  }
  const before = await runnable()
  expect(before).toBeGreaterThan(0)
  await runtime.killSwitch.turnOn({ queue: 'repo-indexing', by: 'ops', reason: 'asked to stop' })
  expect(await runnable()).toBe(0)
  await runtime.killSwitch.turnOff({ queue: 'repo-indexing', by: 'ops' })
  expect(await runnable()).toBe(before)
})

test('an org says who writes its memories, and how many wait for it', async () => {
  const shown = async () => plain((await get(`/org?orgId=${ORG}`)).body)
  const row = (running: number, waiting: number) =>
    new RegExp(`writing memories, one at a time\\D*${running}\\D*${waiting}\\D`)
  expect(await shown()).toMatch(row(0, 0))
  const written = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const first = parts.runtime.withOrgMemoryLock(ORG, async () => {
    begun.resolve()
    await written.promise
  })
  await begun.promise
  const second = parts.runtime.withOrgMemoryLock(ORG, async () => {})
  await until(shown, (body) => row(1, 1).test(body))
  written.resolve()
  await Promise.all([first, second])
  expect(await shown()).toMatch(row(0, 0))
})

test('a memory has one word for its state, on every page', async () => {
  const key = `orgId=${ORG}&workstreamId=support-42&turnId=turn-1`
  for (const path of [`/turn?${key}`, `/memories?orgId=${ORG}`, `/memory?orgId=${ORG}&memoryId=${parts.seeded.heldId}`])
    expect([path, (await get(path)).body]).toEqual([path, expect.stringContaining('held for review')])
})

test('a trusted proxy says who it is, and a name without a role gets in nowhere', async () => {
  const as = (name: string, path = '/dead-letters') =>
    call(parts.dashboard.url + path, { headers: { 'x-forwarded-user': name, accept: 'text/html' } })
  expect((await as('proxied')).body).toContain('proxied (operator)')
  expect((await as('proxied', `/actions/org.erase?orgId=${ORG}`)).status).toBe(403)
  // The password's admin is not whoever a proxy calls so.
  expect((await as('admin')).status).toBe(403)
  expect((await as('stranger')).body).toContain('gives that name no role')
})

test('an action is confirmed, done once, and audited; from an older page it is refused', async () => {
  const [id] = parts.seeded.letterIds
  const path = `/actions/dead-letters.replay?ids=${id}`
  const old = hiddenOf(await get(path, 'operator'))
  expect((await perform(path, [], 'operator')).body).toContain('Replayed 1 dead letter.')
  expect((await parts.runtime.deadLetters.show({ id: id as number })).resolvedBy).toBe('operator')
  expect((await post('/actions/dead-letters.replay', old, 'operator')).status).toBe(409)

  const halting = await get(`/actions/kill-switch.on?orgId=${ORG}`)
  const form = hiddenOf(halting)
  await parts.runtime.killSwitch.turnOn({ orgId: ORG, by: 'somebody else' })
  const stale = await post('/actions/kill-switch.on', [...form, ['reason', 'mine']])
  expect([stale.status, stale.body.includes('PAGE_STALE')]).toEqual([409, true])
  await perform(`/actions/kill-switch.on?orgId=${ORG}`, [['reason', 'provider is down']])
  expect((await parts.runtime.killSwitch.status()).switches).toMatchObject([
    { orgId: ORG, by: 'admin', reason: 'provider is down' },
  ])

  // A failure is an outcome, too.
  expect((await perform('/actions/turns.extract?orgId=acme&workstreamId=support-42&turnId=turn-2')).body).toContain(
    'is queued',
  )
  const untyped = await perform(`/actions/org.erase?orgId=${ORG}&turnId=turn-3&workstreamId=support-42`, [
    ['typed', 'other'],
  ])
  expect(untyped.status).toBe(400)
  const { rows } = await sql<{ action: string; actor: string; outcome: string }>`
    select action, actor, outcome from audit_events order by id`.execute(parts.runtime.database)
  expect(rows).toEqual([
    { action: 'dead-letters.replay', actor: 'operator', outcome: 'done' },
    { action: 'kill-switch.on', actor: 'admin', outcome: 'done' },
    { action: 'turns.extract', actor: 'admin', outcome: 'done' },
  ])
})

test('words of users are on no page until somebody reveals them, which the audit notes', async () => {
  const { memoryId, heldId, jobId } = parts.seeded
  const addresses = [
    '/',
    ...PAGES.map(({ path }) => path),
    `/org?orgId=${ORG}`,
    `/workstream?orgId=${ORG}&workstreamId=support-42`,
    `/context?orgId=${ORG}&workstreamId=support-42`,
    `/turn?orgId=${ORG}&workstreamId=support-42&turnId=turn-1`,
    `/memories?orgId=${ORG}`,
    `/memory?orgId=${ORG}&memoryId=${memoryId}`,
    `/memory?orgId=${ORG}&memoryId=${heldId}`,
    `/job?queue=memory-digest&jobId=${jobId}`,
    `/actions/memory.approve?orgId=${ORG}&memoryId=${heldId}`,
  ]
  for (const address of addresses)
    expect([address, (await get(address)).body.includes(WORDS)]).toEqual([address, false])
  const fields = [
    ['orgId', ORG],
    ['memoryId', String(memoryId)],
  ] as const
  expect((await post('/actions/content.reveal', fields, 'viewer')).status).toBe(403)
  expect((await post('/actions/content.reveal', fields, 'operator')).body).toContain(WORDS)
  const turn = [
    ['orgId', ORG],
    ['workstreamId', 'support-42'],
    ['turnId', 'turn-1'],
  ] as const
  expect((await post('/actions/content.reveal', turn, 'operator')).body).toContain(`${WORDS} turn-1`)
  expect(
    (
      await post('/actions/content.reveal', [
        ['orgId', 'other'],
        ['memoryId', String(memoryId)],
      ])
    ).body,
  ).not.toContain(WORDS)
  const { rows } = await sql`
    select subject from audit_events where action = 'content.reveal' and actor = 'operator' order by id`.execute(
    parts.runtime.database,
  )
  expect(rows).toEqual([{ subject: `memory ${memoryId}` }, { subject: 'turn turn-1 of support-42' }])
})

test('a context shows what each compaction made of it, and its summary to who reveals it', async () => {
  const path = `/context?orgId=${ORG}&workstreamId=support-42`
  const { body } = await get(path)
  for (const shown of ['12,000', '3,000', '75 %', 'in force', 'before 2.0']) expect(body).toContain(shown)
  expect((await get(`/workstream?orgId=${ORG}&workstreamId=support-42`)).body).toContain('/context?orgId=')
  const fields: [string, string][] = [
    ['orgId', ORG],
    ['workstreamId', 'support-42'],
    ['compactionId', String(parts.seeded.compactionId)],
  ]
  const { body: revealed } = await post('/actions/content.reveal', fields, 'operator')
  expect(revealed).toContain(`${WORDS} decided`)
  expect((await post('/actions/content.reveal', [...fields.slice(1), ['orgId', 'other']], 'operator')).status).toBe(404)
})

test('erasures are listed with who asked and how far they are', async () => {
  const { body } = await get(`/erasures?orgId=${ORG}`)
  for (const shown of ['turn gone of support-42', 'dpo', 'completed', 'turns older than']) expect(body).toContain(shown)
  expect((await get('/erasures?orgId=other')).body).toContain('Nothing was erased yet.')
})

test('an admin sees who is logged in and logs somebody out at once', async () => {
  const { sessionId } = await parts.runtime.sessions.start({ userId: 'lost-laptop' })
  expect((await get('/sessions')).body).toContain('lost-laptop')
  const done = await perform('/actions/sessions.end?user=lost-laptop')
  expect(done.body).toContain('Ended 1 session of lost-laptop.')
  expect(await parts.runtime.sessions.find({ sessionId })).toBeUndefined()
  expect((await get('/sessions')).body).not.toContain('lost-laptop')
})
