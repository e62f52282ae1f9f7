/** Waits until something is so, asking again and again; throws what it saw last when the time is up. For states that nothing announces. */
export async function until<T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  timeoutMs = 100_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs
  for (;;) {
    const isLate = performance.now() > deadlineMs
    try {
      const seen = await look()
      if (isSo(seen)) return seen
      if (isLate) throw new Error(`Not so within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`)
    } catch (error) {
      // A service that is late on a busy machine is asked again.
      if (isLate || (error as { retryable?: boolean }).retryable !== true) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until an org has no pending turn, and answers where it stands. */
export async function untilSettled(runtime: import('../../runtime.ts').Runtime, orgId: string, timeoutMs?: number) {
  return until(
    () => runtime.memory.status({ orgId }),
    (status) => status.turns.pending === 0,
    timeoutMs,
  )
}
