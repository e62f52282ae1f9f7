import { beforeEach, describe, expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { ConversationMessage } from '../../../shared/conversation.ts'
import { faultsOfRequest } from '../../helpers/memory/conversations.ts'
import { summaryOf } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** What apps, operators and clocks do to contexts: bad input is told, nothing is stuck, and what was erased or halted has no effect. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()
beforeEach(() => {
  model.completionFor(() => summaryOf({ goal: 'Count the boats.', facts: ['Boats are counted by day.'] }))
})

const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10, contextWindowTokens: 2_000 })
const said = (number: number): ConversationMessage => ({
  role: number % 2 === 0 ? 'user' : 'assistant',
  content: `On day ${number} we counted ${number} boats in the harbour of the old town.`,
})
const record = (runtime: Runtime, orgId: string, messages: readonly ConversationMessage[], turnId = 't') =>
  runtime.memory.recordTurn({ orgId, workstreamId: 'ws', turnId, messages })
const load = (runtime: Runtime, orgId: string, budgetTokens = 1_000, model?: string) =>
  runtime.context.load({ orgId, workstreamId: 'ws', budgetTokens, model })
/** A sweep may wake the conversations of earlier tests as well. */
const ended = (runtime: Runtime, orgId: string) =>
  until(
    () => runtime.queues.queue('context-compaction').getCompleted(),
    (jobs) => jobs.some(({ data }) => data.orgId === orgId),
  )
const many = Array.from({ length: 60 }, (_, number) => said(number))

describe('bad input', () => {
  it('of a call is refused with its field', async () => {
    const runtime = await runtimes.start(settings())
    await record(runtime, 'calls', [said(0)])
    for (const budgetTokens of [0, -1, 1.5, Number.NaN, '9' as never])
      await expect(load(runtime, 'calls', budgetTokens)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    for (const id of ['', 'x', '1.0-1.0', '2.0-1.0', '1.0; drop table turns', '9'.repeat(99)])
      await expect(runtime.context.expand({ orgId: 'calls', workstreamId: 'ws', id })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      })
    const nowhere = { orgId: 'another', workstreamId: 'ws' }
    for (const call of [
      () => runtime.context.load({ ...nowhere, budgetTokens: 9 }),
      () => runtime.context.expand({ ...nowhere, id: '1.0' }),
      () => runtime.context.compactNow(nowhere),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'WORKSTREAM_UNKNOWN' })
  })

  it('a budget below the pinned messages is refused by how much, and met exactly it is enough', async () => {
    const runtime = await runtimes.start(settings())
    await record(runtime, 'pinned', [{ role: 'system', content: 'Be brief. '.repeat(40) }, ...many])
    const error = await load(runtime, 'pinned', 50).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'CONTEXT_TOO_SMALL', retryable: false })
    const missing = Number(/is (\d+) too small/.exec(error.message)?.[1])
    const { messages, tokens, parts } = await load(runtime, 'pinned', 50 + missing)
    expect([messages.length, tokens]).toEqual([2, 50 + missing])
    expect(parts.at(-1)).toMatchObject({ kind: 'omitted', message: null, messages: 59 })
  })

  it('pinned messages above what compactions keep to: the rest is compacted, and a turn wakes one job that asks nothing', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['context-compaction'])
    // A sweep may wake other conversations of this store, and this one once more, to find nothing to do.
    const reports = async () =>
      (await runtime.queues.queue('context-compaction').getCompleted())
        .filter(({ data, returnvalue }) => data.orgId === 'large pin' && returnvalue.ended)
        .sort((a, b) => Number(a.id) - Number(b.id))
        .map(({ returnvalue }) => returnvalue)
    await record(runtime, 'large pin', [{ role: 'system', content: 'Be brief. '.repeat(500) }, ...many])
    const [first] = await until(reports, ({ length }) => length === 1)
    expect(first).toMatchObject({ records: 1, ended: 'what is not among the newest is too little' })
    await expect(load(runtime, 'large pin', 1_000)).rejects.toMatchObject({ code: 'CONTEXT_TOO_SMALL' })
    const { parts, tokens } = await load(runtime, 'large pin', 2_000)
    expect(tokens).toBeLessThan(2_000)
    expect(parts.map(({ kind }) => kind)).toContain('summary')
    expect(parts.map(({ kind }) => kind)).not.toContain('omitted')
    await record(runtime, 'large pin', [said(60)], 'next')
    const [, second] = await until(reports, ({ length }) => length === 2)
    expect(second).toMatchObject({ records: 0, ended: 'what is not among the newest is too little' })
  })

  it('an unknown model is counted with a margin, an older family by its own encoding', async () => {
    const runtime = await runtimes.start(settings())
    await record(runtime, 'models', many)
    const [known, older, unknown] = await Promise.all(
      ['gpt-5', 'gpt-4', 'somebody/unheard-of-7b'].map((name) => load(runtime, 'models', 5_000, name)),
    )
    expect(unknown?.tokens).toBeGreaterThan((known?.tokens ?? 0) * 1.2)
    expect(older?.messages).toEqual(known?.messages)
    expect((await load(runtime, 'models', 500, 'somebody/unheard-of-7b')).tokens).toBeLessThanOrEqual(500)
  })

  it('images only, results of nobody, and messages out of order are compacted without a key, and the request is valid', async () => {
    const runtime = await runtimes.start({ contextWindowTokens: 2_000 })
    await runtime.startWorkers(['context-compaction'])
    const image = {
      type: 'image_url' as const,
      image_url: { url: 'https://images.example/1.png', detail: 'low' as const },
    }
    const images = Array.from({ length: 20 }, (): ConversationMessage => ({ role: 'user', content: [image] }))
    const call = { id: 'a', type: 'function' as const, function: { name: 'run', arguments: '{}' } }
    const odd = many.flatMap((message, number): ConversationMessage[] => [
      { role: 'tool', tool_call_id: number % 2 === 0 ? 'a' : 'nobody', content: 'out of order' },
      { role: 'assistant', content: null, tool_calls: [call] },
      message,
    ])
    for (const [orgId, messages, budget] of [
      ['images', images, 1_000],
      ['odd', odd, 1_000],
    ] as const) {
      await record(runtime, orgId, messages)
      await until(
        () => load(runtime, orgId, budget),
        ({ compaction }) => compaction !== null,
      )
      const loaded = await load(runtime, orgId, budget)
      expect(loaded.tokens).toBeLessThanOrEqual(budget)
      expect(faultsOfRequest(loaded.messages)).toEqual([])
      expect(loaded.parts.reduce((sum, part) => sum + part.messages, 0)).toBe(messages.length)
    }
  })

  it('large tool outputs become pointers first: no model is asked, and the whole is found by its id', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['context-compaction'])
    const log = `begin ${'a line of the log. '.repeat(400)} end`
    const call = { id: 'a', type: 'function' as const, function: { name: 'read_log', arguments: '{}' } }
    const messages: ConversationMessage[] = [
      said(0),
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: log },
      ...many.slice(1, 13),
    ]
    await record(runtime, 'offload', messages)
    await ended(runtime, 'offload')
    expect(model.requests.filter(({ body }) => JSON.stringify(body).includes('line of the log'))).toEqual([])
    const { parts, messages: shown, tokens } = await load(runtime, 'offload')
    const pointer = parts.find(({ kind }) => kind === 'offloaded')
    expect(shown[pointer?.message ?? -1]?.content).toMatch(
      /^begin [\s\S]* characters are left out here; the whole has the id 1\.2 [\s\S]* end$/,
    )
    expect(tokens).toBeLessThan(1_000)
    const { messages: raw } = await runtime.context.expand({
      orgId: 'offload',
      workstreamId: 'ws',
      id: pointer?.id ?? '',
    })
    expect(raw.map(({ message }) => message.content)).toEqual([log])
  })
})

describe('while the model is asked', () => {
  async function asked(orgId: string): Promise<Runtime> {
    const runtime = await runtimes.start({ ...settings(), killSwitchPollMs: 50, jobLockMs: 1_000 })
    await runtime.startWorkers(['context-compaction'])
    model.behave({ delayMs: 400 })
    await record(runtime, orgId, many)
    await model.received(1, '/chat/completions')
    return runtime
  }

  it('the kill switch leaves what was; when it is off the job goes on', async () => {
    const runtime = await asked('halted')
    await runtime.killSwitch.turnOn({ queue: 'context-compaction', by: 'a test' })
    expect((await load(runtime, 'halted')).compaction).toBeNull()
    await runtime.killSwitch.turnOff({ queue: 'context-compaction', by: 'a test' })
    await until(
      () => load(runtime, 'halted'),
      ({ compaction }) => compaction !== null,
    )
    expect(await runtime.deadLetters.list({ limit: 9 })).toEqual([])
  })

  it('a turn that is erased does not come back in the summary', async () => {
    const runtime = await asked('erased')
    model.completionFor((body) =>
      summaryOf({
        goal: 'Count the boats.',
        facts: [JSON.stringify(body.messages).includes('the secret') ? 'the secret' : 'none'],
      }),
    )
    await record(runtime, 'erased', [{ role: 'user', content: 'the secret' }], 'secret')
    await runtime.memory.erase({ orgId: 'erased', workstreamId: 'ws', turnId: 't' } as never)
    await record(runtime, 'erased', many, 'again')
    await until(
      () => load(runtime, 'erased'),
      ({ compaction }) => compaction !== null,
    )
    const records = await runtime.database
      .selectFrom('compactions')
      .selectAll()
      .where('org_id', '=', 'erased')
      .execute()
    // None of the turn that went: the first record begins with what is left of it.
    expect(records[0]?.total_messages).toBeLessThanOrEqual(61)
    const { parts, totalMessages } = await load(runtime, 'erased')
    expect(parts.reduce((sum, { messages }) => sum + messages, 0)).toBe(totalMessages)
    expect(totalMessages).toBe(61)
  })

  it('a clock that was years ahead does not keep a breaker open', async () => {
    const runtime = await asked('clock')
    await runtime.database
      .updateTable('workstreams')
      .set({ compaction_blocked_until: new Date('2099-01-01T00:00:00Z') })
      .where('org_id', '=', 'clock')
      .execute()
    await runtime.context.compactNow({ orgId: 'clock', workstreamId: 'ws' })
    await until(
      () => load(runtime, 'clock'),
      ({ compaction }) => compaction !== null,
    )
  })
})
