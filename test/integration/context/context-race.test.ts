import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { summaryOf } from '../../helpers/models/model-answers.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Turns recorded while compactions run and their workers are killed: afterwards every message is shown or stands behind one part. */

const WORKER = fileURLToPath(new URL('../../helpers/processes/context-process.ts', import.meta.url))
const TURNS = 200
const KILLS = 3
const SPAN = Math.floor(TURNS / KILLS)
const HALF_SPAN = Math.floor(SPAN / 2)
const scope = { orgId: 'race', workstreamId: 'ws' }
const runtimes = useRuntimes(useStore())
const children: ChildProcess[] = []
let model: ModelServer
beforeAll(async () => {
  model = await startModelServer({ delayMs: 150 })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})
afterAll(() => model.stop())

it('200 turns, compactions that overtake each other, and workers killed between the model and the flip', async () => {
  model.completionFor(() =>
    summaryOf({ goal: 'Count the boats.', facts: ['Boats are counted by day.'], keep: [0, 1, 2, 3] }),
  )
  const settings = {
    openaiBaseUrl: model.url,
    completionModel: 'gpt-4o',
    contextWindowTokens: 1_500,
    jobLockMs: 1_000,
    retryBackoffMs: 20,
    sweepIntervalMs: 200,
    compactionBreakerMs: 200,
    enqueueTimeoutMs: 20_000,
  }
  const runtime = await runtimes.start(settings)
  const start = async () => {
    const child = fork(WORKER, [JSON.stringify(runtimes.config(settings))], { execArgv: [] })
    children.push(child)
    await once(child, 'message')
    return child
  }
  await Promise.all([start(), start()])
  const kill = async () => {
    // A worker dies while its question is answered: after the call, before the flip.
    await model.received(model.requestCount() + 1, '/chat/completions')
    children.shift()?.kill('SIGKILL')
    await start()
  }
  const countCompactions = async () => (await runtime.database.selectFrom('compactions').select('id').execute()).length
  let killing: Promise<void> | undefined
  let halves = 0
  for (let number = 0; number < TURNS; number++) {
    await runtime.memory.recordTurn({
      ...scope,
      turnId: `t${number}`,
      messages: [
        { role: 'user', content: `On day ${number} I counted ${number} boats in the harbour of the old town.` },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call', type: 'function', function: { name: 'add', arguments: `{"boats":${number}}` } }],
        },
        { role: 'tool', tool_call_id: 'call', content: `${number} added` },
      ],
    })
    if (number % SPAN === 10) killing = kill()
    // However fast turns are recorded: one compaction at least in each half of a span.
    if (number % SPAN === HALF_SPAN || number % SPAN === SPAN - 1) {
      await killing
      halves += 1
      await until(countCompactions, (count) => count >= halves, 60_000)
    }
    // Each context is whole at any moment.
    if (number % 20 === 7) expect(await coveredBy()).toBe((number + 1) * 3)
  }
  const settled = await until(
    () =>
      runtime.database
        .selectFrom('workstreams')
        .selectAll()
        .where('org_id', '=', scope.orgId)
        .executeTakeFirstOrThrow(),
    (row) => row.compaction_target === null,
    60_000,
  )
  expect(await coveredBy()).toBe(TURNS * 3)
  const records = await runtime.database.selectFrom('compactions').selectAll().orderBy('id').execute()
  expect(records.length).toBeGreaterThan(KILLS)
  // Each record goes on where the one before it ended.
  for (const [index, record] of records.entries()) {
    const previous = records[index - 1]
    expect(record.previous).toBe(previous?.id ?? 0)
    expect([record.from_seq, record.from_position]).toEqual(
      previous ? [previous.cut_seq, previous.cut_position] : [0, 0],
    )
    expect(record.total_messages).toBe((previous?.total_messages ?? 0) + record.messages)
  }
  expect(settled.compaction).toBe(records.at(-1)?.id)

  /** How many messages the parts stand for, each found once by its id. */
  async function coveredBy(): Promise<number> {
    const { parts, tokens } = await runtime.context.load({ ...scope, budgetTokens: 750 })
    expect(tokens).toBeLessThanOrEqual(750)
    const single = new Set(parts.filter(({ id }) => !id.includes('-')).map(({ id }) => id))
    const seen = new Set(single)
    for (const { id } of parts.filter((part) => part.id.includes('-')))
      for (let next: string | null = id; next; ) {
        const page: Awaited<ReturnType<typeof runtime.context.expand>> = await runtime.context.expand({
          ...scope,
          id: next,
          limit: 1_000,
        })
        for (const one of page.messages.filter(({ id: found }) => !single.has(found))) {
          expect(seen.has(one.id)).toBe(false)
          seen.add(one.id)
        }
        next = page.next
      }
    expect(parts.reduce((sum, { messages }) => sum + messages, 0)).toBe(seen.size)
    return seen.size
  }
}, 180_000)
