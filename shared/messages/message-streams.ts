import type { Redis } from 'ioredis'
import { streamsOf } from '../redis/keys.ts'
import { loadScript } from '../redis/script.ts'
import type { Database } from '../store/database.ts'
import { noteNoRoom, type Wake } from '../store/messages/agent-messages.ts'

/**
 * Owns the streams of Redis that say which message to look at: ids, never content. Guarantees: every entry is added with a bound; what finds no room, and
 * what trimming or a loss of Redis takes, is put back later, for the rows are the messages.
 */

export type MessageStreams = {
  /**
   * Puts messages into the stream of their agent, or into the incoming one, and returns those that found no room there: they are put back before all others.
   * Never fails: the sweep makes up for it.
   */
  wake(messages: readonly Wake[]): Promise<readonly Wake[]>
}

/** The group in which the fleet reads streams. */
export const STREAM_GROUP = 'afterturn'

const addWakes = loadScript(new URL('./add-wakes.lua', import.meta.url))

export function createMessageStreams(
  database: Database,
  redis: () => Redis,
  { keyPrefix, maxLength }: { readonly keyPrefix: string; readonly maxLength: number },
): MessageStreams {
  const streams = streamsOf(keyPrefix)
  const add = async (agent: string | null, messages: readonly Wake[]): Promise<readonly Wake[]> => {
    const stream = agent === null ? streams.incoming : streams.triggers(agent)
    const ids = messages.flatMap(({ orgId, messageId }) => [orgId, messageId])
    return messages.slice(Number(await addWakes(redis(), [stream], [maxLength, STREAM_GROUP, ...ids])))
  }
  return {
    async wake(messages) {
      try {
        const byAgent = Map.groupBy(messages, ({ agent }) => agent)
        const left = (await Promise.all([...byAgent].map(([agent, own]) => add(agent, own)))).flat()
        if (left.length > 0) await noteNoRoom(database, left)
        return left
      } catch {
        return []
      }
    },
  }
}

/** An agent's name is part of a key, and of a queue's name. */
export function isAgentName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,49}$/.test(name)
}
