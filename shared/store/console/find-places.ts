import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Finds the places of a pasted id. Each kind is one index look-up and returns at most ten. */

export type FoundPlace =
  | { readonly kind: 'org'; readonly orgId: string }
  | { readonly kind: 'workstream'; readonly orgId: string; readonly workstreamId: string }
  | { readonly kind: 'turn'; readonly orgId: string; readonly workstreamId: string; readonly turnId: string }
  | {
      readonly kind: 'user'
      readonly orgId: string
      readonly userId: string
      readonly workstreamId: string
      readonly turnId: string
    }
  | { readonly kind: 'repository'; readonly orgId: string; readonly repoId: string }
  | { readonly kind: 'memory'; readonly orgId: string; readonly memoryId: number }
  | { readonly kind: 'dead letter'; readonly orgId: string | null; readonly id: number }

const MAX_PLACES = 10

/** Every place that bears the text as its id. */
export async function findPlaces(database: Database, text: string): Promise<FoundPlace[]> {
  const id = /^\d{1,15}$/.test(text) ? Number(text) : undefined
  const places = await Promise.all([
    sql<FoundPlace>`
      select 'org' as kind, ${text} as "orgId" where exists (select from workstreams where org_id = ${text})
        or exists (select from code_repos where org_id = ${text}) or exists (select from usage_ledger where org_id = ${text})`.execute(
      database,
    ),
    sql<FoundPlace>`
      select 'workstream' as kind, org_id as "orgId", workstream_id as "workstreamId" from workstreams where workstream_id = ${text} limit ${MAX_PLACES}`.execute(
      database,
    ),
    sql<FoundPlace>`
      select 'turn' as kind, org_id as "orgId", workstream_id as "workstreamId", turn_id as "turnId" from turns where turn_id = ${text} limit ${MAX_PLACES}`.execute(
      database,
    ),
    sql<FoundPlace>`
      select 'user' as kind, org_id as "orgId", user_id as "userId", workstream_id as "workstreamId", turn_id as "turnId"
      from turns where user_id = ${text} limit ${MAX_PLACES}`.execute(database),
    sql<FoundPlace>`
      select 'repository' as kind, org_id as "orgId", repo_id as "repoId" from code_repos where repo_id = ${text} limit ${MAX_PLACES}`.execute(
      database,
    ),
    ...(id === undefined
      ? []
      : [
          sql<FoundPlace>`select 'memory' as kind, org_id as "orgId", id as "memoryId" from memories where id = ${id}`.execute(
            database,
          ),
          sql<FoundPlace>`select 'dead letter' as kind, org_id as "orgId", id from dead_letters where id = ${id}`.execute(
            database,
          ),
        ]),
  ])
  return places.flatMap(({ rows }) => rows)
}
