import { withinDeadline } from './deadline.ts'
import { AfterturnError } from './errors.ts'

/** Owns which calls something that can be closed still takes. Guarantees: once it closes, calls are refused with RUNTIME_CLOSED, and those in flight are awaited. */
export type CallGate = {
  /**
   * Lets a call through.
   * @throws RUNTIME_CLOSED; what the call throws
   */
  enter<T>(call: () => Promise<T>): Promise<T>
  /** @throws RUNTIME_CLOSED */
  assertOpen(): void
  /** The same functions, each behind the gate. */
  guard<Api extends { readonly [Name in keyof Api]: (...args: never[]) => Promise<unknown> }>(api: Api): Api
  /** Refuses every call from now on, and waits for those in flight, at most so long. */
  close(timeoutMs: number): Promise<void>
}

/** A gate that is open. */
export function createCallGate(): CallGate {
  const inFlight = new Set<Promise<unknown>>()
  let isClosed = false

  const assertOpen = () => {
    if (isClosed) throw closedError()
  }

  const enter = async <T>(call: () => Promise<T>): Promise<T> => {
    assertOpen()
    const answering = call()
    inFlight.add(answering)
    try {
      return await answering
    } finally {
      inFlight.delete(answering)
    }
  }

  return {
    enter,
    assertOpen,
    guard: (api) => {
      const calls = Object.entries(api) as [string, (...args: unknown[]) => Promise<unknown>][]
      return Object.fromEntries(
        calls.map(([name, call]) => [name, (...args: unknown[]) => enter(() => call(...args))]),
      ) as unknown as typeof api
    },
    async close(timeoutMs) {
      isClosed = true
      await withinDeadline(Promise.allSettled(inFlight), timeoutMs, closedError).catch(() => {})
    },
  }
}

function closedError(): AfterturnError {
  return new AfterturnError('RUNTIME_CLOSED', 'Expected a runtime that is open, got one after its disconnect().', {
    recorded: 'no',
  })
}
