import { z } from 'zod'
import { idSchema } from '../shared/parse-input.ts'
import { compositeKey } from '../shared/redis/keys.ts'
import { DEFAULT_RETRY, defineQueue, orgPayload, orgSlots, type QueueContract } from './define-queue.ts'

/** A wake-up for one message to an agent of the host: what it is told, and whether it is to be worked, its row says. */
export type AgentMessagePayload = { readonly v: 1; readonly orgId: string; readonly messageId: string }

export type AgentContract = QueueContract<string, AgentMessagePayload>

/** The attempts are those of `MAX_MESSAGE_ATTEMPTS`; the row counts them. */
const RETRIES = 4

/** The queue of one agent. `orgConcurrency` is how many of an org's messages run at once. */
export function agentQueue(
  agent: string,
  concurrency: number,
  orgConcurrency: number | ((orgId: string) => number | Promise<number>),
): AgentContract {
  return defineQueue({
    name: `agent-${agent}`,
    description: `Messages to the agent ${agent}`,
    payload: z.strictObject({ ...orgPayload, messageId: idSchema }),
    concurrency,
    retry: { ...DEFAULT_RETRY, retries: RETRIES },
    deduplicationKey: ({ orgId, messageId }) => compositeKey(orgId, messageId),
    isRepeatedWhenActive: true,
    slots: { ...orgSlots, limit: orgConcurrency },
  })
}
