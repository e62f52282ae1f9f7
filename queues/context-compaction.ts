import { DEFAULT_RETRY, defineQueue } from './define-queue.ts'
import { workstreamWakeUps } from './workstream-wake-up.ts'

/** A wake-up for one workstream: as long as its row asks for a compaction, the part that exceeds its budget is summarised. */
export const contextCompaction = defineQueue({
  name: 'context-compaction',
  description: 'Compacts the context of a workstream that takes too much of its window',
  ...workstreamWakeUps,
  concurrency: 4,
  retry: { ...DEFAULT_RETRY, retries: 2 },
})
