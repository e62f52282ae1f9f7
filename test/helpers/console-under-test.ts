import { afterAll, beforeAll, expect, inject } from 'vitest'
import type { Dashboard } from '../../dashboard/dashboard.ts'
import { readOverview } from '../../dashboard/overview/read-overview.ts'
import { createRuntime, type Runtime } from '../../runtime.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { consoleOptions, PASSWORDS, type RoleName, type Seeded, seedConsole } from './console-fixture.ts'
import { type Answer, call, cookieOf, logIn, startTestDashboard } from './dashboard-fixture.ts'
import { removeKeys, useRuntimes } from './runtime.ts'
import { useStore } from './services/store.ts'

/** Owns the console that the tests of a file look at, over one seeded fleet, and asks it as a person with one of the roles does. */

export type Fields = readonly (readonly [string, string])[]

/** Starts it before the first test of the file; its parts are there from then on. */
export function useConsole(words: string) {
  const runtimes = useRuntimes(useStore())
  const redisKeyPrefix = `t-${crypto.randomUUID().slice(0, 18)}`
  const cookies = {} as Record<RoleName, string>
  const parts = {} as { runtime: Runtime; dashboard: Dashboard; seeded: Seeded }
  beforeAll(async () => {
    parts.runtime = createRuntime(runtimes.config({ redisKeyPrefix }), { log: silentLog })
    await parts.runtime.connect()
    parts.seeded = await seedConsole(parts.runtime, words)
    parts.dashboard = await startTestDashboard([], {
      ...consoleOptions(parts.runtime),
      overview: () => readOverview(parts.runtime),
      trustedProxies: ['127.0.0.1'],
      userHeader: 'X-Forwarded-User',
    })
    for (const [user, password] of Object.entries(PASSWORDS))
      cookies[user as RoleName] = cookieOf(await logIn(parts.dashboard.url, { user, password }))
  })
  afterAll(async () => {
    await parts.dashboard.stop()
    await parts.runtime.disconnect()
    await removeKeys(inject('redisUrl'), redisKeyPrefix)
  })

  const get = (path: string, role: RoleName = 'admin', referer?: string): Promise<Answer> =>
    call(parts.dashboard.url + path, {
      headers: { cookie: cookies[role], accept: 'text/html', ...(referer !== undefined && { referer }) },
    })
  const post = (path: string, fields: Fields, role: RoleName = 'admin'): Promise<Answer> =>
    call(parts.dashboard.url + path, {
      method: 'POST',
      headers: {
        cookie: cookies[role],
        origin: parts.dashboard.url,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
    })
  /** Confirms an action as a person does; returns the page about its outcome. */
  const perform = async (path: string, extra: Fields = [], role: RoleName = 'admin'): Promise<Answer> => {
    const confirming = await get(path, role)
    expect([path, confirming.status]).toEqual([path, 200])
    const done = await post(path.split('?')[0] as string, [...hiddenOf(confirming), ...extra], role)
    return done.status === 303 ? get(done.headers.location as string, role) : done
  }
  return { parts, cookies, get, post, perform }
}

/** A page's text with its entities read. */
export function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** The hidden fields of the page that confirms. */
export function hiddenOf({ body }: Answer): [string, string][] {
  return [...body.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name = '', value = '']) => [name, plain(value)],
  )
}

/** The address of the first link with this text. */
export function linkNamed({ body }: Answer, text: string): string {
  const found = [...body.matchAll(/<a [^>]*?href="([^"]*)"[^>]*>(.*?)<\/a>/g)].find(
    ([, , shown = '']) => plain(shown) === text,
  )
  return found === undefined ? `/no-link-named/${encodeURIComponent(text)}` : plain(found[1] ?? '')
}
