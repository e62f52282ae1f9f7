import type { Queue } from 'bullmq'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'

export type AskOptions = {
  readonly code: 'ENQUEUE_TIMEOUT' | 'REDIS_UNAVAILABLE'
  readonly timeoutMs: number
  /** The queue gave no answer to what was sent, or a failure: BullMQ's queue whose first command failed repeats that failure for ever. */
  onBroken(): void
  onTimeout?(): void
}

/** What ioredis says of a command that it kept. */
const NOT_SENT = /Stream isn't writeable/

/**
 * Sends something to a queue and answers within the deadline. Guarantees: nothing leaves after the deadline, and `recorded` is 'no' only when
 * nothing has left. What `send` throws of the catalogue is passed on.
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
    // A queue that only waits for Redis still can be used: another one would leave its listeners on the connection as well.
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
