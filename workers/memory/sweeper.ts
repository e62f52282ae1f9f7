import { CATALOG } from '../../queues/catalog.ts'
import type { Producer } from '../../queues/producer.ts'
import { claimDuty } from '../../shared/store/duties.ts'
import { readOrgsLackingVectors } from '../../shared/store/vectors.ts'
import { readOverdueWorkstreams } from '../../shared/store/workstreams.ts'
import type { MemoryServices } from './memory-services.ts'

/**
 * Heals what Redis forgot: every while, one process re-adds the wake-ups that the store says are needed. Jobs that exist already absorb them.
 * The claim is a row in the store, because losing Redis is what this is for.
 */
export type Sweeper = { stop(): Promise<void> }

/** Wake-ups that one sweep adds at most; the next goes on. */
const MAX_WAKE_UPS = 1_000
const JITTER = 0.2

type SweepServices = Pick<MemoryServices, 'config' | 'database' | 'clock' | 'log' | 'provider'> & {
  readonly producer: Producer
}

/** Sweeps at once and then every `sweepIntervalMs`, with jitter, until stopped. */
export function startSweeper(services: SweepServices): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let current = Promise.resolve()
  const tick = () => {
    current = sweep(services).then(
      () => {},
      (error: Error) => services.log.warn({ error: error.message }, 'a sweep failed; the next one goes on'),
    )
    void current.then(() => {
      const waitMs = services.config.sweepIntervalMs * (1 + JITTER * (Math.random() - 0.5))
      if (!isStopped) timer = setTimeout(tick, waitMs)
    })
  }
  tick()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await current
    },
  }
}

/** One sweep, unless another process has just done it; answers how many wake-ups it added. */
export async function sweep(services: SweepServices): Promise<number> {
  const { database, clock, config, producer } = services
  const now = clock.now()
  // Half an interval: the claim must be over when its holder comes again.
  if (!(await claimDuty(database, 'sweep', now, config.sweepIntervalMs / 2))) return 0
  const overdue = await readOverdueWorkstreams(database, now, MAX_WAKE_UPS)
  for (const workstream of overdue) await producer.enqueue(CATALOG['memory-digest'], { v: 1, ...workstream })
  const lacking = await readOrgsLackingVectors(database, services.provider.embeddingModel, MAX_WAKE_UPS)
  for (const orgId of lacking) await producer.enqueue(CATALOG['memory-reembedding'], { v: 1, orgId })
  return overdue.length + lacking.length
}
