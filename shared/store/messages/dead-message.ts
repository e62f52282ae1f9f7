import type { DeadLetterDetail } from '../control/dead-letters.ts'
import type { MessageKey } from './agent-messages.ts'

/** Its letter has no job of BullMQ: the id stands where that of one would. */
const PREFIX = 'message '

/** The id under which the letter of a dead message is kept. */
export function deadMessageJobId(messageId: string): string {
  return `${PREFIX}${messageId}`
}

/** The message that a letter is about; undefined for one of a job. */
export function deadMessageOf({ queue, orgId, jobId }: DeadLetterDetail): MessageKey | undefined {
  const isMessage = queue.startsWith('agent-') && orgId !== null && jobId?.startsWith(PREFIX)
  return isMessage ? { orgId, messageId: (jobId as string).slice(PREFIX.length) } : undefined
}
