import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns what the store says of itself. */

export type StoreFacts = {
  readonly version: string
  readonly bytes: number
  readonly migration: string
  /** The oldest open transaction, in ms; 0 without one. */
  readonly oldestTransactionMs: number
  readonly tables: readonly { readonly name: string; readonly bytes: number; readonly rows: number }[]
}

const SHOWN_TABLES = 20

/** The store's version, its size, and its largest tables with their rows as the planner estimates them. */
export async function readStoreFacts(database: Database): Promise<StoreFacts> {
  const { rows } = await sql<StoreFacts>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      (select max(name) from schema_migrations) as migration,
      coalesce((select extract(epoch from max(now() - xact_start)) * 1000 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()), 0)::float8 as "oldestTransactionMs",
      (select coalesce(json_agg(t), '[]') from (
        select relname as name, pg_total_relation_size(oid) as bytes, greatest(reltuples, 0)::bigint as rows from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace order by bytes desc limit ${SHOWN_TABLES}) t) as tables`.execute(
    database,
  )
  return rows[0] as StoreFacts
}
