import { type SamplerServices, startSampler } from '../queues/state/fleet-sampler.ts'
import { type BulkServices, workOffBulkOperations } from '../shared/control/bulk-work.ts'
import type { Log } from '../shared/observe/log.ts'

/** The background work of the dashboard's process: it samples the queues, and works off bulk operations on dead letters. */

const BULK_POLL_MS = 1_000

/** Starts both; `stop` waits for the batch that is under way. */
export function startDuties(services: SamplerServices & BulkServices & { readonly log: Log }): {
  stop(): Promise<void>
} {
  const sampler = startSampler(services)
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let current = Promise.resolve()
  const tick = () => {
    current = workOffBulkOperations(services, stopping.signal)
    void current.then(() => {
      if (!stopping.signal.aborted) timer = setTimeout(tick, BULK_POLL_MS)
    })
  }
  tick()
  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await Promise.all([sampler.stop(), current])
    },
  }
}
