import { QUEUE_NAMES } from '../queues/catalog.ts'
import type { Runtime } from '../runtime.ts'
import type { MemoryRow } from '../shared/store/memories.ts'
import { bold, dim, heading, printTable, terminalWidth } from './terminal.ts'
import type { Transcript } from './transcript.ts'

/** Owns what the demo shows at the end: memories, searches, what was deduplicated, what it cost, and whether all turns arrived. */

const SHOWN_MEMORIES = 24
const SHOWN_DUPLICATES = 5
const SHOWN_HITS = 2
const QUOTE_LENGTH = 220
/** About the conversation that comes with the demo. */
const OWN_QUESTIONS = [
  'when and where is the Mending Day?',
  'who is allergic to what?',
  'what does Tomasz drink now?',
  'where does Ines live?',
]
const LISTED = 10_000

/** Shows one conversation: its memories, and searches in it. */
export async function printConversation(
  runtime: Runtime,
  transcript: Transcript,
  queries?: readonly string[],
): Promise<void> {
  const orgId = transcript.conversationId
  const memories = await runtime.memory.list({ orgId, limit: LISTED })
  heading(`${transcript.title}: ${transcript.turns.length} turns, ${memories.length} memories`)
  const shown = spread(memories, SHOWN_MEMORIES).reverse()
  printTable(
    [
      { title: 'Memory', width: 0 },
      { title: 'Kind', width: 14 },
      { title: 'When', width: 12 },
      { title: 'Turns', width: 14 },
    ],
    shown.map((memory) => [memory.fact, memory.kind, memory.observedAt.toISOString().slice(0, 10), turnIdsOf(memory)]),
  )
  if (shown.length < memories.length)
    console.log(dim(`${shown.length} of ${memories.length} memories, spread over the whole time`))
  printDuplicates(memories)
  const questions =
    queries ?? (orgId === 'conversation' ? OWN_QUESTIONS : memories.slice(0, 1).map((memory) => memory.fact))
  for (const query of questions) await printSearch(runtime, orgId, query)
}

function printDuplicates(memories: readonly MemoryRow[]): void {
  const repeated = memories.filter((memory) => memory.sources.length > 1)
  if (repeated.length === 0) return
  heading('Said more than once, remembered once')
  for (const memory of repeated.slice(0, SHOWN_DUPLICATES))
    console.log(`  ${memory.fact} ${dim(`(${turnIdsOf(memory)})`)}`)
  if (repeated.length > SHOWN_DUPLICATES) console.log(dim(`  and ${repeated.length - SHOWN_DUPLICATES} more`))
}

async function printSearch(runtime: Runtime, orgId: string, query: string): Promise<void> {
  const { memories, turns } = await runtime.memory.search({ orgId, query, limit: SHOWN_HITS })
  heading(`Search: ${cut(query, terminalWidth() - 8)}`)
  for (const memory of memories) console.log(`  ${bold('memory')}  ${memory.fact} ${dim(`(${turnIdsOf(memory)})`)}`)
  for (const turn of turns) {
    console.log(
      `  ${bold('turn')}    ${dim(`${turn.turnId}, ${turn.at.toISOString().slice(0, 10)}`)}\n          “${cut(turn.text.replace(/\s+/g, ' '), QUOTE_LENGTH)}”`,
    )
  }
}

/** Shows the totals over all conversations; false when a turn is still pending, died, or a job failed. */
export async function printTotals(runtime: Runtime, orgIds: readonly string[]): Promise<boolean> {
  const states = await Promise.all(orgIds.map((orgId) => runtime.memory.status({ orgId })))
  const sum = (pick: (state: (typeof states)[number]) => number) =>
    states.reduce((total, state) => total + pick(state), 0)
  const usage = (pick: (entry: (typeof states)[number]['usage'][number]) => number) =>
    sum((state) => state.usage.reduce((total, entry) => total + pick(entry), 0))
  const counts = await Promise.all(QUEUE_NAMES.map((name) => runtime.queues.queue(name).getJobCounts('failed')))
  const failedJobs = counts.reduce((total, count) => total + (count.failed ?? 0), 0)
  const [pending, deadLettered] = [sum((state) => state.turns.pending), sum((state) => state.turns.dead_lettered)]
  heading('What it took')
  printTable(
    [
      { title: 'Turns and jobs', width: 0 },
      { title: '', width: 9 },
      { title: 'Cost', width: 26 },
      { title: '', width: 9 },
    ],
    [
      [
        'Turns extracted',
        format(sum((state) => state.turns.extracted)),
        'Model calls',
        format(usage((entry) => entry.calls)),
      ],
      ['Turns pending', format(pending), 'Tokens', format(usage((entry) => entry.inputTokens + entry.outputTokens))],
      ['Dead letters', format(deadLettered), 'Embedding cache hits', format(usage((entry) => entry.cacheHits))],
      ['Failed jobs', format(failedJobs), 'Duplicate facts joined', format(usage((entry) => entry.duplicates))],
    ],
  )
  for (const { deadLetters } of states)
    for (const letter of deadLetters) console.log(`  ${letter.turnId}: ${letter.code} ${letter.reason}`)
  return pending === 0 && deadLettered === 0 && failedJobs === 0
}

/** Evenly chosen items, so that the table shows the whole time and not only its end. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T)
}

function turnIdsOf(memory: MemoryRow): string {
  const ids = memory.sources.map((source) => source.turnId)
  return ids.length > 3 ? `${ids.slice(0, 2).join(', ')} … ${ids.length}` : ids.join(', ')
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function format(value: number): string {
  return value.toLocaleString('en')
}
