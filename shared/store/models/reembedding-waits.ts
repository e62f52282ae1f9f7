import { sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { Database } from '../database.ts'
import { formatModelName } from '../search-index/vector-space.ts'
import { keptReason } from '../turns/failed-tries.ts'

/** Owns until when re-embedding leaves a model alone that could not be used, by org and model. One row each. */

export type ReembeddingWait = {
  /** When the model could not be used first. */
  readonly since: Date
  readonly until: Date
  readonly code: string
  readonly reason: string
}

/** Since when an org waits for a model; undefined when it does not. */
export async function readReembeddingWait(
  database: Database,
  orgId: string,
  model: EmbeddingModel,
): Promise<ReembeddingWait | undefined> {
  return database
    .selectFrom('reembedding_waits')
    .select(['since', 'until', 'code', 'reason'])
    .where('org_id', '=', orgId)
    .where('model', '=', formatModelName(model))
    .where('dims', '=', model.dims)
    .executeTakeFirst()
}

/** Puts an org's re-embedding off. Its beginning stays that of the first time. */
export async function keepReembeddingWait(
  database: Database,
  orgId: string,
  model: EmbeddingModel,
  { since, until, code, reason }: ReembeddingWait,
): Promise<void> {
  await sql`
    insert into reembedding_waits (org_id, model, dims, since, until, code, reason)
    values (${orgId}, ${formatModelName(model)}, ${model.dims}, ${since}, ${until}, ${code}, ${keptReason(reason)})
    on conflict (org_id, model, dims) do update
    set until = excluded.until, code = excluded.code, reason = excluded.reason`.execute(database)
}

/** The model could be used: nothing waits any more. */
export async function endReembeddingWait(database: Database, orgId: string, model: EmbeddingModel): Promise<void> {
  await sql`
    delete from reembedding_waits where org_id = ${orgId} and model = ${formatModelName(model)} and dims = ${model.dims}`.execute(
    database,
  )
}
