import { bindEvents, type Events } from '../shared/events/events.ts'
import { createStreamTails } from '../shared/events/stream-tails.ts'
import { createUntilSettled, type UntilSettled } from '../shared/events/until-settled.ts'
import type { Foundation } from './foundation.ts'

/** Binds what follows and publishes events to the services of one runtime. */
export type Eventing = {
  readonly events: Events
  readonly untilSettled: UntilSettled
  /** Wakes whoever follows or waits, for the last time. */
  close(): void
}

/** `enter` lets each reading and writing through, and refuses once the runtime closes. */
export function createEvents(foundation: Foundation, enter: <T>(call: () => Promise<T>) => Promise<T>): Eventing {
  const tails = createStreamTails(foundation)
  return {
    events: bindEvents({ ...foundation, tails, enter }),
    // Each look passes the gate by itself: a wait must not hold up disconnect().
    untilSettled: createUntilSettled(foundation.wakes, enter),
    close() {
      tails.close()
      foundation.wakes.close()
    },
  }
}
