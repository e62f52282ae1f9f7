import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the rows of the fleet: its processes with their last sign of life, what happened in each minute, and the newest samples. */

export type ProcessQueue = {
  readonly queue: string
  readonly concurrency: number
  readonly running: number
  readonly started: number
  /** The run time of its longest job, in ms. */
  readonly oldestRunMs: number
}

export type FleetProcess = {
  readonly id: string
  readonly name: string
  readonly host: string
  readonly pid: number
  readonly version: string
  /** Of the configuration in force: two of them in one fleet are worth a look. */
  readonly configDigest: string
  readonly startedAt: Date
  readonly seenAt: Date
  readonly stoppedAt: Date | null
  readonly rssBytes: number
  readonly loopLagMs: number
  readonly queues: readonly ProcessQueue[]
}

/** Bounds of the start latencies that are kept, in ms. */
export const START_BOUNDS_MS = [
  50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 900_000,
] as const

/** The counts of one process in one queue since its last report. */
export type QueueDeeds = {
  readonly queue: string
  readonly started: number
  readonly completed: number
  readonly failed: number
  readonly retried: number
  /** By `START_BOUNDS_MS`, and beyond the last. */
  readonly startLatency: readonly number[]
}

/** Writes a process's sign of life, and adds what it did to the minute. */
export async function reportProcess(
  database: Database,
  process: FleetProcess,
  deeds: readonly QueueDeeds[],
): Promise<void> {
  const { id, name, host, pid, version, configDigest, startedAt, seenAt, stoppedAt, rssBytes, loopLagMs, queues } =
    process
  const seen = sql`
    insert into fleet_processes (id, name, host, pid, version, config_digest, started_at, seen_at, stopped_at, rss_bytes, loop_lag_ms, queues)
    values (${id}, ${name}, ${host}, ${pid}, ${version}, ${configDigest}, ${startedAt}, ${seenAt}, ${stoppedAt}, ${rssBytes}, ${loopLagMs}, ${JSON.stringify(queues)}::jsonb)
    on conflict (id) do update set seen_at = excluded.seen_at, stopped_at = excluded.stopped_at, rss_bytes = excluded.rss_bytes, loop_lag_ms = excluded.loop_lag_ms, queues = excluded.queues
    returning id`
  if (deeds.length === 0) return void (await seen.execute(database))
  const column = (pick: (one: QueueDeeds) => number) => sql`${deeds.map(pick)}::int[]`
  await sql`
    with seen as (${seen})
    insert into fleet_minutes as m (queue, minute, started, completed, failed, retried, start_latency)
    select queue, date_trunc('minute', ${seenAt}::timestamptz), started, completed, failed, retried, string_to_array(latency, ',')::int[]
    from unnest(${deeds.map(({ queue }) => queue)}::text[], ${column((one) => one.started)}, ${column((one) => one.completed)},
      ${column((one) => one.failed)}, ${column((one) => one.retried)}, ${deeds.map(({ startLatency }) => startLatency.join(','))}::text[])
      as told (queue, started, completed, failed, retried, latency)
    on conflict (queue, minute) do update set
      started = m.started + excluded.started, completed = m.completed + excluded.completed, failed = m.failed + excluded.failed,
      retried = m.retried + excluded.retried,
      start_latency = (select array_agg(coalesce(a, 0) + coalesce(b, 0) order by nth)
        from unnest(m.start_latency, excluded.start_latency) with ordinality as both_of (a, b, nth))`.execute(database)
}

/** Processes that gave a sign of life since a time and have not stopped, by name. */
export async function readProcesses(database: Database, since: Date, limit: number): Promise<FleetProcess[]> {
  const { rows } = await sql<FleetProcess>`
    select id, name, host, pid, version, config_digest as "configDigest", started_at as "startedAt", seen_at as "seenAt", stopped_at as "stoppedAt",
      rss_bytes as "rssBytes", loop_lag_ms as "loopLagMs", queues
    from fleet_processes where seen_at > ${since} and stopped_at is null order by name, host, pid limit ${limit}`.execute(
    database,
  )
  return rows
}

/** The counts of a queue in a span of time. */
export type QueueSpan = Omit<QueueDeeds, 'queue'> & { readonly at: Date; readonly waiting: number | null }

/** A queue's minutes since a time, put together to spans of `spanMinutes`, the oldest first. */
export async function readQueueSpans(
  database: Database,
  queue: string,
  { since, spanMinutes }: { since: Date; spanMinutes: number },
): Promise<QueueSpan[]> {
  const { rows } = await sql<QueueSpan>`
    with spans as (
      select date_bin(${spanMinutes} * interval '1 minute', minute, timestamptz 'epoch') as at, m.* from fleet_minutes m
      where queue = ${queue} and minute >= ${since})
    select at, sum(started)::int as started, sum(completed)::int as completed, sum(failed)::int as failed, sum(retried)::int as retried, max(waiting) as waiting,
      (select coalesce(json_agg(n order by nth), '[]') from (
        select nth, sum(n)::int as n from spans s cross join lateral unnest(s.start_latency) with ordinality as l (n, nth)
        where s.at = spans.at group by nth) sums) as "startLatency"
    from spans group by at order by at`.execute(database)
  return rows
}

/** How many jobs of a queue waited in a minute, at most. */
export type QueueMinute = { readonly queue: string; readonly waiting: number; readonly due: number }

/** Keeps a sample of some kind, and how many jobs waited in each queue this minute. */
export async function keepSample(
  database: Database,
  name: string,
  now: Date,
  value: object,
  queues: readonly QueueMinute[],
): Promise<void> {
  const sample = sql`
    insert into fleet_samples (name, sampled_at, value) values (${name}, ${now}, ${JSON.stringify(value)}::jsonb)
    on conflict (name) do update set sampled_at = excluded.sampled_at, value = excluded.value returning name`
  await sql`
    with kept as (${sample})
    insert into fleet_minutes as m (queue, minute, waiting, due)
    select queue, date_trunc('minute', ${now}::timestamptz), waiting, due
    from unnest(${queues.map(({ queue }) => queue)}::text[], ${queues.map(({ waiting }) => waiting)}::int[], ${queues.map(({ due }) => due)}::int[]) as told (queue, waiting, due)
    on conflict (queue, minute) do update set waiting = greatest(m.waiting, excluded.waiting), due = greatest(m.due, excluded.due)`.execute(
    database,
  )
}

/** The newest sample of a kind; undefined when there is none. */
export async function readSample<Value extends object>(
  database: Database,
  name: string,
): Promise<{ readonly sampledAt: Date; readonly value: Value } | undefined> {
  const { rows } = await sql<{ sampledAt: Date; value: Value }>`
    select sampled_at as "sampledAt", value from fleet_samples where name = ${name}`.execute(database)
  return rows[0]
}

/** Removes minutes and processes that are older. */
export async function trimFleetRows(
  database: Database,
  { minutes, processes }: { minutes: Date; processes: Date },
): Promise<void> {
  await sql`delete from fleet_minutes where minute < ${minutes}`.execute(database)
  await sql`delete from fleet_processes where seen_at < ${processes}`.execute(database)
}
