import { isAfterturnError } from '../errors.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Tracing } from '../observe/tracing.ts'
import type { MemoryApi } from './memory.ts'

/** Memory whose recordings are measured and traced: a turn's trace begins here, and its digest's job carries it on. */
export function observeMemory(memory: MemoryApi, metrics: Metrics, tracing: Tracing): MemoryApi {
  return {
    ...memory,
    async recordTurn(turn) {
      const startedMs = performance.now()
      let result = 'UNEXPECTED'
      try {
        const recorded = await tracing.span('recordTurn', {}, () => memory.recordTurn(turn))
        result = recorded.deduplicated ? 'deduplicated' : 'recorded'
        return recorded
      } catch (error) {
        if (isAfterturnError(error)) result = error.code
        throw error
      } finally {
        metrics.count('afterturn_turns_recorded_total', { result })
        metrics.observe('afterturn_record_turn_seconds', {}, (performance.now() - startedMs) / 1_000)
      }
    },
  }
}
