import type { EventPlace } from '../store/events/event-streams.ts'
import type { StreamHead } from '../store/events/read-events.ts'

/**
 * Owns cursors: where a reader of a stream is, in the one form that every transport uses, `<epoch>.<seq>`. Apps keep them and never look inside.
 */

/** Before the first event of a stream, whichever that is. */
export const BEGINNING: EventPlace = { epoch: '0', seq: 0 }

/** Why a reader cannot continue where it was. */
export type ResetReason = 'trimmed' | 'erased' | 'unknown_cursor'

const MAX_CURSOR_LENGTH = 64
const MAX_SEQ_DIGITS = 15

export function formatCursor({ epoch, seq }: EventPlace): string {
  return `${epoch}.${seq}`
}

/** Reads a cursor; undefined for a text that is none. */
export function parseCursor(cursor: string): EventPlace | undefined {
  if (cursor.length > MAX_CURSOR_LENGTH) return undefined
  const [epoch = '', digits = '', ...rest] = cursor.split('.')
  const isNumber =
    digits.length > 0 && digits.length <= MAX_SEQ_DIGITS && [...digits].every((c) => c >= '0' && c <= '9')
  return epoch === '' || !isNumber || rest.length > 0 ? undefined : { epoch, seq: Number(digits) }
}

/** Why a reader cannot continue from a place in a stream; undefined when it can. */
export function resetReason(place: EventPlace | undefined, head: StreamHead | undefined): ResetReason | undefined {
  if (!place) return 'unknown_cursor'
  const isAtBeginning = place.epoch === BEGINNING.epoch
  if (!head) return isAtBeginning ? undefined : 'erased'
  if (!isAtBeginning && place.epoch !== head.epoch) return 'erased'
  if (place.seq > head.lastSeq) return 'unknown_cursor'
  return place.seq + 1 < head.firstSeq ? 'trimmed' : undefined
}
