import type { Events } from '../../shared/events/events.ts'
import type { PlacedEvent } from '../../shared/events/follow-stream.ts'
import type { OrgStreamEvent } from '../../shared/events/org-events.ts'
import type { Progress } from '../../shared/events/progress.ts'
import type { Viewer } from '../../shared/store/scopes.ts'

/** Owns what a live connection carries: pages of a stream, or frames of progress, as text that is the same for every transport. */

/** One message. `body` is JSON text in one line. */
type LiveMessage = { readonly type: string; readonly cursor?: string; readonly body: string }

/** What a client learns at once. */
export type LivePage = {
  readonly messages: readonly LiveMessage[]
  /** Where to continue, behind all that was looked at; undefined where that has not moved, and for progress, which has no history. */
  readonly cursor: string | undefined
  readonly isEnded: boolean
}

type LiveRequest = {
  readonly orgId: string
  /** A stream, `progress` and a task, or nothing for every stream of the org. */
  readonly stream: readonly string[]
  readonly after: string | undefined
  readonly viewer: Viewer
  readonly signal: AbortSignal
}

export type LiveServices = { readonly events: Events; readonly progress: Progress }

/** What stands first where the progress of a task is followed in place of a stream. */
export const PROGRESS = 'progress'

/** The task whose progress a name stands for; undefined for a stream. */
export function taskOf(stream: readonly string[]): string | undefined {
  return stream[0] === PROGRESS && stream.length === 2 ? stream[1] : undefined
}

/** Opens what is to be sent; the next page is read when the last one was taken. @throws INPUT_INVALID, and the codes of the store, while it is read */
export async function* openSource(
  { events, progress }: LiveServices,
  { orgId, stream, after, viewer, signal }: LiveRequest,
): AsyncGenerator<LivePage, void> {
  const taskId = taskOf(stream)
  if (taskId !== undefined) {
    for await (const { isEnded, ...frame } of progress.follow({ orgId, taskId, signal }))
      yield {
        messages: [{ type: PROGRESS, body: JSON.stringify({ ...frame, isEnded }) }],
        cursor: undefined,
        isEnded,
      }
    return
  }
  if (stream.length === 0) {
    let last = after
    for await (const page of events.orgPages({ orgId, viewer, signal, ...(after !== undefined && { after }) })) {
      const reset = page.reset === undefined ? [] : [resetMessage(page.reset)]
      const cursor = page.cursor === last ? undefined : page.cursor
      last = page.cursor
      yield { messages: [...reset, ...page.events.map(orgMessageOf)], cursor, isEnded: false }
    }
    return
  }
  for await (const page of events.pages({ orgId, stream, viewer, signal, ...(after !== undefined && { after }) })) {
    const reset = page.reset === undefined ? [] : [resetMessage(page.reset)]
    // A first page without news says that the stream is there.
    const cursor = page.cursor === after ? undefined : page.cursor
    yield { messages: [...reset, ...page.events.map(messageOf)], cursor, isEnded: page.isEnded }
  }
}

/** Made once for all who follow the stream here. */
const messages = new WeakMap<PlacedEvent, LiveMessage>()

function messageOf(event: PlacedEvent): LiveMessage {
  const known = messages.get(event)
  if (known) return known
  const { seq, cursor, eventId, type, at, data } = event
  const head = JSON.stringify({ seq, cursor, eventId, type, at: at.toISOString() })
  const made = { type, cursor, body: `${head.slice(0, -1)},"data":${data}}` }
  messages.set(event, made)
  return made
}

function orgMessageOf(event: OrgStreamEvent): LiveMessage {
  return { type: event.type, cursor: event.cursor, body: JSON.stringify(event) }
}

/** Says once that events are missing before the next one. */
function resetMessage(reason: string): LiveMessage {
  return { type: 'reset', body: JSON.stringify({ reason }) }
}
