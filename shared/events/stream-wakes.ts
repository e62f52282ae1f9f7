import type { Redis } from 'ioredis'
import { type Channels, publishQuietly } from '../redis/channels.ts'
import { eventsChannel } from '../redis/keys.ts'
import type { StreamKey } from '../store/events/event-streams.ts'

/**
 * Tells followers, in every process, to look at a stream again. Guarantees: announcing neither waits nor fails. Rows are the truth; the cursor that a
 * wake-up may carry only spares a reading.
 */
export type StreamWakes = {
  /** Says, after a commit, that a stream has something new, up to a cursor where that is known. */
  announce(key: StreamKey, cursor?: string): void
  /** Calls `onWake` whenever a stream, or with no stream any stream of the org, may have something new. */
  watch(
    key: { readonly orgId: string; readonly stream?: readonly string[] | undefined },
    onWake: (cursor?: string) => void,
  ): { stop(): void }
  /** Whether wake-ups arrive; without them followers poll more often. */
  isConnected(): boolean
}

type WakeServices = { readonly channels: Channels; publisher(): Redis; readonly keyPrefix: string }

/** The wake-ups of this process. */
export function createStreamWakes({ channels, publisher, keyPrefix }: WakeServices): StreamWakes {
  return {
    announce({ orgId, stream }, cursor = '') {
      const told = [eventsChannel(keyPrefix, orgId, stream), eventsChannel(keyPrefix, orgId)]
      for (const channel of told) channels.dispatch(channel, cursor)
      publishQuietly(publisher, told, cursor)
    },
    watch: ({ orgId, stream }, onWake) => channels.watch(eventsChannel(keyPrefix, orgId, stream), onWake),
    isConnected: channels.isConnected,
  }
}
