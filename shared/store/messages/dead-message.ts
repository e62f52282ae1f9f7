import { type RawBuilder, sql } from 'kysely'
import type { DeadLetterDetail } from '../control/dead-letters.ts'

/** Its letter has no job of BullMQ: the id stands where that of one would. */
const PREFIX = 'message '
/** The letter itself has all that the message keeps. */
const MAX_TRY_LENGTH = 500

/** The part of a statement that keeps those of its rows of messages that are dead as dead letters: none is dead without its letter. */
export function buryDead(rows: string, at: Date): RawBuilder<unknown> {
  return sql`buried as (
    insert into dead_letters (org_id, job_id, payload, queue, code, reason, attempts, died_at, failed_tries)
    select org_id, ${PREFIX}::text || message_id, jsonb_build_object('v', 1, 'orgId', org_id, 'messageId', message_id),
      'agent-' || coalesce(agent, 'router'), failure_code, failure, attempts, ${at}::timestamptz,
      jsonb_build_array(jsonb_build_object('at', ${at.toISOString()}::text, 'code', failure_code, 'reason', left(failure, ${MAX_TRY_LENGTH}::int)))
    from ${sql.table(rows)} where state = 'dead' on conflict do nothing)`
}

/** The message that a letter is about; undefined for one of a job. */
export function deadMessageOf({
  queue,
  orgId,
  jobId,
}: DeadLetterDetail): { readonly orgId: string; readonly messageId: string } | undefined {
  const isMessage = queue.startsWith('agent-') && orgId !== null && jobId?.startsWith(PREFIX)
  return isMessage ? { orgId, messageId: (jobId as string).slice(PREFIX.length) } : undefined
}
