import { createHash } from 'node:crypto'
import type { EmbeddingModel } from '../../ai/model-provider.ts'

/** Owns the version of what makes an index of a blob: raise it when parser, chunker, terms or redactor find something else in the same bytes. */
const PIPELINE_VERSION = 9

/** Names a pipeline: blobs of another are not looked at. */
export function pipelineOf(model: EmbeddingModel): string {
  const parts = [PIPELINE_VERSION, model.provider, model.model, model.dims]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
