import { expect, test } from 'vitest'
import { latencyAt, latencyText } from '../../../dashboard/console/latency.ts'
import { createLoginLimiter } from '../../../dashboard/login/login-limiter.ts'
import { createDashboardSessions } from '../../../dashboard/login/sessions.ts'
import { maskSecrets } from '../../../dashboard/mask-secrets.ts'
import { shareReading } from '../../../dashboard/overview/share-reading.ts'
import { formatAge } from '../../../dashboard/view/texts.ts'
import { splitPasswords, splitRoles } from '../../../shared/dashboard-logins.ts'
import { START_BOUNDS_MS } from '../../../shared/store/console/fleet-rows.ts'
import { createQueueDeeds } from '../../../workers/fleet/queue-deeds.ts'
import { cpuMsOf } from '../../helpers/cpu-time.ts'

/** The dashboard's small parts: what is bounded stays bounded, what is secret is masked. */

const clock = { now: () => new Date(0), monotonicMs: () => 0 }

test('the oldest session makes room', () => {
  const sessions = createDashboardSessions({ clock, maxSessions: 2 })
  const [first, second, third] = [sessions.open('a'), sessions.open('b'), sessions.open('c')]
  expect([first, second, third].map((id) => sessions.userOf(id))).toEqual([undefined, 'b', 'c'])
  expect(sessions.userOf(undefined)).toBeUndefined()
})

test('addresses are counted apart, IPv6 by network, and only so many are remembered', () => {
  const limiter = createLoginLimiter({ clock, maxFailures: 1, windowMs: 1_000, maxAddresses: 2 })
  limiter.recordFailure('2001:db8:1:2::7')
  expect(limiter.retryAfterMs('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe(1_000)
  expect(limiter.retryAfterMs('2001:db8:1:3::7')).toBe(0)
  limiter.recordFailure('::ffff:10.0.0.1')
  expect(limiter.retryAfterMs('::ffff:10.0.0.2')).toBe(0)
  limiter.recordFailure('10.0.0.3')
  expect(limiter.retryAfterMs('2001:db8:1:2::7')).toBe(0)
  expect(limiter.retryAfterMs('::ffff:10.0.0.1')).toBe(1_000)
  limiter.recordSuccess('10.0.0.3')
  expect(limiter.retryAfterMs('10.0.0.3')).toBe(0)
})

test('secrets are masked by field and by form, the rest stays', () => {
  const masked = maskSecrets({
    dbPassword: 'a',
    'api-key': 'b',
    accessToken: 'c',
    nested: [{ Authorization: 'd' }],
    tokens: 12,
    tokenCount: 3,
    password: null,
    text: 'Bearer abcdefghijklmnopqrstuvwx and redis://:pw@h:1 and sk-abcdefgh1',
    error: 'a clone with ghp_16C7e42F292c6912E7710c838347Ae178B4a failed',
    count: 0,
    on: false,
  })
  expect(masked).toEqual({
    dbPassword: '•••',
    'api-key': '•••',
    accessToken: '•••',
    nested: [{ Authorization: '•••' }],
    tokens: 12,
    tokenCount: 3,
    password: null,
    text: 'Bearer ••• and redis://•••@h:1 and sk-•••',
    error: 'a clone with [redacted github-token] failed',
    count: 0,
    on: false,
  })
})

test('masking a long text takes no long time', async () => {
  const text = 'a.b-'.repeat(250_000)
  expect(await cpuMsOf(() => expect(maskSecrets(text)).toBe(text))).toBeLessThan(2_000)
})

test.each([
  [null, '–'],
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [754_000, '12 min 34 s'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
])('an age of %s ms reads %s', (ageMs, text) => expect(formatAge(ageMs).replaceAll('\u00a0', ' ')).toBe(text))

test('roles and passwords have one form, and nothing in between', () => {
  expect([...(splitRoles(' ana=operator, bo = viewer,*=viewer ') ?? [])]).toEqual([
    ['ana', 'operator'],
    ['bo', 'viewer'],
    ['*', 'viewer'],
  ])
  expect(splitRoles(undefined)?.size).toBe(0)
  for (const text of ['ana', 'ana=root', '=viewer', 'ana=viewer,ana=admin', 'ana=constructor'])
    expect([text, splitRoles(text)]).toEqual([text, undefined])
  expect([...(splitPasswords('ana=a=b=c=d=e\nbo=battery-staple') ?? [])]).toEqual([
    ['ana', 'a=b=c=d=e'],
    ['bo', 'battery-staple'],
  ])
  for (const text of ['ana=short', 'correct-horse', 'ana=correct-horse ana=battery-staple'])
    expect([text, splitPasswords(text)]).toEqual([text, undefined])
})

test('what a process did is told once, and again when it could not be told', () => {
  const deeds = createQueueDeeds()
  deeds.noteStart('q', 40)
  deeds.noteStart('q', 1_000_000)
  deeds.noteStart('q', undefined)
  deeds.noteEnd('q', 'completed')
  const taken = deeds.take()
  expect(deeds.take()).toEqual([])
  const startLatency = [1, ...START_BOUNDS_MS.slice(1).map(() => 0), 1]
  expect(taken).toEqual([{ queue: 'q', started: 3, completed: 1, failed: 0, retried: 0, startLatency }])
  deeds.noteEnd('q', 'failed')
  deeds.giveBack(taken)
  expect(deeds.take()).toEqual([{ queue: 'q', started: 3, completed: 1, failed: 1, retried: 0, startLatency }])
})

test('a latency is the bound below which that share of the starts was', () => {
  expect(latencyAt([], 0.5)).toBeUndefined()
  expect(latencyText([0, 0], 0.5)).toBe('–')
  expect(latencyText([5, 4, 1], 0.5)).toBe('≤ 50\u00a0ms')
  expect(latencyText([5, 4, 0, 0, 0, 1], 0.95)).toBe('≤ 2.5\u00a0s')
  expect(latencyAt([...START_BOUNDS_MS.map(() => 0), 3], 0.5)).toBe(START_BOUNDS_MS.at(-1))
})

test('tabs share a reading for its time; one that failed is read again', async () => {
  let [nowMs, reads] = [0, 0]
  const read = shareReading(async () => ++reads, { now: () => new Date(0), monotonicMs: () => nowMs }, 100)
  expect(await Promise.all([read(), read()])).toEqual([1, 1])
  nowMs = 100
  expect(await read()).toBe(2)
  let isDown = true
  const failing = shareReading(async () => (isDown ? Promise.reject(new Error('down')) : 'up'), clock, 100)
  await expect(failing()).rejects.toThrow('down')
  isDown = false
  expect(await failing()).toBe('up')
})
