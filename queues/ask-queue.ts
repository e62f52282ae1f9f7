import type { Queue } from 'bullmq'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'

export type AskOptions = {
  readonly code: 'ENQUEUE_TIMEOUT' | 'REDIS_UNAVAILABLE'
  readonly timeoutMs: number
  /**
   * Called when a command that was sent timed out or failed. The queue must then be replaced: a BullMQ queue whose first command failed
   * repeats that failure forever.
   */
  onBroken(): void
  onTimeout?(): void
}

/** The error message of ioredis for a command that it did not send. */
const NOT_SENT = /Stream isn't writeable/

/**
 * Sends a command to a queue and settles within the deadline. Guarantees: nothing is sent after the deadline, and `recorded` is 'no' only if
 * nothing was sent. An AfterturnError of `send` is passed on unchanged.
 * @throws the given code, with `recorded`
 */
export async function askQueue<Answer>(
  queue: Queue,
  { code, timeoutMs, onBroken, onTimeout }: AskOptions,
  send: () => Promise<Answer>,
): Promise<Answer> {
  let late: AfterturnError | undefined
  let isSent = false
  const answering = queue.waitUntilReady().then(() => {
    if (late) throw late
    isSent = true
    return send()
  })
  try {
    return await withinDeadline(answering, timeoutMs, () => {
      const what = isSent ? 'did not answer; it may have landed' : 'was away; nothing was sent'
      late = new AfterturnError(code, `${queue.name}: within ${timeoutMs} ms Redis ${what}.`, {
        recorded: isSent ? 'unknown' : 'no',
      })
      return late
    })
  } catch (error) {
    if (error instanceof AfterturnError && error !== late) throw error
    if (late) onTimeout?.()
    // A queue that is only waiting for Redis remains usable; replacing it would add another set of listeners to the connection.
    if (late && !isSent) throw late
    onBroken()
    if (late) throw late
    const { message } = error as Error
    throw new AfterturnError(code, `${queue.name}: Redis answered: ${message}`, {
      cause: error,
      recorded: isSent && !NOT_SENT.test(message) ? 'unknown' : 'no',
    })
  }
}
