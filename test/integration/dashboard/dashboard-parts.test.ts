import { expect, test } from 'vitest'
import { createLoginLimiter } from '../../../dashboard/login/login-limiter.ts'
import { createDashboardSessions } from '../../../dashboard/login/sessions.ts'
import { maskSecrets } from '../../../dashboard/mask-secrets.ts'
import { formatAge } from '../../../dashboard/view/texts.ts'

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

test('masking a long text takes no long time', () => {
  const text = 'a.b-'.repeat(250_000)
  const startedMs = performance.now()
  expect(maskSecrets(text)).toBe(text)
  expect(performance.now() - startedMs).toBeLessThan(2_000)
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
