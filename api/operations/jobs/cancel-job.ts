import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { jobShape } from './job-status.ts'

export const cancelJobOperation = defineOperation({
  id: 'jobs.cancel',
  summary: 'Cancels a job: a waiting job is removed, a running one is signalled within a second',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/queues/{queue}/jobs/{jobId}',
  scope: 'jobs:write',
  reach: 'org',
  input: z.strictObject(jobShape),
  output: z.object({ outcome: z.enum(['removed', 'stopped', 'told']) }),
  errors: ['JOB_UNKNOWN', 'QUEUE_UNKNOWN', 'REDIS_UNAVAILABLE', 'REDIS_UNSUITABLE'],
  runtime: 'jobs.cancel',
  returns: 'outcome',
  async run({ jobs }, { orgId, queue, jobId }) {
    // A job of another org is as unknown as one that never was.
    await jobs.status({ orgId, queue, jobId })
    return { outcome: await jobs.cancel({ queue, jobId }) }
  },
})
