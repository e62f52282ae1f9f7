import type { Database } from '../store/database.ts'
import { readFactsOf } from '../store/memories/visible-facts.ts'
import type { Viewer } from '../store/scopes.ts'

/**
 * Joins the texts of memories to the events that tell of them, when they are read: a text that was erased since, or that the viewer may not see, is not
 * there.
 */
export async function joinTexts<Event extends { readonly type: string; readonly data: unknown }>(
  database: Database,
  { orgId, viewer }: { readonly orgId: string; readonly viewer: Viewer },
  events: readonly Event[],
): Promise<(Event & { readonly text?: string })[]> {
  const ids = new Set(events.flatMap((event) => memoryOf(event) ?? []))
  const facts = await readFactsOf(database, orgId, viewer, [...ids])
  return events.map((event) => {
    const text = facts.get(memoryOf(event) ?? 0)
    return text === undefined ? event : { ...event, text }
  })
}

/** The memory of which an event tells. */
function memoryOf({ type, data }: { readonly type: string; readonly data: unknown }): number | undefined {
  if (!type.startsWith('memory.') || typeof data !== 'object' || data === null) return undefined
  const { memoryId } = data as { readonly memoryId?: unknown }
  return Number.isSafeInteger(memoryId) ? (memoryId as number) : undefined
}
