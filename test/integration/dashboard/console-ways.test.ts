import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { OPENAI_BASE_URL } from '../../../shared/ai/openai/openai-provider.ts'
import { createCallBudget } from '../../../shared/limit/call-budget.ts'
import { createSharedLine } from '../../../shared/limit/shared-rate-limiter.ts'
import { modelLineKey } from '../../../shared/redis/keys.ts'
import { ORG } from '../../helpers/console-fixture.ts'
import { hiddenOf, linkNamed, plain, useConsole } from '../../helpers/console-under-test.ts'
import type { Answer } from '../../helpers/dashboard-fixture.ts'

/** The ways through the console: every id has its pages, every action leads back, and every answer is near. */

const { parts, get, post, perform } = useConsole('words')

test.each(['../..', 'a/b?c#d%2e', '<img src=x onerror=alert(1)>', '"\'&;`', '日本 🦊\u202e', '.', 'x'.repeat(480)])(
  'an id of any form has its pages, and is inert: %j',
  async (orgId) => {
    await parts.runtime.memory.recordTurn({
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

test('a queue whose model is paused says so, and the others do not', async () => {
  const { config, redis } = parts.runtime
  const { redisKeyPrefix, completionModel } = config
  const unlimited = createCallBudget({ callsPerMinute: undefined, tokensPerMinute: undefined, windowMs: 60_000 })
  const key = modelLineKey(redisKeyPrefix, OPENAI_BASE_URL, completionModel)
  await createSharedLine(redis.getConnection(), key, unlimited).pause(60_000)
  expect((await get('/queue?queue=memory-digest')).body).toContain('Its model is paused</a> for another')
  expect((await get('/queue?queue=repo-indexing')).body).not.toContain('is paused')
  expect((await get('/limits')).body).toContain('<strong>paused</strong> for another')
})

test('an action, cancelled or confirmed, leads back to the page that it was asked for on, and to no other site', async () => {
  const path = `/actions/turns.extract?orgId=${ORG}&workstreamId=support-42&turnId=turn-2`
  const page = `/workstream?orgId=${ORG}&workstreamId=support-42`
  const askedFrom = (referer: string | undefined) => get(path, 'admin', referer)
  const cancelOf = (answer: Answer) => linkNamed(answer, 'Cancel')
  const asked = await askedFrom(parts.dashboard.url + page)
  expect(cancelOf(asked)).toBe(page)
  const done = await post('/actions/turns.extract', hiddenOf(asked))
  expect(linkNamed(await get(done.headers.location as string), 'Continue')).toBe(page)
  for (const foreign of [
    undefined,
    'none',
    `https://evil.example${page}`,
    `${parts.dashboard.url}/logout`,
    parts.dashboard.url,
  ])
    expect([foreign, cancelOf(await askedFrom(foreign))]).toEqual([foreign, '/'])
  for (const from of ['//evil.example', 'https://evil.example/orgs/1', '/actions/org.erase', '\\\\evil.example']) {
    const fields = hiddenOf(await askedFrom(undefined)).map(([name, value]): [string, string] => [
      name,
      name === 'from' ? from : value,
    ])
    const { headers } = await post('/actions/turns.extract', fields)
    expect([from, linkNamed(await get(headers.location as string), 'Continue')]).toEqual([from, '/'])
  }
})

test("an operator's questions are answered in three clicks, as the guide says", async () => {
  await get('/work')
  await parts.runtime.killSwitch.turnOn({ orgId: ORG, by: 'somebody', reason: 'provider is down' })
  await perform(`/actions/dead-letters.replay?ids=${parts.seeded.letterIds[0]}`)
  const guide = readFileSync(new URL('../../../docs/guides/operating.md', import.meta.url), 'utf8')
  const rows = [...guide.matchAll(/^\| ([^|]+\?) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
    (row) => row.slice(1) as [string, string, string],
  )
  expect(rows.length).toBe(10)
  const named: Record<string, string> = {
    org: ORG,
    cause: 'The host # did not answer within # ms',
    letter: String((await parts.runtime.deadLetters.list({ orgId: ORG }))[0]?.id),
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
