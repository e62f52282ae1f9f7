import type { Redis } from 'ioredis'

/**
 * Delivers wake-ups from Redis to waiters in this process: one channel per process, one listener per token. Guarantees: after a broken
 * connection every listener is woken, since a wake-up may have been lost. A wake-up means only "check again".
 */
export type WakeUps = {
  /** Returns a globally unique name for a waiter in this process: its channel, a dot, a number. */
  newToken(): string
  /** Resolves once wake-ups reach this process. */
  ready(): Promise<unknown>
  /** Receives wake-ups from now on; one that arrives between two calls of `next` is not lost. */
  listen(token: string): Listener
}
export type Listener = {
  /** Resolves at the next wake-up, or after the given time. */
  next(atMostMs: number): Promise<void>
  stop(): void
}

/** Creates the wake-ups of this process. `openSubscriber` is called for the first waiter; its connection serves nothing else here. */
export function createWakeUps(openSubscriber: () => Redis, channelPrefix: string): WakeUps {
  const channel = channelPrefix + crypto.randomUUID()
  const wakeByToken = new Map<string, () => void>()
  let tokens = 0
  let subscribed: Promise<unknown> | undefined

  const subscribe = () => {
    const subscriber = openSubscriber()
    subscriber.on('message', (from: string, token: string) => {
      if (from === channel) wakeByToken.get(token)?.()
    })
    subscriber.on('ready', () => {
      const wakeAll = () => {
        for (const wake of wakeByToken.values()) wake()
      }
      subscriber.subscribe(channel).then(wakeAll, () => {})
    })
    return subscriber.subscribe(channel)
  }

  return {
    newToken: () => `${channel}.${++tokens}`,
    ready() {
      subscribed ??= subscribe()
      return subscribed
    },
    listen(token) {
      let woken = Promise.withResolvers<void>()
      const wake = () => woken.resolve()
      wakeByToken.set(token, wake)
      return {
        async next(atMostMs) {
          const timer = setTimeout(wake, atMostMs)
          await woken.promise
          clearTimeout(timer)
          woken = Promise.withResolvers()
        },
        stop() {
          wakeByToken.delete(token)
          wake()
        },
      }
    },
  }
}
