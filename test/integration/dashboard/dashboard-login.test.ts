import { appRoutes } from '@bull-board/api/dist/routes.js'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Dashboard, DashboardOptions } from '../../../dashboard/dashboard.ts'
import { createStoredSessions } from '../../../dashboard/login/stored-sessions.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import {
  type Answer,
  call,
  cookieOf,
  type FilledQueues,
  logIn,
  PASSWORD,
  startFilledQueues,
  startTestDashboard,
} from '../../helpers/dashboard-fixture.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The way in: nothing is seen without the login, and tries are few and from this site. */

const BROWSER = { accept: 'text/html,application/xhtml+xml' }
const runtimes = useRuntimes(useStore())
let filled: FilledQueues
let dashboard: Dashboard | undefined

beforeAll(async () => {
  filled = await startFilledQueues()
})
afterAll(() => filled.stop())
afterEach(() => dashboard?.stop())

async function start(options: Partial<DashboardOptions> = {}): Promise<string> {
  dashboard = await startTestDashboard(filled.queues, options)
  return dashboard.url
}

function overviewWith(url: string, cookie: string): Promise<Answer> {
  return call(url, { headers: { ...BROWSER, cookie } })
}

test('every route of ours and of Bull Board is closed to strangers', async () => {
  const url = await start()
  const boardRoutes = [appRoutes.entryPoint, ...appRoutes.api].flatMap(({ method, route }) =>
    [method].flat().flatMap((verb) => [route].flat().map((path) => ({ verb, path: `/queues${path}` }))),
  )
  const own = [
    '/',
    '/queues',
    '/queues/static/favicon.ico',
    '/favicon.ico',
    '/nowhere',
    '//login',
    '/LOGIN/../queues/api/queues',
  ]
  const routes = [...boardRoutes, ...own.map((path) => ({ verb: 'get', path }))]
  expect(boardRoutes.length).toBeGreaterThan(30)
  for (const { verb, path } of routes) {
    const real = path.replace(':queueName', 'memory-extraction').replace(':jobId', 'done')
    for (const cookie of ['', `afterturn-${new URL(url).port}=forged`]) {
      const plain = await call(url + real, { method: verb.toUpperCase(), headers: { cookie } })
      expect([verb, real, plain.status, plain.body]).toEqual([verb, real, 401, '{"error":"LOGIN_REQUIRED"}'])
    }
  }
})

test('a browser is sent to the form and back to where it wanted to go', async () => {
  const url = await start()
  const sent = await call(`${url}/queues/queue/memory-digest?status=delayed`, { headers: BROWSER })
  expect(sent.status).toBe(303)
  const form = await call(url + sent.headers.location, { headers: BROWSER })
  expect(form.body).toContain('value="/queues/queue/memory-digest?status=delayed"')
  const api = await call(`${url}/queues/api/queues`, { headers: BROWSER })
  expect(api.status).toBe(401)

  const inside = await logIn(url, { next: '/queues/queue/memory-digest?status=delayed' })
  expect([inside.status, inside.headers.location]).toEqual([303, '/queues/queue/memory-digest?status=delayed'])
})

test.each(['https://evil.example', '//evil.example', '/\\evil.example', '/queues/\r\nx: y', '/logout', 'javascript:1'])(
  'log in goes on to no other place: %j',
  async (next) => {
    const url = await start()
    expect((await logIn(url, { next })).headers.location).toBe('/')
  },
)

test('the health check is open and says nothing else', async () => {
  const url = await start()
  const answer = await call(`${url}/healthz`)
  expect([answer.status, answer.body]).toEqual([200, '{"status":"ok"}'])
})

test('the right login opens, log out closes', async () => {
  const url = await start()
  const inside = await logIn(url)
  const cookie = cookieOf(inside)
  expect(inside.headers['set-cookie']?.[0]).toMatch(/^afterturn-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
  expect((await overviewWith(url, cookie)).body).toContain('12,345')
  expect((await call(`${url}/login`, { headers: { ...BROWSER, cookie } })).status).toBe(303)

  expect((await call(`${url}/logout`, { headers: { ...BROWSER, cookie } })).status).not.toBe(303)
  expect((await overviewWith(url, cookie)).status).toBe(200)
  const out = await call(`${url}/logout`, { method: 'POST', headers: { cookie, origin: url } })
  expect([out.status, out.headers.location]).toEqual([303, '/login'])
  expect((await overviewWith(url, cookie)).headers.location).toBe('/login')
})

test('a second log in takes a new id and ends the old session', async () => {
  const url = await start()
  const first = cookieOf(await logIn(url))
  const second = cookieOf(await logIn(url, {}, { cookie: first }))
  expect(second).not.toBe(first)
  expect((await overviewWith(url, first)).status).toBe(303)
  expect((await overviewWith(url, second)).status).toBe(200)
})

test.each<Record<string, string>>([
  { password: 'wrong' },
  { user: 'root' },
  { password: '' },
  { password: `${PASSWORD} ` },
])('a wrong login is refused and not quoted: %j', async (fields) => {
  const url = await start()
  const answer = await logIn(url, { ...fields, next: '"><script>' })
  expect(answer.status).toBe(401)
  expect(answer.headers['set-cookie']).toBeUndefined()
  expect(answer.body).toContain('User or password is wrong.')
  expect(answer.body).not.toContain('<script')
})

test('after a failed try the name is still there, escaped, and the password is not', async () => {
  const url = await start()
  const { body } = await logIn(url, { user: '"><img src=x>', password: 'wrong horse' })
  expect(body).toMatch(/<input id="user" [^>]*value="&quot;&gt;&lt;img src=x&gt;"[^>]*>/)
  expect(body).not.toContain('wrong horse')
  expect(body.match(/<input id="(\w+)"[^>]* autofocus/)?.[1]).toBe('password')
  const fresh = await call(`${url}/login`, { headers: BROWSER })
  expect(fresh.body.match(/<input id="(\w+)"[^>]* autofocus/)?.[1]).toBe('user')
})

test('after ten failures the tries of an address are paced, and the right password still gets in', async () => {
  const url = await start()
  for (let tries = 0; tries < 10; tries++) expect((await logIn(url, { password: 'guess' })).status).toBe(401)
  const startedMs = performance.now()
  const flood = Array.from({ length: 60 }, () => logIn(url, { password: 'guess' }))
  // On a busy machine some may have had their turn before the others came.
  const refused = await Promise.any(
    flood.map(async (attempt) => {
      const answer = await attempt
      return answer.status === 429 ? answer : Promise.reject(new Error(`${answer.status}`))
    }),
  )
  expect([refused.status, Number(refused.headers['retry-after']) > 0]).toEqual([429, true])
  expect((await Promise.all(flood.slice(0, 5))).length).toBe(5)
  expect(performance.now() - startedMs).toBeGreaterThan(190)
  await dashboard?.stop()
  await Promise.allSettled(flood)
})

test('behind a trusted proxy each visitor is counted apart, and nobody else can say who they are', async () => {
  const guess = (url: string, address: string) => logIn(url, { password: 'guess' }, { 'x-forwarded-for': address })
  const limited = async (trustedProxies: string[]) => {
    const url = await start({ trustedProxies })
    for (let tries = 0; tries < 10; tries++) await guess(url, '198.51.100.1')
    const startedMs = performance.now()
    await guess(url, '198.51.100.2')
    await dashboard?.stop()
    return performance.now() - startedMs > 190
  }
  expect(await limited(['127.0.0.0/8'])).toBe(false)
  expect(await limited([])).toBe(true)
})

test('with a store a restart logs nobody out, and a store that is down is no log out', async () => {
  const runtime = await runtimes.start()
  const sessions = () => createStoredSessions(runtime.sessions)
  const first = await start({ sessions: sessions() })
  const port = Number(new URL(first).port)
  const cookie = cookieOf(await logIn(first))
  await dashboard?.stop()
  const url = await start({ sessions: sessions(), port })
  expect((await overviewWith(url, cookie)).status).toBe(200)
  const { sessionId } = await runtime.sessions.start({ orgId: 'acme', userId: 'ops' })
  expect((await overviewWith(url, `afterturn-${port}=${sessionId}`)).status).toBe(303)
  await call(`${url}/logout`, { method: 'POST', headers: { cookie, origin: url } })
  expect((await overviewWith(url, cookie)).status).toBe(303)
  await dashboard?.stop()
  const down = { ...sessions(), userOf: () => Promise.reject(new AfterturnError('STORE_UNAVAILABLE', 'down')) }
  const answer = await overviewWith(await start({ sessions: down }), cookie)
  expect([answer.status, answer.headers.location]).toEqual([503, undefined])
})

test('a session ends after eight hours, however busy', async () => {
  let nowMs = 0
  const url = await start({ clock: { now: () => new Date(0), monotonicMs: () => nowMs } })
  const cookie = cookieOf(await logIn(url))
  nowMs = 8 * 3_600_000 - 1
  expect((await overviewWith(url, cookie)).status).toBe(200)
  nowMs += 1
  expect((await overviewWith(url, cookie)).status).toBe(303)
})

test.each<Record<string, string>>([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: 'http://127.0.0.1:1' },
])('a post from elsewhere is refused: %j', async (headers) => {
  const url = await start()
  const cookie = cookieOf(await logIn(url))
  for (const path of ['/login', '/logout', '/queues/api/queues/pause']) {
    const answer = await call(url + path, { method: 'POST', headers: { cookie, ...headers } })
    expect([path, answer.status]).toEqual([path, 403])
  }
  expect((await overviewWith(url, cookie)).status).toBe(200)
})

test('a body that no form sends is refused', async () => {
  const url = await start()
  expect((await logIn(url, { password: 'x'.repeat(5_000) })).status).toBe(413)
  const json = await logIn(url, {}, { 'content-type': 'application/json' })
  expect(json.status).toBe(401)
})

test('the cookie is Secure in production and behind HTTPS', async () => {
  const url = await start({ environment: 'production' })
  expect((await logIn(url)).headers['set-cookie']?.[0]).toContain('; Secure')
  await dashboard?.stop()
  const other = await start()
  expect((await logIn(other, {}, { 'x-forwarded-proto': 'https' })).headers['set-cookie']?.[0]).toContain('; Secure')
})

test('production over plain HTTP says why nobody can log in', async () => {
  const url = await start({ environment: 'production' })
  const hint = 'only log in over HTTPS'
  expect((await call(`${url}/login`, { headers: { host: 'ops.example' } })).body).toContain(hint)
  expect(
    (await call(`${url}/login`, { headers: { host: 'ops.example', 'x-forwarded-proto': 'https' } })).body,
  ).not.toContain(hint)
  expect((await call(`${url}/login`)).body).not.toContain(hint)
})

test('production does not start without a password; development makes one up', async () => {
  await expect(startTestDashboard([], { password: undefined, environment: 'production' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('DASHBOARD_PASSWORD'),
  })
  const url = await start({ password: undefined })
  const password = dashboard?.password ?? ''
  expect(password).toMatch(/^[\w-]{20}$/)
  expect((await logIn(url, { password })).status).toBe(303)
  expect((await logIn(url, { password: '' })).status).toBe(401)
})

test('a taken port is named', async () => {
  const url = await start()
  const port = Number(new URL(url).port)
  await expect(startTestDashboard([], { port })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`127.0.0.1:${port}`),
  })
})
