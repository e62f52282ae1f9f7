import { type QueueDeeds, START_BOUNDS_MS } from '../../shared/store/console/fleet-rows.ts'

/** What this process did in each queue since it told last. Must not read or write anything: who tells takes it. */
export type QueueDeedsLog = {
  noteStart(queue: string, latencyMs: number | undefined): void
  noteEnd(queue: string, outcome: 'completed' | 'failed' | 'retried'): void
  /** All that was noted, which is forgotten; `giveBack` for what could not be told. */
  take(): QueueDeeds[]
  giveBack(deeds: readonly QueueDeeds[]): void
}

type Mutable = { -readonly [Key in keyof QueueDeeds]: Key extends 'startLatency' ? number[] : QueueDeeds[Key] }

export function createQueueDeeds(): QueueDeedsLog {
  let byQueue = new Map<string, Mutable>()
  const of = (queue: string): Mutable => {
    const known = byQueue.get(queue)
    if (known) return known
    const startLatency = Array<number>(START_BOUNDS_MS.length + 1).fill(0)
    const deeds = { queue, started: 0, completed: 0, failed: 0, retried: 0, startLatency }
    byQueue.set(queue, deeds)
    return deeds
  }
  return {
    noteStart(queue, latencyMs) {
      const deeds = of(queue)
      deeds.started += 1
      if (latencyMs === undefined) return
      const at = START_BOUNDS_MS.findIndex((bound) => latencyMs <= bound)
      const place = at === -1 ? START_BOUNDS_MS.length : at
      deeds.startLatency[place] = (deeds.startLatency[place] ?? 0) + 1
    },
    noteEnd(queue, outcome) {
      of(queue)[outcome] += 1
    },
    take() {
      const taken = [...byQueue.values()]
      byQueue = new Map()
      return taken
    },
    giveBack(given) {
      for (const { queue, started, completed, failed, retried, startLatency } of given) {
        const deeds = of(queue)
        deeds.started += started
        deeds.completed += completed
        deeds.failed += failed
        deeds.retried += retried
        for (const [at, count] of startLatency.entries()) deeds.startLatency[at] = (deeds.startLatency[at] ?? 0) + count
      }
    },
  }
}
