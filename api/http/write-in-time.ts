import { once } from 'node:events'
import type { Response } from 'express'

const DRAIN_TIMEOUT_MS = 30_000

/**
 * Writes a part of a long answer, and waits until there is room for more; a client that takes nothing for `timeoutMs` is cut off, and the answer is false.
 * @default timeoutMs 30,000
 */
export async function writeInTime(
  response: Response,
  text: string,
  timeoutMs: number = DRAIN_TIMEOUT_MS,
): Promise<boolean> {
  if (response.destroyed || response.write(text)) return true
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), timeoutMs)
  const gone = { signal: late.signal }
  await Promise.race([once(response, 'drain', gone), once(response, 'close', gone)]).catch(() => {})
  const isLate = late.signal.aborted
  clearTimeout(timer)
  // Ends the other wait.
  late.abort()
  if (isLate) response.destroy()
  return !isLate
}
