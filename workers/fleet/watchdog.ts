import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { QueueActivity } from './fleet.ts'

/**
 * Detects that a process of the fleet is stuck: jobs wait and none starts, the event loop is late repeatedly, or Redis or the store stays
 * away. Guarantees: it reports once, with the reason; time in which the process itself did not run is not counted.
 * Must not end the process: its caller does, and a supervisor restarts it.
 */
export type Watchdog = { stop(): void }

/** Ticks within the shortest watched span. */
const LOOKS_PER_SPAN = 5
const MAX_LOOK_INTERVAL_MS = 5_000
/** A single block is over by the time we see it; this many late ticks in a row mean trouble. */
const LATE_LOOKS = 3

type WatchdogOptions = {
  readonly config: Pick<Config, 'stuckAfterMs' | 'disconnectedAfterMs' | 'maxEventLoopLagMs'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Returns the current activity of each worker of this process. */
  activity(): readonly QueueActivity[]
  /** Whether a queue has jobs that could start now. */
  hasWork(queue: string): Promise<boolean>
  /** Health checks by service name; each resolves while its service responds. */
  readonly services: Readonly<Record<string, () => Promise<unknown>>>
  onStuck(reason: AfterturnError): void
}

/** A condition that must be met at least once within each span. */
type VitalSign = { readonly isGood: () => Promise<boolean>; readonly withinMs: number; readonly otherwise: string }

/** Watches until it is stopped or has reported. */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { config, clock, onStuck } = options
  const intervalMs = Math.min(
    config.stuckAfterMs / LOOKS_PER_SPAN,
    config.disconnectedAfterMs / LOOKS_PER_SPAN,
    MAX_LOOK_INTERVAL_MS,
  )
  const signs = [...queueSigns(options), ...serviceSigns(options)].map((sign) => ({
    sign,
    goodAtMs: 0,
    isAsking: false,
  }))
  let awakeMs = 0
  let lookedAtMs = clock.monotonicMs()
  let lateLooks = 0

  const timer = setInterval(() => {
    const nowMs = clock.monotonicMs()
    const lateMs = nowMs - lookedAtMs - intervalMs
    lookedAtMs = nowMs
    awakeMs += intervalMs
    lateLooks = lateMs > config.maxEventLoopLagMs ? lateLooks + 1 : 0
    if (lateLooks >= LATE_LOOKS)
      return tell(`the event loop was late ${LATE_LOOKS} times in a row, at last by ${Math.round(lateMs)} ms`)
    for (const state of signs) {
      if (awakeMs - state.goodAtMs > state.sign.withinMs)
        return tell(`for ${state.sign.withinMs} ms ${state.sign.otherwise}`)
      void look(state)
    }
  }, intervalMs)

  async function look(state: (typeof signs)[number]): Promise<void> {
    // A frozen service queues every request: one pending check is enough.
    if (state.isAsking) return
    state.isAsking = true
    if (await state.sign.isGood()) state.goodAtMs = awakeMs
    state.isAsking = false
  }

  function tell(what: string): void {
    clearInterval(timer)
    onStuck(new AfterturnError('PROCESS_STUCK', `The process is stuck: ${what}.`))
  }
  return { stop: () => clearInterval(timer) }
}

function queueSigns({ config, activity, hasWork }: WatchdogOptions): VitalSign[] {
  return activity().map(({ queue }) => {
    let startedBefore = 0
    return {
      withinMs: config.stuckAfterMs,
      otherwise: `jobs of ${queue} waited and none was started`,
      async isGood() {
        const now = activity().find((one) => one.queue === queue)
        const hasStarted = now?.started !== startedBefore
        startedBefore = now?.started ?? 0
        if (!now || hasStarted || now.isPaused || now.running >= now.concurrency) return true
        // A Redis that does not respond is reported by its own sign.
        return !(await hasWork(queue).catch(() => false))
      },
    }
  })
}

function serviceSigns({ config, services }: WatchdogOptions): VitalSign[] {
  return Object.entries(services).map(([name, ask]) => ({
    withinMs: config.disconnectedAfterMs,
    otherwise: `${name} did not answer`,
    isGood: () =>
      ask().then(
        () => true,
        () => false,
      ),
  }))
}
