import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns what model servers were found to do without, by server and model. Of no org: it holds names of features alone. */

export type ServerQuirk = {
  readonly server: string
  readonly model: string
  readonly feature: string
  readonly foundAt: Date
}

/** Servers are updated: what was found longer ago is found out anew. */
const KEPT_DAYS = 7

/** What is known of all servers, the newest first. */
export async function readServerQuirks(database: Database, now: Date): Promise<ServerQuirk[]> {
  const { rows } = await sql<ServerQuirk>`
    select server, model, feature, found_at as "foundAt" from server_quirks
    where found_at > ${now}::timestamptz - ${KEPT_DAYS} * interval '1 day'
    order by found_at desc, server, model, feature limit 1000`.execute(database)
  return rows
}

/** Keeps that a server does without a feature with a model. */
export async function keepServerQuirk(
  database: Database,
  { server, model, feature, foundAt }: ServerQuirk,
): Promise<void> {
  await sql`
    insert into server_quirks (server, model, feature, found_at) values (${server}, ${model}, ${feature}, ${foundAt})
    on conflict (server, model, feature) do update set found_at = excluded.found_at`.execute(database)
}
