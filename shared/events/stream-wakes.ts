import type { Redis } from 'ioredis'
import { eventsChannel } from '../redis/keys.ts'
import type { StreamKey } from '../store/events/event-streams.ts'

/**
 * Tells followers, in every process, to look at a stream again. Guarantees: after a broken connection, and once a subscription is in force, every watcher
 * of its channel is told, since a message may have been lost; announcing neither waits nor fails. Rows are the truth; the cursor that a wake-up may carry
 * only spares a reading.
 */
export type StreamWakes = {
  /** Says, after a commit, that a stream has something new, up to a cursor where that is known. */
  announce(key: StreamKey, cursor?: string): void
  /** Calls `onWake` whenever a stream, or with no stream any stream of the org, may have something new. */
  watch(key: { readonly orgId: string; readonly stream?: readonly string[] | undefined }, onWake: OnWake): Watch
  /** Whether messages arrive; without them followers poll more often. */
  isConnected(): boolean
  /** Wakes everybody for the last time. */
  close(): void
}
type Watch = { stop(): void }
type OnWake = (cursor?: string) => void

type WakeServices = {
  subscriber(): Redis
  publisher(): Redis
  readonly keyPrefix: string
}

/** The wake-ups of this process; its connection for subscriptions opens with the first watcher. */
export function createStreamWakes({ subscriber, publisher, keyPrefix }: WakeServices): StreamWakes {
  const watchers = new Map<string, Set<OnWake>>()
  let connection: Redis | undefined

  const wake = (channel: string, cursor?: string) => {
    for (const onWake of [...(watchers.get(channel) ?? [])]) onWake(cursor)
  }
  const wakeAll = () => {
    for (const channel of watchers.keys()) wake(channel)
  }
  const connect = () => {
    const opened = subscriber()
    opened.on('message', wake)
    opened.on('ready', () => {
      if (watchers.size > 0) opened.subscribe(...watchers.keys()).then(wakeAll, () => {})
    })
    return opened
  }

  return {
    announce({ orgId, stream }, cursor = '') {
      for (const channel of [eventsChannel(keyPrefix, orgId, stream), eventsChannel(keyPrefix, orgId)]) {
        wake(channel, cursor)
        // The runtime may be closed by now, and Redis away: whoever follows polls.
        try {
          publisher()
            .publish(channel, cursor)
            .catch(() => {})
        } catch {}
      }
    },
    watch({ orgId, stream }, onWake) {
      const channel = eventsChannel(keyPrefix, orgId, stream)
      const others = watchers.get(channel)
      if (others) others.add(onWake)
      else {
        watchers.set(channel, new Set([onWake]))
        connection ??= connect()
        connection.subscribe(channel).then(
          () => wake(channel),
          () => {},
        )
      }
      return {
        stop() {
          const left = watchers.get(channel)
          if (!left?.delete(onWake) || left.size > 0) return
          watchers.delete(channel)
          connection?.unsubscribe(channel).catch(() => {})
        },
      }
    },
    isConnected: () => connection?.status === 'ready',
    close: wakeAll,
  }
}
