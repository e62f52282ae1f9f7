import { sql } from 'kysely'
import { beforeEach, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { BUCKETS, bucketOf, type Question } from '../../../shared/answers/answers.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
let orgId = ''
let calls = 0
beforeEach(() => {
  orgId = crypto.randomUUID()
  calls = 0
})

const start = () => runtimes.start({ secretKeys: 'k'.repeat(32) })
const ask = (runtime: Runtime, content: string, more: Partial<Question> = {}) =>
  runtime.answers.complete({
    orgId,
    userId: 'ann',
    model: 'm',
    messages: [{ role: 'user', content }],
    call: async () => ({ text: `answer ${++calls}` }),
    ...more,
  })
const ONE = 'How can I reset my account password?'
const OTHER = 'How do I reset my account password quickly?'
const open = (runtime: Runtime) =>
  sql`update answer_buckets set bound = 0.001 where org_id = ${orgId}`.execute(runtime.database)

it('gives an answer again for the same question only, and to another process', async () => {
  const [one, other] = [await start(), await start()]
  expect(await ask(one, ONE)).toEqual({ text: 'answer 1', source: 'model' })
  expect(await ask(other, ` ${ONE.replace('?', ' ')} `)).toEqual({
    text: 'answer 1',
    source: 'exact',
  })
  for (const more of [
    { userId: 'bob' },
    { orgId: crypto.randomUUID() },
    { model: 'n' },
    { system: 's' },
    { tools: [{}] },
    { parameters: { top_p: 1 } },
    { dependsOn: ['v2'] },
    {
      messages: [
        { role: 'user', content: 'before' },
        { role: 'user', content: ONE },
      ],
    },
  ])
    expect(await ask(other, ONE, more)).toMatchObject({ source: 'model' })
})

it('never gives again what had a temperature, called a tool or was cut', async () => {
  const runtime = await start()
  for (const more of [
    { parameters: { temperature: 0.5 } },
    { system: 'cut', call: async () => ({ text: 'x', finishReason: 'length' }) },
    { system: 'tool', call: async () => ({ text: 'x', toolCalls: [{}] }) },
  ])
    for (let time = 0; time < 2; time++)
      expect(await ask(runtime, ONE, { mode: 'serve', ...more })).toMatchObject({ source: 'model' })
})

it('gives nobody who waits an answer that calls a tool', async () => {
  const runtime = await start()
  const answered = Promise.withResolvers<void>()
  const call = async () => {
    calls += 1
    await answered.promise
    return { text: '', finishReason: 'tool-calls', toolCalls: [{ name: 'weather' }] }
  }
  const asked = [ask(runtime, ONE, { call }), ask(runtime, ONE, { call })]
  await until(
    async () => calls,
    (count) => count > 0,
  )
  answered.resolve()
  expect(await Promise.all(asked)).toMatchObject([{ source: 'model' }, { source: 'model' }])
  expect(calls).toBe(2)
})

it('serves a similar question only from a bucket that is proven', async () => {
  const runtime = await start()
  const mode = 'serve' as const
  await ask(runtime, ONE, { mode })
  expect(await ask(runtime, OTHER, { mode, judge: async () => true })).toMatchObject({
    source: 'model',
    text: 'answer 2',
  })
  expect(runtime.answers.stats()).toMatchObject({ checks: 1, wrong: 0, similar: 0 })
  await open(runtime)
  const served = await ask(runtime, 'How could I reset my account password now?', { mode, maxErrorRate: 0 })
  expect(served).toMatchObject({ source: 'model' })
  // One in fifty hits is checked.
  const asked = ['How would I reset my account password soon?', 'How should I reset my account password today?']
  const sources = await Promise.all(asked.map(async (content) => (await ask(runtime, content, { mode })).source))
  expect(sources).toContain('similar')
  expect(await ask(runtime, asked[0] as string, { mode: 'learn', userId: 'bob' })).toMatchObject({ source: 'model' })
})

it('counts what the judge refuses, and drops that answer', async () => {
  const runtime = await start()
  await ask(runtime, ONE, { mode: 'learn' })
  await ask(runtime, OTHER, { mode: 'learn', judge: async () => false })
  expect(runtime.answers.stats()).toMatchObject({ checks: 1, wrong: 1 })
  const { rows } = await sql<{ question: string }>`select question from answers where org_id = ${orgId}`.execute(
    runtime.database,
  )
  expect(rows).toEqual([{ question: OTHER }])
  expect(
    await ask(runtime, 'x', { call: () => Promise.reject(new Error('away')) }).catch((error) => error.message),
  ).toBe('away')
})

it('ends what depends on something, also an answer that is on its way', async () => {
  const runtime = await start()
  const more = { mode: 'learn' as const, dependsOn: ['doc:1'] }
  await ask(runtime, ONE, more)
  const late = ask(runtime, OTHER, {
    ...more,
    call: async () => {
      await runtime.answers.invalidate({ orgId, dependsOn: 'doc:1' })
      return { text: 'old' }
    },
  })
  expect(await late).toMatchObject({ text: 'old' })
  const { rows } = await sql`select 1 from answers where org_id = ${orgId}`.execute(runtime.database)
  expect(rows).toEqual([])
  expect(await ask(runtime, ONE, more)).toMatchObject({ source: 'model' })
  expect(await ask(runtime, OTHER, more)).toMatchObject({ source: 'model', text: 'answer 3' })
})

it('goes with its user and its org', async () => {
  const runtime = await start()
  await ask(runtime, ONE, { mode: 'learn' })
  await ask(runtime, ONE, { mode: 'learn', userId: 'bob' })
  const lines = []
  for await (const line of runtime.memory.export({ orgId, userId: 'ann' })) lines.push(JSON.parse(line))
  expect(lines).toMatchObject([{ type: 'answer', question: ONE, answer: 'answer 1' }])
  await runtime.memory.erase({ orgId, userId: 'ann' })
  const users = async () =>
    (await sql<{ user_id: string }>`select user_id from answers where org_id = ${orgId}`.execute(runtime.database)).rows
  expect(await users()).toEqual([{ user_id: 'bob' }])
  expect(await ask(runtime, ONE)).toMatchObject({ source: 'model' })
  await runtime.memory.erase({ orgId })
  expect(await users()).toEqual([])
})

it('puts a similarity into a bucket', () => {
  expect([0.79, Number.NaN, 0.8, 0.85, 0.999, 1.000001].map(bucketOf)).toEqual([
    undefined,
    undefined,
    0,
    2,
    BUCKETS - 1,
    BUCKETS - 1,
  ])
})
