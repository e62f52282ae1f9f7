import { appRoutes } from '@bull-board/api/dist/routes.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Dashboard } from '../../../dashboard/dashboard.ts'
import {
  call,
  cookieOf,
  type FilledQueues,
  logIn,
  SECRET,
  startFilledQueues,
  startTestDashboard,
} from '../../helpers/dashboard-fixture.ts'

/** What stands behind the login: boards that can only be read, with no secret on them. */

let filled: FilledQueues
let dashboard: Dashboard
let cookie: string

beforeAll(async () => {
  filled = await startFilledQueues()
  dashboard = await startTestDashboard(filled.queues)
  cookie = cookieOf(await logIn(dashboard.url))
})
afterAll(async () => {
  await dashboard.stop()
  await filled.stop()
})

function get(path: string) {
  return call(dashboard.url + path, { headers: { cookie, accept: 'text/html,*/*' } })
}

test('the boards show the queues and a job', async () => {
  const { queues } = JSON.parse((await get('/queues/api/queues?activeQueue=memory-extraction&status=completed')).body)
  expect(queues.map((queue: { name: string; displayName: string }) => [queue.name, queue.displayName])).toEqual([
    ['memory-extraction', 'memory extraction'],
    ['memory-digest', 'memory digest'],
  ])
  expect(queues[0]).toMatchObject({ readOnlyMode: true, allowRetries: false, allowCompletedRetries: false })
  expect(queues[0].jobs).toMatchObject([{ id: 'done', returnValue: { memories: 3 } }])
})

test('whatever Bull Board offers to change is refused, and nothing has changed', async () => {
  const before = await Promise.all(filled.queues.map((queue) => queue.getJobCounts()))
  const mutations = appRoutes.api.flatMap(({ method, route }) =>
    [method].flat().flatMap((verb) => (verb === 'get' ? [] : [route].flat().map((path) => ({ verb, path })))),
  )
  expect(mutations.length).toBeGreaterThan(20)
  for (const { verb, path } of [
    ...mutations,
    { verb: 'delete', path: '/api/queues' },
    { verb: 'options', path: '/' },
  ]) {
    for (const [queue, job] of [
      ['memory-digest', 'later'],
      ['memory-extraction', 'broken'],
    ] as const) {
      const real = path.replace(':queueName', queue).replace(':jobId', job).replace(':queueStatus', 'failed')
      const answer = await call(`${dashboard.url}/queues${real}`, {
        method: verb.toUpperCase(),
        headers: { cookie, 'content-type': 'application/json', 'x-http-method-override': 'GET' },
        body: '{"name":"x","data":{},"force":true}',
      })
      expect([verb, real, answer.status, answer.headers.allow]).toEqual([verb, real, 405, 'GET, HEAD'])
    }
  }
  expect(await Promise.all(filled.queues.map((queue) => queue.getJobCounts()))).toEqual(before)
  expect(await Promise.all(filled.queues.map((queue) => queue.isPaused()))).toEqual([false, false])
})

test('no answer about a job holds a secret', async () => {
  const paths = [
    '/api/queues/memory-extraction/done',
    '/api/queues/memory-extraction/broken',
    '/api/queues?activeQueue=memory-extraction',
  ]
  const bodies = await Promise.all(paths.map(async (path) => (await get(`/queues${path}`)).body))
  for (const body of bodies) expect(body).not.toContain(SECRET)
  expect(JSON.parse(bodies[0] ?? '').job.data).toEqual({ v: 1, orgId: 'acme', turnId: 't1', apiKey: '•••' })
  expect(JSON.parse(bodies[1] ?? '').job.failedReason).toBe('postgresql://•••@db:5432/app refused')
})

test('one page of jobs is bounded', async () => {
  const page = '/queues/api/queues?activeQueue=memory-extraction&jobsPerPage='
  expect((await get(`${page}300`)).status).toBe(200)
  for (const size of ['301', '1e9', '-1', 'all', '300&jobsPerPage=301'])
    expect((await get(page + size)).status).toBe(400)
})

test('every answer carries the security headers', async () => {
  for (const path of [
    '/',
    '/login',
    '/healthz',
    '/queues',
    '/queues/api/queues',
    '/queues/static/favicon.ico',
    '/nowhere',
  ]) {
    const { headers } = await get(path)
    expect(headers, path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers, path).not.toHaveProperty('x-powered-by')
    expect(headers['cache-control'], path).toBe(path.includes('/static/') ? 'private, no-cache' : 'no-store')
    expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/)
    expect(headers['content-security-policy'], path).not.toMatch(/unsafe|\*|https?:/)
  }
})

test('own pages allow no script, the boards only their own', async () => {
  expect((await get('/')).headers['content-security-policy']).not.toContain('script-src')
  const board = await get('/queues')
  expect(board.headers['content-security-policy']).toContain("script-src 'self';")
  expect(board.body).not.toContain('googleapis')
  expect(board.body).not.toMatch(/<style|\sstyle=/)
  expect(board.body).toContain('<div id="root"></div>')
})
