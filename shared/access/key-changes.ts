import type { Redis } from 'ioredis'
import { withinDeadline } from '../deadline.ts'
import { accessChannel } from '../redis/keys.ts'

/** Tells every process that a key was revoked. Guarantees: while `isHeard`, a change reaches this process; after a gap it hears of all keys. */
export type KeyChanges = {
  /** Calls back with the id of each key that changed; undefined for all of them. */
  onChange(listener: (keyId: string | undefined) => void): void
  /** Whether announcements reach this process now. */
  isHeard(): boolean
  announce(keyId: string): Promise<void>
}

type KeyChangesServices = {
  readonly keyPrefix: string
  redis(): Redis
  /** Opened by the first listener. */
  openSubscriber(): Redis
}

/** Revoking succeeds without Redis too: then nobody hears, and nobody remembers. */
const ANNOUNCE_TIMEOUT_MS = 1_000

export function createKeyChanges({ keyPrefix, redis, openSubscriber }: KeyChangesServices): KeyChanges {
  const channel = accessChannel(keyPrefix)
  const listeners: ((keyId: string | undefined) => void)[] = []
  let isHeard = false
  let isListening = false
  const tell = (keyId: string | undefined) => {
    for (const listener of listeners) listener(keyId)
  }
  const listen = () => {
    if (isListening) return
    isListening = true
    const subscriber = openSubscriber()
    const subscribe = () =>
      subscriber.subscribe(channel).then(
        () => {
          tell(undefined)
          isHeard = true
        },
        () => {},
      )
    subscriber.on('message', (from: string, keyId: string) => {
      if (from === channel) tell(keyId)
    })
    subscriber.on('close', () => {
      isHeard = false
    })
    subscriber.on('ready', subscribe)
    if (subscriber.status === 'ready') void subscribe()
  }
  return {
    onChange: (listener) => void listeners.push(listener),
    isHeard() {
      listen()
      return isHeard
    },
    async announce(keyId) {
      tell(keyId)
      const late = () => new Error('Redis did not answer')
      await withinDeadline(redis().publish(channel, keyId), ANNOUNCE_TIMEOUT_MS, late).catch(() => {})
    },
  }
}
