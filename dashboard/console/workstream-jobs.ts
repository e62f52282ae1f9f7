import { CATALOG } from '../../queues/catalog.ts'
import { wakeUpOf } from '../../queues/workstream-wake-up.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import type { ConsoleServices } from './console-services.ts'

/** The jobs that wait for a workstream, by the keys under which they are enqueued: a look-up each, no scan. None while Redis is away. */
export async function readWorkstreamJobs(
  { queues }: ConsoleServices,
  key: WorkstreamKey,
): Promise<{ queue: string; jobId: string }[]> {
  const contracts = [CATALOG['memory-digest'], CATALOG['context-compaction']] as const
  const wakeUps = [false, true].flatMap((isBackfill) =>
    contracts.map((contract) => ({ contract, payload: wakeUpOf({ ...key, isBackfill }) })),
  )
  const found = await Promise.all(
    wakeUps.map(async ({ contract, payload }) => {
      const deduplicationId = contract.deduplicationKey?.(payload)
      if (deduplicationId === undefined) return []
      const jobId = await queues
        .ask(contract.name, (queue) => queue.getDeduplicationJobId(deduplicationId))
        .catch(() => null)
      return jobId === null ? [] : [{ queue: contract.name, jobId }]
    }),
  )
  return found.flat()
}
