import type { Redis } from 'ioredis'

/**
 * Listens to channels of Redis for many watchers over one connection. Guarantees: after a broken connection, and once a subscription is in force, every
 * watcher of its channel is called without a message, since one may have been lost.
 */
export type Channels = {
  /** Calls `onMessage` with each message, and without one whenever some may have been lost. */
  watch(channel: string, onMessage: OnMessage): { stop(): void }
  /** Hands a message to the watchers in this process, without waiting for Redis. */
  dispatch(channel: string, message?: string): void
  /** Whether messages arrive. */
  isConnected(): boolean
  /** Calls every watcher without a message. */
  wakeAll(): void
}
type OnMessage = (message?: string) => void

/** The channels of this process; the connection, which serves subscriptions only, opens with the first watcher. */
export function createChannels(openSubscriber: () => Redis): Channels {
  const watchers = new Map<string, Set<OnMessage>>()
  let connection: Redis | undefined

  const dispatch = (channel: string, message?: string) => {
    for (const onMessage of [...(watchers.get(channel) ?? [])]) onMessage(message)
  }
  const wakeAll = () => {
    for (const channel of watchers.keys()) dispatch(channel)
  }
  const connect = () => {
    const opened = openSubscriber()
    opened.on('message', dispatch)
    opened.on('ready', () => {
      if (watchers.size > 0) opened.subscribe(...watchers.keys()).then(wakeAll, () => {})
    })
    return opened
  }

  return {
    watch(channel, onMessage) {
      const others = watchers.get(channel)
      if (others) others.add(onMessage)
      else {
        watchers.set(channel, new Set([onMessage]))
        connection ??= connect()
        connection.subscribe(channel).then(
          () => dispatch(channel),
          () => {},
        )
      }
      return {
        stop() {
          const left = watchers.get(channel)
          if (!left?.delete(onMessage) || left.size > 0) return
          watchers.delete(channel)
          connection?.unsubscribe(channel).catch(() => {})
        },
      }
    },
    dispatch,
    isConnected: () => connection?.status === 'ready',
    wakeAll,
  }
}

/** Publishes a message on channels, in one round trip, as far as Redis is there: whoever listens polls as well. Never fails. */
export function publishQuietly(publisher: () => Redis, channels: readonly string[], message: string): void {
  // The runtime may be closed by now.
  try {
    const publishing = publisher().pipeline()
    for (const channel of channels) publishing.publish(channel, message)
    publishing.exec().catch(() => {})
  } catch {}
}
