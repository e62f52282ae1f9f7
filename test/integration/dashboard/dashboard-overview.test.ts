import { afterEach, expect, test } from 'vitest'
import type { Dashboard, DashboardOptions } from '../../../dashboard/dashboard.ts'
import type { Overview } from '../../../dashboard/overview/overview.ts'
import { call, cookieOf, logIn, OVERVIEW, startTestDashboard } from '../../helpers/dashboard-fixture.ts'

/** The first page: the figures it is given, and what it says when there are none. */

let dashboard: Dashboard | undefined
afterEach(() => dashboard?.stop())

async function show(overview: () => Promise<Overview>, path = '/', options: Partial<DashboardOptions> = {}) {
  dashboard = await startTestDashboard([], { overview, ...options })
  const cookie = cookieOf(await logIn(dashboard.url))
  return call(dashboard.url + path, { headers: { cookie, accept: 'text/html' } })
}

test('the figures are on the page', async () => {
  const { status, body } = await show(async () => OVERVIEW)
  expect(status).toBe(200)
  for (const figure of [
    '37',
    '12,345',
    '4,321',
    '12\u00a0min 34\u00a0s',
    '678',
    '91,011',
    '64,020 tokens',
    '22,333 tokens',
    '1,204 messages, before 388.0',
    'local rules',
    'Local passes',
    'no embedding cache',
    'All well.',
  ]) {
    expect(body).toContain(figure)
  }
})

test('trouble comes first, in words', async () => {
  const queues = [{ name: 'memory-digest', waiting: 0, active: 0, delayed: 0, completed: 0, failed: 1 }]
  const oldestFailure = { code: 'MODEL_UNAVAILABLE', reason: 'no key sk-12345678901' }
  const { body } = await show(async () => ({
    ...OVERVIEW,
    queues,
    deadLetters: 2,
    oldestPendingMs: 7_500_000,
    oldestFailure,
  }))
  expect(body).toContain('<strong>2</strong> dead letters')
  expect(body).toContain('Turns wait for another try, as <code>MODEL_UNAVAILABLE</code>: no key sk-•••')
  expect(body).toContain('<strong>2\u00a0h 5\u00a0min</strong>')
  expect(body).not.toContain('All well.')
})

test('a failed job whose dead letter is settled is history', async () => {
  const queues = [{ name: 'memory-digest', waiting: 0, active: 0, delayed: 0, completed: 0, failed: 11 }]
  const { body } = await show(async () => ({ ...OVERVIEW, queues }))
  expect(body).toContain('All well.')
})

test('what the kill switch halts comes before everything, and nothing is said to be well', async () => {
  const halts = [
    {
      what: 'the org <acme>',
      by: 'ops',
      since: new Date('2024-05-01T12:00:00Z'),
      reason: 'redis://a:secret@b is full',
    },
    { what: 'everything', by: 'its Redis key', since: null, reason: '1' },
  ]
  const { body } = await show(async () => ({ ...OVERVIEW, halts }))
  expect(body).toContain('The kill switch is on.')
  expect(body).toContain(
    'The org &lt;acme&gt;, by ops since <time datetime="2024-05-01T12:00:00.000Z">2024-05-01 12:00</time>',
  )
  expect(body).toContain('redis://•••@b is full')
  expect(body).not.toContain('All well.')
  expect(body.indexOf('kill switch')).toBeLessThan(body.indexOf('<h2>'))
})

test('the newest dead letters are told with their reason, masked and cut', async () => {
  const letter = { id: 7, subject: 'turn <b> of w', queue: 'memory-digest', code: 'MODEL_REFUSED', diedAt: new Date() }
  const newestDeadLetters = [{ ...letter, reason: `no key sk-12345678901 ${'x'.repeat(500)}` }]
  const { body } = await show(async () => ({ ...OVERVIEW, deadLetters: 1, newestDeadLetters }))
  expect(body).toContain('turn &lt;b&gt; of w')
  expect(body).toMatch(/MODEL_REFUSED: no key sk-••• x{100,200}…</)
})

test('names are escaped', async () => {
  const queues = [{ name: '<img src=x>&"\'', waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0 }]
  const { body } = await show(async () => ({ ...OVERVIEW, queues, oldestPendingMs: null }))
  expect(body).toContain('&lt;img src=x&gt;&amp;&quot;&#39;')
  expect(body).not.toContain('<img src=x')
})

test('live mode asks the browser to come again, the plain page does not', async () => {
  expect((await show(async () => OVERVIEW)).headers.refresh).toBeUndefined()
  await dashboard?.stop()
  expect((await show(async () => OVERVIEW, '/?live=1')).headers.refresh).toBe('5')
})

test('when the figures cannot be read the page says so, and the log says why', async () => {
  const logged: object[] = []
  const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void logged.push(fields) }
  const failure = new Error('connect ECONNREFUSED')
  const { status, body } = await show(() => Promise.reject(failure), '/', { log })
  expect(status).toBe(503)
  expect(body).toContain('The figures cannot be read.')
  expect(body).not.toContain('ECONNREFUSED')
  expect(logged).toEqual([{ err: failure }])
})

test('stop closes open connections and may be called twice', async () => {
  const never = new Promise<Overview>(() => {})
  dashboard = await startTestDashboard([], { overview: () => never })
  const cookie = cookieOf(await logIn(dashboard.url))
  const pending = call(dashboard.url, { headers: { cookie } })
  const aborted = expect(pending).rejects.toThrow()
  await call(`${dashboard.url}/healthz`)
  await Promise.all([dashboard.stop(), dashboard.stop()])
  await aborted
  await expect(call(`${dashboard.url}/healthz`)).rejects.toThrow('ECONNREFUSED')
})
