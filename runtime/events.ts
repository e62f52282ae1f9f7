import { bindEvents, type Events } from '../shared/events/events.ts'
import { bindExecutions, type Executions } from '../shared/events/executions.ts'
import { bindProgress, type Progress } from '../shared/events/progress.ts'
import { createRelay } from '../shared/events/relay.ts'
import { createStreamTails, type StreamTails } from '../shared/events/stream-tails.ts'
import { createUntilSettled, type UntilSettled } from '../shared/events/until-settled.ts'
import { createMessageStreams, type MessageStreams } from '../shared/messages/message-streams.ts'
import { bindMessages, type Messages } from '../shared/messages/messages.ts'
import type { Foundation } from './foundation.ts'

/** Binds what follows and publishes events to the services of one runtime. */
type Eventing = {
  readonly messages: Messages
  readonly streams: MessageStreams
  readonly events: Events
  readonly executions: Executions
  readonly progress: Progress
  readonly tails: StreamTails
  readonly untilSettled: UntilSettled
  /** Sends what waits, and wakes whoever follows or waits for the last time. */
  close(): Promise<void>
}

/** `enter` lets each reading and writing through, and refuses once the runtime closes. */
export function createEvents(foundation: Foundation, enter: <T>(call: () => Promise<T>) => Promise<T>): Eventing {
  const { config, clock, channels, connections } = foundation
  const tails = createStreamTails(foundation)
  const services = { ...foundation, tails, enter }
  const redis = connections.getConnectionForProducers
  const { flush, ...progress } = bindProgress({
    clock,
    channels,
    redis,
    keyPrefix: config.redisKeyPrefix,
    isRelayed: config.eventsRelay,
    enter,
  })
  const streams = createMessageStreams(foundation.database, redis, {
    keyPrefix: config.redisKeyPrefix,
    maxLength: config.streamMaxEntries,
  })
  return {
    streams,
    messages: bindMessages({ ...foundation, streams }),
    tails,
    events: bindEvents(services),
    executions: bindExecutions({ ...services, relay: createRelay(config.eventsRelay, redis) }),
    progress,
    // Each look passes the gate by itself: a wait must not hold up disconnect().
    untilSettled: createUntilSettled(foundation.wakes, enter),
    async close() {
      await flush()
      tails.close()
      channels.wakeAll()
    },
  }
}
