import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns retention of events. Guarantees: each statement is bounded, waits for no publisher, and takes a stream's oldest events only. */

/** The newest events that a stream keeps. A stream with as many has a thousandth event, of which there is an index. */
const MAX_STREAM_EVENTS = 10_000
/** Rows and streams that one statement takes. */
const BATCH_EVENTS = 5_000
const BATCH_STREAMS = 20
/** The rest is left to the next sweep. */
const MAX_BATCHES = 20

/** Forgets events from before a time, streams that had ended by then, and the oldest events of streams that are too long. */
export async function trimEvents(database: Database, before: Date): Promise<void> {
  const ended = sql`
    delete from event_streams where id = any(array(
      select id from event_streams where ended_at < ${before} limit ${BATCH_STREAMS} for update skip locked)) returning 1`
  const aged = trim(sql`
    select s.id, old.seq from event_streams s join (
      select stream, max(seq) as seq from (select stream, seq from events where at < ${before} order by at limit ${BATCH_EVENTS}) oldest group by stream) old
      on old.stream = s.id for update of s skip locked`)
  const long = trim(sql`
    select s.id, s.last_seq - ${MAX_STREAM_EVENTS}::bigint as seq
    from (select distinct stream from events where seq % 1000 = 0) far join event_streams s on s.id = far.stream
    where s.last_seq - s.first_seq >= ${MAX_STREAM_EVENTS}::bigint limit ${BATCH_STREAMS} for update of s skip locked`)
  for (const statement of [ended, aged, long])
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const { rows } = await statement.execute(database)
      if (rows.length === 0) break
    }
}

function trim(streams: ReturnType<typeof sql>) {
  return sql`
    with chosen as materialized (${streams}),
    gone as (delete from events e using chosen c where e.stream = c.id and e.seq <= c.seq)
    update event_streams s set first_seq = greatest(first_seq, c.seq + 1) from chosen c where s.id = c.id returning 1`
}
