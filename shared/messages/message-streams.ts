import type { Redis } from 'ioredis'
import { streamsOf } from '../redis/keys.ts'
import type { Wake } from '../store/messages/agent-messages.ts'

/**
 * Owns the streams of Redis that say which message to look at: ids, never content. Guarantees: every entry is added with a bound; what trimming or a loss
 * of Redis takes is put back by the sweep, for the rows are the messages.
 */

export type MessageStreams = {
  /** Puts messages into the stream of their agent, or into the incoming one. Never fails: the sweep makes up for it. */
  wake(messages: readonly Wake[]): Promise<void>
}

export function createMessageStreams(
  redis: () => Redis,
  { keyPrefix, maxLength }: { readonly keyPrefix: string; readonly maxLength: number },
): MessageStreams {
  const streams = streamsOf(keyPrefix)
  return {
    async wake(messages) {
      if (messages.length === 0) return
      try {
        const pipeline = redis().pipeline()
        for (const { orgId, messageId, agent } of messages) {
          const stream = agent === null ? streams.incoming : streams.triggers(agent)
          pipeline.xadd(stream, 'MAXLEN', '~', maxLength, '*', 'v', '1', 'org', orgId, 'id', messageId)
        }
        await pipeline.exec()
      } catch {}
    },
  }
}

/** An agent's name is part of a key, and of a queue's name. */
export function isAgentName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,49}$/.test(name)
}
