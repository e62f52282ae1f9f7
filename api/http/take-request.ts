import type { Response } from 'express'
import { AfterturnError } from '../../shared/errors.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'

/**
 * Counts a request of a caller, and says in the answer's head how many more may come at once.
 * @throws RATE_LIMITED
 */
export async function takeRequest(requests: RequestLimiter, callerId: string, response: Response): Promise<void> {
  const { isAllowed, retryAfterMs, remaining } = await requests.take(callerId)
  response.set('RateLimit', `"key";r=${remaining}`)
  if (isAllowed) return
  throw new AfterturnError('RATE_LIMITED', 'The key has made more requests than its rate allows.', {
    retryAfterMs,
    recorded: 'no',
  })
}
