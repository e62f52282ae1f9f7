import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { type FrameRow, hasKey, isLive, type StateKey } from './state-rows.ts'

/** Owns what is changed of a state beside its saves: labels, expiry, versions and states that are deleted. Each change takes the state's row first. */

/** Takes a state for the rest of the transaction, and lets every writer notice; undefined when it is not there. */
export async function takeState(
  transaction: Database,
  key: StateKey,
  now: Date,
): Promise<{ readonly id: number; readonly head: number } | undefined> {
  const { rows } = await sql<{ id: number; head: number }>`
    update states s set revision = revision + 1 where ${hasKey(key)} and s.head > 0 and ${isLive(now)} returning id, head`.execute(
    transaction,
  )
  return rows[0]
}

/** Gives a label to a version, from whichever had it, or takes a version's label away; false when there is no such version. */
export async function setLabel(
  transaction: Database,
  state: number,
  version: number,
  label: string | null,
): Promise<boolean> {
  await sql`update state_versions set label = null where state = ${state} and label = ${label}`.execute(transaction)
  const { numAffectedRows } = await sql`
    update state_versions set label = ${label} where state = ${state} and version = ${version}::bigint`.execute(
    transaction,
  )
  return numAffectedRows === 1n
}

/** Moves the expiry of a sliding state, if it has moved by a tenth of its time at least: reads shall not become writes. */
export async function touchState(database: Database, id: number, ttlSeconds: number, now: Date): Promise<void> {
  const expiresAt = new Date(now.getTime() + ttlSeconds * 1_000)
  const movedFrom = new Date(expiresAt.getTime() - ttlSeconds * 100)
  await sql`update states set expires_at = ${expiresAt} where id = ${id} and is_sliding and expires_at between ${now} and ${movedFrom}`.execute(
    database,
  )
}

/** Deletes the row of a version; returns where its bytes are, or undefined when there is no such version. */
export async function deleteVersionRow(
  transaction: Database,
  state: number,
  version: number,
): Promise<{ readonly chain: number; readonly position: number } | undefined> {
  const { rows } = await sql<{ chain: number; position: number }>`
    delete from state_versions where state = ${state} and version = ${version}::bigint returning chain, position`.execute(
    transaction,
  )
  await sql`update states set head = coalesce((select max(version) from state_versions where state = ${state}), 0) where id = ${state}`.execute(
    transaction,
  )
  return rows[0]
}

/** The versions whose bytes are in a chain, by position and number. */
export async function readChainVersions(
  transaction: Database,
  state: number,
  chain: number,
): Promise<{ readonly version: number; readonly position: number }[]> {
  const { rows } = await sql<{ version: number; position: number }>`
    select version, position from state_versions where state = ${state} and chain = ${chain}::bigint order by position, version`.execute(
    transaction,
  )
  return rows
}

/** All frames of a chain. */
export async function readFrames(database: Database, state: number, chain: number): Promise<FrameRow[]> {
  const { rows } = await sql<FrameRow>`
    select position, frame, digest from state_frames where state = ${state} and chain = ${chain}::bigint order by position`.execute(
    database,
  )
  return rows
}

/** Deletes the frames of a chain from a position on. */
export async function deleteFrames(transaction: Database, state: number, chain: number, from: number): Promise<void> {
  await sql`delete from state_frames where state = ${state} and chain = ${chain}::bigint and position >= ${from}::int`.execute(
    transaction,
  )
}

/** Writes a frame, and lets the versions that had another place have this one. */
export async function moveVersions(
  transaction: Database,
  state: number,
  versions: readonly number[],
  { chain, position, frame, digest }: FrameRow & { readonly chain: number },
): Promise<void> {
  await sql`insert into state_frames (state, chain, position, frame, digest) values (${state}, ${chain}::bigint, ${position}::int, ${frame}, ${digest})`.execute(
    transaction,
  )
  await sql`update state_versions set chain = ${chain}::bigint, position = ${position}::int
    where state = ${state} and version = any(${versions}::bigint[])`.execute(transaction)
}

/** Empties states: their rows stay, so that no number is given twice; returns how many versions went. Call it in a transaction. */
export async function emptyStates(transaction: Database, ids: readonly number[]): Promise<number> {
  await sql`update states set revision = revision + 1, head = 0, expires_at = null, tags = '{}', metadata = '{}' where id = any(${ids}::bigint[])`.execute(
    transaction,
  )
  const { numAffectedRows } = await sql`delete from state_versions where state = any(${ids}::bigint[])`.execute(
    transaction,
  )
  await sql`delete from state_frames where state = any(${ids}::bigint[])`.execute(transaction)
  return Number(numAffectedRows)
}
