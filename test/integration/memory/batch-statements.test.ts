import pg from 'pg'
import { expect, it, onTestFinished, vi } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const model = await useModelServer()

/** From its begin to its commit. Who raises it makes all of an org's batches wait longer for each other. */
const MAX_STATEMENTS_UNDER_THE_FENCE = 16

it('a batch with new facts is written in a bounded number of statements', async () => {
  // Before anything connects: a pool keeps the method that it finds.
  const query = vi.spyOn(pg.Client.prototype, 'query')
  onTestFinished(() => query.mockRestore())
  const runtime = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64 })
  for (const n of [1, 2, 3]) await runtime.memory.recordTurn(turn(n, { orgId: 'counted' }))
  await runtime.startWorkers(['memory-digest'])
  expect(await untilSettled(runtime, 'counted')).toMatchObject({ memories: 3 })

  const statements = query.mock.calls.map(([asked], at) => ({
    client: query.mock.contexts[at],
    text: typeof asked === 'string' ? asked : (asked as { text: string }).text,
  }))
  const fenced = statements.find(({ text }) => /from "org_fences".*for update/.test(text))
  const ofClient = statements.filter(({ client }) => client === fenced?.client).map(({ text }) => text)
  const from = ofClient.indexOf(fenced?.text ?? '') - 1
  const written = ofClient.slice(from, ofClient.indexOf('commit', from) + 1)
  expect(written[0]).toBe('begin')
  expect(written.at(-1)).toBe('commit')
  expect(written.length).toBeLessThanOrEqual(MAX_STATEMENTS_UNDER_THE_FENCE)
})
