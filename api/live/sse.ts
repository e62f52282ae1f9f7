import type { Response } from 'express'
import { writeInTime } from '../http/write-in-time.ts'
import type { LivePage } from './live-source.ts'

/**
 * Owns server-sent events. Guarantees: an event is written once the one before it has left, so that a client that does not read costs one event and the
 * socket's own buffer; one that takes nothing for half a minute is cut off, and continues by its cursor.
 */

const HEARTBEAT_MS = 15_000
/** Clients that lost their process at once come back spread out. */
const MIN_RETRY_MS = 1_000
const RETRY_SPREAD_MS = 4_000
const NO_CONTENT = 204

/** Sends pages until they end. A client that has seen the end is told to stay away. Returns false where it was too slow. */
export async function sendEvents(
  response: Response,
  pages: AsyncIterable<LivePage>,
  { isContinued }: { readonly isContinued: boolean },
): Promise<boolean> {
  const begin = () => {
    response.status(200).set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    response.write(`retry: ${Math.round(MIN_RETRY_MS + Math.random() * RETRY_SPREAD_MS)}\n\n`)
  }
  const heartbeat = setInterval(() => {
    if (!response.headersSent) begin()
    if (!response.writableNeedDrain) response.write(':\n\n')
  }, HEARTBEAT_MS)
  try {
    for await (const { messages, cursor, isEnded } of pages) {
      if (!response.headersSent && isEnded && isContinued && messages.length === 0) {
        response.status(NO_CONTENT).end()
        return true
      }
      if (!response.headersSent) begin()
      for (const { type, cursor: id, body } of messages) {
        const named = id === undefined ? '' : `id: ${id}\n`
        if (!(await writeInTime(response, `${named}event: ${type}\ndata: ${body}\n\n`))) return false
      }
      // Behind events that this client does not see: without data it is no event, and moves the cursor.
      const isMoved = cursor !== undefined && messages.at(-1)?.cursor !== cursor
      if (isMoved && !(await writeInTime(response, `id: ${cursor}\n\n`))) return false
      if (response.destroyed) return true
    }
    response.end()
    return true
  } finally {
    clearInterval(heartbeat)
  }
}
