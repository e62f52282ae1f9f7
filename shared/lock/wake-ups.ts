import type { Redis } from 'ioredis'

/**
 * Owns how a process hears that its turn has come: one channel a process, one subscription, one listener a token.
 * Guarantees: after a broken connection every listener is woken, since a wake-up may have been lost. A wake-up says "look again", no more.
 */
export type WakeUps = {
  /** A name like no other anywhere for something that waits in this process: its channel, a point, a number. */
  newToken(): string
  /** Settles once wake-ups reach this process. */
  ready(): Promise<unknown>
  /** Hears wake-ups from now on, those too that come while nobody waits for the next. */
  listen(token: string): Listener
}
export type Listener = {
  /** Settles at the next wake-up, or after the given time. */
  next(atMostMs: number): Promise<void>
  stop(): void
}

/** The wake-ups of this process; `openSubscriber` is called when somebody waits for the first time, and its connection is used for nothing else here. */
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
