import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import type { ConversationMessage } from '../../../shared/conversation.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Compaction from end to end with the local summariser: recorded, woken, folded, loaded, expanded. */

const runtimes = useRuntimes(useStore())
const WINDOW = { contextWindowTokens: 2_000 }
const TOPICS = ['boats', 'lemons', 'trams', 'kites', 'clocks', 'tents', 'poems', 'ropes', 'lamps', 'goats']
const scopeOf = (workstreamId: string) => ({ orgId: 'org', workstreamId })

const said = (number: number): ConversationMessage => ({
  role: number % 2 === 0 ? 'user' : 'assistant',
  content: `Message ${number}: on day ${number} I saw ${number * 7} ${TOPICS[number % 10]} near the ${TOPICS[(number * 3 + 1) % 10]} market.`,
})

async function record(runtime: Runtime, workstreamId: string, from: number, to: number) {
  for (let number = from; number < to; number++)
    await runtime.memory.recordTurn({ ...scopeOf(workstreamId), turnId: `t${number}`, messages: [said(number)] })
}

const untilCompacted = (runtime: Runtime, workstreamId: string) =>
  until(
    () =>
      runtime.database
        .selectFrom('workstreams')
        .select(['compaction', 'compaction_target'])
        .where('workstream_id', '=', workstreamId)
        .executeTakeFirstOrThrow(),
    (row) => row.compaction !== null && row.compaction_target === null,
  )

it('a conversation past its threshold is compacted, loads within the budget, and nothing is lost', async () => {
  const runtime = await runtimes.start(WINDOW)
  await runtime.startWorkers(['context-compaction'])
  const scope = scopeOf('thin')
  await record(runtime, 'thin', 0, 60)
  await untilCompacted(runtime, 'thin')
  const loaded = await runtime.context.load({ ...scope, budgetTokens: 1_000 })
  expect(loaded.tokens).toBeLessThanOrEqual(1_000)
  expect(loaded.parts.reduce((sum, { messages }) => sum + messages, 0)).toBe(60)
  expect(loaded.messages.at(-1)).toEqual(said(59))
  expect(loaded.messages[0]).toEqual(said(0))
  const summary = loaded.parts.find(({ kind }) => kind === 'summary')
  const { messages } = await runtime.context.expand({ ...scope, id: summary?.id ?? '' })
  expect(messages.slice(0, 3).map(({ message }) => message)).toEqual([said(0), said(1), said(2)])
})
