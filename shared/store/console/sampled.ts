import type { Clock } from '../../clock.ts'
import type { Database } from '../database.ts'
import { claimPeriodicTask } from '../periodic-tasks.ts'
import { keepSample, type QueueMinute, readSample } from './fleet-rows.ts'

/** The age up to which a sample is read again. */
export const SAMPLE_MS = 5_000

export type SampledServices = { readonly database: Database; readonly clock: Clock }

export type Sampled<Value> = { readonly sampledAt: Date; readonly value: Value }

/**
 * The newest sample of a kind, taken now if it is old and no other process is at it: what a reading costs depends neither on readers nor on processes.
 * Values are read back as JSON. Throws what the store and `read` throw.
 * @param minutesOf what of it the history of queues keeps
 */
export async function sampled<Value extends object>(
  { database, clock }: SampledServices,
  name: string,
  read: (now: Date) => Promise<Value>,
  minutesOf: (value: Value) => readonly QueueMinute[] = () => [],
): Promise<Sampled<Value>> {
  const now = clock.now()
  const kept = await readSample<Value>(database, name)
  const isFresh = kept !== undefined && Math.abs(now.getTime() - kept.sampledAt.getTime()) < SAMPLE_MS
  if (kept && (isFresh || !(await claimPeriodicTask(database, `sample-${name}`, now, SAMPLE_MS / 2)))) return kept
  const value = await read(now)
  await keepSample(database, name, now, value, minutesOf(value))
  return { sampledAt: now, value }
}
