import type { Redis } from 'ioredis'
import { publishQuietly } from '../redis/channels.ts'
import type { RelayExecution } from './executions.ts'

/** Publishes events of executions for foreign subscribers, in the words of the seed: one JSON object on `workflow:ID:execution:ID`. At most once, as pub/sub is. */
export function createRelay(isRelayed: boolean, publisher: () => Redis): RelayExecution {
  return ({ workflowId, executionId }, { type, data, at }) => {
    if (!isRelayed) return
    const fields = { workflow_id: workflowId, execution_id: executionId, event_type: type, timestamp: at.toISOString() }
    const head = JSON.stringify(fields)
    publishQuietly(
      publisher,
      [`workflow:${workflowId}:execution:${executionId}`],
      `${head.slice(0, -1)},"data":${data}}`,
    )
  }
}
