import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { OPERATIONS } from '../../../api/operations/catalog.ts'
import { ACTIONS, PAGES } from '../../../dashboard/console/catalog.ts'
import { createConsole } from '../../../dashboard/console/console-routes.ts'
import { actionPath } from '../../../dashboard/console/define-action.ts'
import type { Dashboard } from '../../../dashboard/dashboard.ts'
import { readOverview } from '../../../dashboard/overview/read-overview.ts'
import { createRuntime, type Runtime } from '../../../runtime.ts'
import { systemClock } from '../../../shared/clock.ts'
import { workOffBatch, workOffBulkOperations } from '../../../shared/control/bulk-work.ts'
import { type Permission, ROLES } from '../../../shared/dashboard-logins.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { findBulkOperation } from '../../../shared/store/console/bulk-operations.ts'
import { insertDeadJobs } from '../../../shared/store/control/dead-letters.ts'
import {
  consoleOptions,
  ORG,
  PASSWORDS,
  type RoleName,
  type Seeded,
  seedConsole,
} from '../../helpers/console-fixture.ts'
import { type Answer, call, cookieOf, logIn, startTestDashboard } from '../../helpers/dashboard-fixture.ts'
import { removeKeys, useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The console over a real store and a real Redis: who may do what, that nothing happens unseen, and that every answer is near. */

const WORDS = 'canary-of-a-user'
const runtimes = useRuntimes(useStore())
// All tests look at one fleet.
const redisKeyPrefix = `t-${crypto.randomUUID().slice(0, 18)}`
const cookies = {} as Record<RoleName, string>
let runtime: Runtime
let dashboard: Dashboard
let seeded: Seeded

beforeAll(async () => {
  runtime = createRuntime(runtimes.config({ redisKeyPrefix }), { log: silentLog })
  await runtime.connect()
  seeded = await seedConsole(runtime, WORDS)
  dashboard = await startTestDashboard([], {
    ...consoleOptions(runtime),
    overview: () => readOverview(runtime),
    trustedProxies: ['127.0.0.1'],
    userHeader: 'X-Forwarded-User',
  })
  for (const [user, password] of Object.entries(PASSWORDS))
    cookies[user as RoleName] = cookieOf(await logIn(dashboard.url, { user, password }))
})
afterAll(async () => {
  await dashboard.stop()
  await runtime.disconnect()
  await removeKeys(inject('redisUrl'), redisKeyPrefix)
})

const get = (path: string, role: RoleName = 'admin') =>
  call(dashboard.url + path, { headers: { cookie: cookies[role], accept: 'text/html' } })

function post(path: string, fields: readonly (readonly [string, string])[], role: RoleName = 'admin'): Promise<Answer> {
  return call(dashboard.url + path, {
    method: 'POST',
    headers: { cookie: cookies[role], origin: dashboard.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
  })
}

const plain = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

/** The hidden fields of the page that confirms. */
function hiddenOf({ body }: Answer): [string, string][] {
  return [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name = '', value = '']) => [name, plain(value)],
  )
}

/** Confirms an action as a person does; returns what the page says that it leads to. */
async function perform(path: string, extra: [string, string][] = [], role: RoleName = 'admin'): Promise<Answer> {
  const confirming = await get(path, role)
  expect([path, confirming.status]).toEqual([path, 200])
  const done = await post(path.split('?')[0] as string, [...hiddenOf(confirming), ...extra], role)
  return done.status === 303 ? get(done.headers.location as string, role) : done
}

const mayOf = (role: RoleName, permission: Permission) => (ROLES[role] as readonly Permission[]).includes(permission)

test('every route, role and method is as the catalogue says, and there is no other', async () => {
  const router = createConsole({ ...runtime, clock: systemClock, log: silentLog }, 'development')
  const mounted = new Set(router.stack.map((layer) => layer.route?.path))
  expect([...mounted].sort()).toEqual([...PAGES.map(({ path }) => path), ...ACTIONS.map(actionPath)].sort())

  for (const role of Object.keys(PASSWORDS) as RoleName[]) {
    for (const { path, permission } of PAGES) {
      const may = mayOf(role, permission)
      expect([role, path, (await get(path, role)).status === 403]).toEqual([role, path, !may])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status } = await call(dashboard.url + path, { method, headers: { cookie: cookies[role] } })
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
    expect([path, (await call(dashboard.url + path)).status]).toEqual([path, 401])
  const { rows } = await sql`select from audit_events`.execute(runtime.database)
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
  ])
})

test('a trusted proxy says who it is, and a name without a role gets in nowhere', async () => {
  const as = (name: string, path = '/dead-letters') =>
    call(dashboard.url + path, { headers: { 'x-forwarded-user': name, accept: 'text/html' } })
  expect((await as('proxied')).body).toContain('proxied, operator')
  expect((await as('proxied', `/actions/org.erase?orgId=${ORG}`)).status).toBe(403)
  // The password's admin is not whoever a proxy calls so.
  expect((await as('admin')).status).toBe(403)
  expect((await as('stranger')).body).toContain('gives that name no role')
})

test('an action is confirmed, done once, and audited; from an older page it is refused', async () => {
  const [id] = seeded.letterIds
  const path = `/actions/dead-letters.replay?ids=${id}`
  const old = hiddenOf(await get(path, 'operator'))
  expect((await perform(path, [], 'operator')).body).toContain('Replayed 1 dead letter.')
  expect((await runtime.deadLetters.show({ id: id as number })).resolvedBy).toBe('operator')
  expect((await post('/actions/dead-letters.replay', old, 'operator')).status).toBe(409)

  const halting = await get(`/actions/kill-switch.on?orgId=${ORG}`)
  const form = hiddenOf(halting)
  await runtime.killSwitch.turnOn({ orgId: ORG, by: 'somebody else' })
  const stale = await post('/actions/kill-switch.on', [...form, ['reason', 'mine']])
  expect([stale.status, stale.body.includes('PAGE_STALE')]).toEqual([409, true])
  await perform(`/actions/kill-switch.on?orgId=${ORG}`, [['reason', 'provider is down']])
  expect((await runtime.killSwitch.status()).switches).toMatchObject([
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
    select action, actor, outcome from audit_events order by id`.execute(runtime.database)
  expect(rows).toEqual([
    { action: 'dead-letters.replay', actor: 'operator', outcome: 'done' },
    { action: 'kill-switch.on', actor: 'admin', outcome: 'done' },
    { action: 'turns.extract', actor: 'admin', outcome: 'done' },
  ])
})

test('words of users are on no page until somebody reveals them, which the audit notes', async () => {
  const { memoryId, heldId, jobId } = seeded
  const addresses = [
    '/',
    ...PAGES.map(({ path }) => path),
    `/org?orgId=${ORG}`,
    `/workstream?orgId=${ORG}&workstreamId=support-42`,
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
    runtime.database,
  )
  expect(rows).toEqual([{ subject: `memory ${memoryId}` }, { subject: 'turn turn-1 of support-42' }])
})

test('all that match are those of the confirmed page: later ones stay, and an abort stops it', async () => {
  const letter = (number: number) => ({
    queue: 'repo-indexing',
    orgId: 'bulk',
    attempts: 3,
    failedTries: [],
    diedAt: new Date(),
    jobId: `bulk-${number}`,
    code: 'REPO_BROKEN',
    reason: `Object ${number} is missing`,
    payload: { v: 1, orgId: 'bulk', repoId: `repo-${number}`, ref: 'HEAD' },
  })
  await insertDeadJobs(
    runtime.database,
    Array.from({ length: 250 }, (_, number) => letter(number)),
  )
  const path = '/actions/dead-letters.bulk?action=drop&queue=repo-indexing&code=REPO_BROKEN'
  const form = await get(path, 'operator')
  expect(form.body).toContain('250 dead letters')
  await insertDeadJobs(runtime.database, [letter(1_000)])
  const begun = await post('/actions/dead-letters.bulk', hiddenOf(form), 'operator')
  const outcome = await get(begun.headers.location as string, 'operator')
  const id = Number(/Operation (\d+) on 250 dead letters/.exec(outcome.body)?.[1])

  const services = { ...runtime, clock: systemClock, log: silentLog }
  await workOffBatch(services, id)
  const first = await findBulkOperation(runtime.database, id)
  expect([first?.state, (first?.done ?? 0) > 0]).toEqual(['running', true])
  await perform(`/actions/operations.abort?id=${id}`, [], 'operator')
  await workOffBulkOperations(services, new AbortController().signal)
  expect(await findBulkOperation(runtime.database, id)).toMatchObject({ state: 'aborted', done: first?.done })
  await perform(`/actions/operations.resume?id=${id}`, [], 'operator')
  await Promise.all([1, 2].map(() => workOffBulkOperations(services, new AbortController().signal)))
  expect(await findBulkOperation(runtime.database, id)).toMatchObject({
    state: 'ended',
    confirmed: 250,
    done: 250,
    refused: 0,
  })
  const left = await runtime.deadLetters.list({ code: 'REPO_BROKEN' })
  expect(left.map(({ jobId }) => jobId)).toEqual(['bulk-1000'])
  expect((await get(`/operation?id=${id}`)).body).toContain('ended')
})

test.each(['../..', 'a/b?c#d%2e', '<img src=x onerror=alert(1)>', '"\'&;`', '日本 🦊\u202e', '.', 'x'.repeat(480)])(
  'an id of any form has its pages, and is inert: %j',
  async (orgId) => {
    await runtime.memory.recordTurn({
      orgId,
      workstreamId: orgId,
      turnId: orgId,
      userId: orgId,
      messages: [{ role: 'user', content: 'hi' }],
    })
    const found = await get(`/find?q=${encodeURIComponent(orgId)}`)
    const links = [...found.body.matchAll(/<a href="(\/(?:org|workstream|turn)\?[^"]*)"/g)].map(([, to = '']) =>
      plain(to),
    )
    expect(links.length).toBeGreaterThanOrEqual(3)
    for (const to of links) {
      const { status, body } = await get(to)
      expect([to, status]).toEqual([to, 200])
      expect(body).not.toContain('<img src=x')
    }
  },
)

test("an operator's questions are answered in three clicks, as the guide says", async () => {
  await get('/work')
  const guide = readFileSync(new URL('../../../docs/guides/operating.md', import.meta.url), 'utf8')
  const rows = [...guide.matchAll(/^\| ([^|]+\?) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    (row) => row.slice(1) as [string, string, string],
  )
  expect(rows.length).toBe(10)
  const named: Record<string, string> = {
    org: ORG,
    cause: 'The host # did not answer within # ms',
    letter: String((await runtime.deadLetters.list({ orgId: ORG }))[0]?.id),
    turn: 'turn-1',
    'turn of workstream': 'turn-1 of support-42',
    queue: 'memory-digest',
  }
  for (const [question, clicks, answer] of rows) {
    const steps = clicks
      .split(' › ')
      .map((step) => step.replace(/\*([^*]+)\*/g, (_, name: string) => named[name] ?? name))
    expect([question, steps.length <= 3]).toEqual([question, true])
    let page = await get('/')
    for (const step of steps) {
      const sought = /^Find (.*)$/.exec(step)?.[1]
      const to = sought === undefined ? linkNamed(page, step) : `/find?q=${encodeURIComponent(sought)}`
      page = await get(to)
      expect([question, step, page.status]).toEqual([question, step, 200])
    }
    expect([question, plain(page.body).includes(answer)]).toEqual([question, true])
  }
})

function linkNamed({ body }: Answer, text: string): string {
  const found = [...body.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/g)].find(
    ([, , shown = '']) => plain(shown) === text,
  )
  return found === undefined ? `/no-link-named/${encodeURIComponent(text)}` : plain(found[1] ?? '')
}
