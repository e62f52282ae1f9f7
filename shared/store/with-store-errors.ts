import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import { asStoreError } from './store-errors.ts'

/** How long an app waits for what it reads. A query's own deadline would let it wait for half a minute. */
const READ_TIMEOUT_MS = 5_000

/** What the store answers to an app: its failures have codes of the catalogue. */
export async function withStoreErrors<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw asStoreError(error)
  }
}

/**
 * What the store answers to an app that reads, in time; the query itself is not stopped.
 * @default timeoutMs 5,000
 * @throws STORE_UNAVAILABLE, and the other codes of the store
 */
export function readInTime<T>(answer: Promise<T>, timeoutMs = READ_TIMEOUT_MS): Promise<T> {
  const late = () => new AfterturnError('STORE_UNAVAILABLE', `The store did not answer within ${timeoutMs} ms.`)
  return withinDeadline(withStoreErrors(answer), timeoutMs, late)
}
