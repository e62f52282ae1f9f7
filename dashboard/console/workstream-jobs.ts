import { CATALOG } from '../../queues/catalog.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import type { ConsoleServices } from './console-services.ts'

/** The jobs that wait for a workstream, by the keys under which they are enqueued: a look-up each, no scan. None while Redis is away. */
export async function readWorkstreamJobs(
  { queues }: ConsoleServices,
  key: WorkstreamKey,
): Promise<{ queue: string; jobId: string }[]> {
  const contracts = [CATALOG['memory-digest'], CATALOG['context-compaction']] as const
  const found = await Promise.all(
    contracts.map(async (contract) => {
      const deduplicationId = contract.deduplicationKey?.({ v: 1, ...key })
      if (deduplicationId === undefined) return []
      const jobId = await queues
        .ask(contract.name, (queue) => queue.getDeduplicationJobId(deduplicationId))
        .catch(() => null)
      return jobId === null ? [] : [{ queue: contract.name, jobId }]
    }),
  )
  return found.flat()
}
