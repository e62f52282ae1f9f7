import { withinDeadline } from '../deadline.ts'

/**
 * Owns what a process answers to probes. `/livez` says only that its event loop turns: a slow store must not restart workers. `/readyz` says whether it can
 * serve, and 503 from the moment it is told to stop.
 */
export type Readiness = {
  /** Returns the answer of `/readyz`. Never rejects. */
  read(): Promise<ProbeAnswer>
  /** From now on the process is not ready. Waits until who asks has heard of it, if somebody has asked lately; at most 5 s. */
  drain(): Promise<void>
}

type ProbeAnswer = {
  readonly isReady: boolean
  /** Each thing that is missing, by its name. */
  readonly missing: readonly string[]
}

export const LIVE_PATH = '/livez'
export const READY_PATH = '/readyz'

const CHECK_TIMEOUT_MS = 2_000
/** A prober that has been silent for this long counts as gone. */
const ASKED_LATELY_MS = 30_000
const NOTICE_MS = 5_000

/** Makes the answers of one process out of its checks, each by the name of what it looks at. */
export function createReadiness(checks: Readonly<Record<string, () => Promise<unknown>>>): Readiness {
  let isDraining = false
  let askedAtMs = Number.NEGATIVE_INFINITY
  const heard = Promise.withResolvers<void>()
  return {
    async read() {
      askedAtMs = performance.now()
      if (isDraining) {
        heard.resolve()
        return { isReady: false, missing: ['draining'] }
      }
      const names = Object.keys(checks)
      const late = () => new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)
      const answers = await Promise.allSettled(
        names.map((name) => withinDeadline((async () => checks[name]?.())(), CHECK_TIMEOUT_MS, late)),
      )
      const missing = names.filter((_, index) => answers[index]?.status === 'rejected')
      return { isReady: missing.length === 0 && !isDraining, missing }
    },
    async drain() {
      isDraining = true
      if (performance.now() - askedAtMs > ASKED_LATELY_MS) return
      await withinDeadline(heard.promise, NOTICE_MS, () => new Error('nobody asks')).catch(() => {})
    },
  }
}
