import { contextCompaction } from './context-compaction.ts'
import { memoryDigest } from './memory-digest.ts'
import { memoryExtraction } from './memory-extraction.ts'
import { memoryReembedding } from './memory-reembedding.ts'
import { memoryReextraction } from './memory-reextraction.ts'
import { repoIndexing } from './repo-indexing.ts'

/** Every contract of the product. Producer, fleet, Procfile and dashboard iterate over it; a new queue is added here first. */
export const CATALOG = {
  'memory-extraction': memoryExtraction,
  'memory-digest': memoryDigest,
  'memory-reembedding': memoryReembedding,
  'memory-reextraction': memoryReextraction,
  'repo-indexing': repoIndexing,
  'context-compaction': contextCompaction,
} as const

export type QueueName = keyof typeof CATALOG

export const QUEUE_NAMES = Object.keys(CATALOG) as QueueName[]

/** Whether a name is one of the product's own queues. */
export function isQueueName(name: string): name is QueueName {
  return Object.hasOwn(CATALOG, name)
}
