import { z } from 'zod'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import {
  type ExportScope,
  readAnswersToExport,
  readCompactionsToExport,
  readMemoriesToExport,
  readMessagesToExport,
  readSessionsToExport,
  readTurnIdsToExport,
  readTurnsToExport,
} from '../store/erasing/export-pages.ts'
import { ORG_BEGINNING, type OrgEvent, type OrgPlace, readOrgEvents } from '../store/events/read-org-events.ts'
import { readExtractionInstructions } from '../store/memories/extraction-instructions.ts'
import { asStoreError } from '../store/store-errors.ts'

/** Owns giving out all that is kept of an org or a user. Guarantees: it holds one page at a time; what is recorded while it runs may be in it or not. */
export type MemoryExport = {
  /**
   * Each line is one JSON object without a line feed: turns in the order of their recording (`"type": "turn"`), then the org's instructions for
   * extraction (`"type": "instructions"`), then memories with their sources and
   * validity (`"type": "memory"`), then the summaries of long conversations (`"type": "compaction"`), then sessions without ids and tokens
   * (`"type": "session"`), answers kept to be given again (`"type": "answer"`), messages to agents (`"type": "message"`), events (`"type": "event"`),
   * every version of states (`"type": "state"`) and the checkpoints of graphs (`"type": "checkpoint"`). With a `userId` the user's turns, the memories that come from them or are the user's, summaries where
   * nobody else spoke, the user's sessions, messages, events, states and threads, and of other sources nothing.
   * @throws INPUT_INVALID, before the first line; the codes of the store
   */
  export(input: { readonly orgId: string; readonly userId?: string }): AsyncIterable<string>
}

const PAGE_ROWS = 200
const PAGE_BYTES = 4 * 1_024 * 1_024

const exportSchema = z.strictObject({ orgId: idSchema, userId: idSchema.optional() })

/** Lines of rooms that stand beside memory. */
type ExportSource = (scope: ExportScope) => AsyncIterable<string>

/** Binds the export to a store and other sources; `enter` lets each page's reading through. */
export function createMemoryExport(
  database: Database,
  enter: <T>(read: () => Promise<T>) => Promise<T>,
  others: readonly ExportSource[] = [],
): MemoryExport {
  const page = <T>(read: () => Promise<T>) =>
    enter(() =>
      read().catch((error) => {
        throw asStoreError(error)
      }),
    )

  async function* lines(scope: ExportScope): AsyncGenerator<string> {
    for (let afterId = 0; ; ) {
      const turns = await page(async () => {
        const ids = await readTurnIdsToExport(database, scope, { afterId, limit: PAGE_ROWS, maxBytes: PAGE_BYTES })
        afterId = ids.at(-1) ?? afterId
        return ids.length === 0 ? undefined : readTurnsToExport(database, scope.orgId, ids)
      })
      if (!turns) break
      for (const turn of turns) yield JSON.stringify({ type: 'turn', ...turn })
    }
    const instructions =
      scope.userId === undefined && (await page(() => readExtractionInstructions(database, scope.orgId)))
    if (instructions) yield JSON.stringify({ type: 'instructions', ...instructions })
    const rest = {
      memory: readMemoriesToExport,
      compaction: readCompactionsToExport,
      session: readSessionsToExport,
      message: readMessagesToExport,
      answer: readAnswersToExport,
    }
    for (const [type, read] of Object.entries(rest))
      for (let afterId: number | undefined = 0; afterId !== undefined; ) {
        const after: number = afterId
        const items = await page(() => read(database, scope, { afterId: after, limit: PAGE_ROWS }))
        for (const item of items) yield JSON.stringify({ type, ...item })
        afterId = items.at(-1)?.id
      }
    for (let after: OrgPlace | undefined = ORG_BEGINNING; after !== undefined; ) {
      const place: OrgPlace = after
      const events: OrgEvent[] = await page(() => readOrgEvents(database, scope, { after: place, limit: PAGE_ROWS }))
      for (const { stream, seq, eventId, type, at, data } of events)
        yield JSON.stringify({ type: 'event', stream, seq, eventId, eventType: type, at, data: JSON.parse(data) })
      after = events.at(-1)
    }
    for (const source of others) {
      const rest = source(scope)[Symbol.asyncIterator]()
      for (let line = await page(() => rest.next()); !line.done; line = await page(() => rest.next())) yield line.value
    }
  }

  return { export: (input) => lines(parseInput(exportSchema, input, 'export')) }
}
