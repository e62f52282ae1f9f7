import { type RawBuilder, sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { ItemKind } from '../schema.ts'

/** Owns what vectors compare with each other: those of one model among an org's items of one kind. */
export type VectorSpace = {
  readonly orgId: string
  readonly kind: ItemKind
  readonly model: EmbeddingModel
  /** Whose items may be found; see audiences.ts. */
  readonly audiences: readonly string[]
}

/** The name of a space of vectors in the table; the number of dimensions stands beside it. */
export function formatModelName(model: EmbeddingModel): string {
  return `${model.provider}/${model.model}`
}

/** The condition on a row of `vectors` or `vector_spaces` that it is of this space, whoever sees it. */
export function isOfSpace({ orgId, kind, model }: VectorSpace): RawBuilder<boolean> {
  return sql`org_id = ${orgId} and item_kind = ${kind} and model = ${formatModelName(model)} and dims = ${model.dims}`
}
