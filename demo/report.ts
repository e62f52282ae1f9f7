import { oneLine } from '../cli/output/plain-table.ts'
import { bold, dim, heading, printHanging, printTable } from '../cli/output/terminal.ts'
import { QUEUE_NAMES } from '../queues/catalog.ts'
import type { Runtime } from '../runtime.ts'
import type { Memory } from '../shared/store/memories/memories.ts'
import type { Transcript } from './transcript.ts'

/** Owns what the demo shows at the end: memories, searches, what was deduplicated, what it cost, and whether all turns arrived. */

const SHOWN_MEMORIES = 24
const SHOWN_DUPLICATES = 5
const SHOWN_HITS = 2
const QUOTE_LENGTH = 220
const HIT_INDENT = 10
const ITEM_INDENT = 2
const LISTED = 10_000

/** Shows one conversation: its memories, and searches in it; without queries of its own, for its newest memory. */
export async function printConversation(
  runtime: Runtime,
  transcript: Transcript,
  queries?: readonly string[],
): Promise<void> {
  const orgId = transcript.conversationId
  const memories = await runtime.memory.list({ orgId, limit: LISTED })
  const [turns, found] = [transcript.turns.length, memories.length]
  heading(`${oneLine(transcript.title)}: ${counted(turns, 'turn', 'turns')}, ${counted(found, 'memory', 'memories')}`)
  printMemories(memories)
  printDuplicates(memories)
  for (const query of queries ?? memories.slice(0, 1).map((memory) => memory.fact))
    await printSearch(runtime, orgId, query)
  if (!queries && found > 0) console.log(dim('\n--query TEXT searches for what you want.'))
}

function printMemories(memories: readonly Memory[]): void {
  if (memories.length === 0) {
    printHanging(ITEM_INDENT, '', 'Nothing in it was worth remembering: greetings, questions and small talk are not.')
    return
  }
  const shown = spread(memories, SHOWN_MEMORIES).reverse()
  printTable(
    [
      { title: 'Memory', width: 0 },
      { title: 'Kind', width: 14 },
      { title: 'When', width: 12 },
      { title: 'Turns', width: 14 },
    ],
    shown.map((memory) => [oneLine(memory.fact), memory.kind, dayOf(memory.observedAt), turnIdsOf(memory)]),
  )
  if (shown.length < memories.length)
    console.log(dim(`${shown.length} of ${memories.length} memories, spread over the whole time`))
}

function printDuplicates(memories: readonly Memory[]): void {
  const repeated = memories.filter((memory) => memory.sources.length > 1)
  if (repeated.length === 0) return
  heading('Said more than once, remembered once')
  for (const memory of repeated.slice(0, SHOWN_DUPLICATES))
    printHanging(ITEM_INDENT, '', `${oneLine(memory.fact)} ${dim(`(${turnIdsOf(memory)})`)}`)
  if (repeated.length > SHOWN_DUPLICATES) console.log(dim(`  and ${repeated.length - SHOWN_DUPLICATES} more`))
}

async function printSearch(runtime: Runtime, orgId: string, query: string): Promise<void> {
  const { memories, turns } = await runtime.memory.search({ orgId, query, limit: SHOWN_HITS })
  heading(`Search: ${oneLine(query)}`)
  for (const { fact, observedAt, ...memory } of memories) {
    const origin = dim(`(${dayOf(observedAt)}, ${turnIdsOf(memory)})`)
    printHanging(HIT_INDENT, `  ${bold('memory')}`, `${oneLine(fact)} ${origin}`)
  }
  for (const { text, at, turnId } of turns) {
    const origin = dim(`(${dayOf(at)}, ${oneLine(turnId)})`)
    printHanging(HIT_INDENT, `  ${bold('turn')}`, `“${cut(oneLine(text), QUOTE_LENGTH)}” ${origin}`)
  }
  if (memories.length + turns.length === 0) printHanging(ITEM_INDENT, '', 'Nothing was found.')
}

/** Shows the totals over all conversations; false when a turn is still pending, died, or a job failed. */
export async function printTotals(runtime: Runtime, orgIds: readonly string[]): Promise<boolean> {
  const states = await Promise.all(orgIds.map((orgId) => runtime.memory.status({ orgId })))
  const sum = (pick: (state: (typeof states)[number]) => number) =>
    states.reduce((total, state) => total + pick(state), 0)
  const usage = (pick: (entry: (typeof states)[number]['usage'][number]) => number) =>
    sum((state) => state.usage.reduce((total, entry) => total + pick(entry), 0))
  const tokens = usage((entry) => entry.inputTokens + entry.outputTokens)
  const isLocal = runtime.provider.isFree
  const counts = await Promise.all(QUEUE_NAMES.map((name) => runtime.queues.queue(name).getJobCounts('failed')))
  const failedJobs = counts.reduce((total, count) => total + (count.failed ?? 0), 0)
  const [pending, deadLettered] = [sum((state) => state.turns.pending), sum((state) => state.turns.deadLettered)]
  heading('What it took')
  printTable(
    [
      { title: 'Turns and jobs', width: 0 },
      { title: '', width: 9 },
      { title: 'Model and cache', width: 26 },
      { title: '', width: 9 },
    ],
    [
      [
        'Turns extracted',
        format(sum((state) => state.turns.extracted)),
        isLocal ? 'Local passes' : 'Model calls',
        format(usage((entry) => entry.calls)),
      ],
      ['Turns pending', format(pending), 'Tokens paid', isLocal ? '–' : format(tokens)],
      ['Dead letters', format(deadLettered), 'Embedding cache hits', format(usage((entry) => entry.cacheHits))],
      ['Failed jobs', format(failedJobs), 'Duplicate facts joined', format(usage((entry) => entry.duplicates))],
    ],
  )
  for (const { deadLetters } of states)
    for (const { turnId, jobId, code, reason } of deadLetters)
      printHanging(ITEM_INDENT, '', `${oneLine(turnId ?? `job ${jobId}`)}: ${code} ${oneLine(reason)}`)
  return pending === 0 && deadLettered === 0 && failedJobs === 0
}

/** Evenly chosen items, so that the table shows the whole time and not only its end. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)] as T)
}

function turnIdsOf({ sources }: Pick<Memory, 'sources'>): string {
  const ids = sources.map((source) => oneLine(source.turnId))
  return ids.length > 3 ? `${ids.slice(0, 2).join(', ')} … ${ids.length}` : ids.join(', ')
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}

function counted(count: number, one: string, many: string): string {
  return `${format(count)} ${count === 1 ? one : many}`
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10)
}

function format(value: number): string {
  return value.toLocaleString('en')
}
