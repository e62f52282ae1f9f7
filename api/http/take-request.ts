import { AfterturnError } from '../../shared/errors.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'

type Head = { set(name: string, value: string): unknown }

/**
 * Counts a request of a caller, and says in the answer's head how many more may come at once; the handshake of a WebSocket has no such head.
 * @throws RATE_LIMITED
 */
export async function takeRequest(requests: RequestLimiter, callerId: string, head?: Head): Promise<void> {
  const { isAllowed, retryAfterMs, remaining } = await requests.take(callerId)
  head?.set('RateLimit', `"key";r=${remaining}`)
  if (isAllowed) return
  throw new AfterturnError('RATE_LIMITED', 'The key has made more requests than its rate allows.', {
    retryAfterMs,
    recorded: 'no',
  })
}
