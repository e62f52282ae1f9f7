import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId } from '../wire/fields.ts'

export const jobShape = {
  orgId,
  queue: z.string().min(1).max(100).meta({ description: 'Its queue' }),
  jobId: z.string().min(1).max(200).meta({ description: 'The id of the job' }),
}

export const jobStatusOperation = defineOperation({
  id: 'jobs.status',
  summary: 'Reports the state of a job, and its result when there is one',
  method: 'GET',
  path: '/v1/orgs/{orgId}/queues/{queue}/jobs/{jobId}',
  scope: 'jobs:read',
  reach: 'org',
  input: z.strictObject(jobShape),
  output: z.object({
    state: z.enum(['waiting', 'running', 'completed', 'failed']),
    attempts: z.int(),
    enqueuedAt: moment,
    startedAt: moment.nullable(),
    endedAt: moment.nullable(),
    result: z.unknown().optional().meta({ description: 'What its handler returned; kept for RESULT_TTL_SECONDS' }),
    failure: z.string().nullable(),
  }),
  errors: ['JOB_UNKNOWN', 'QUEUE_UNKNOWN', 'REDIS_UNAVAILABLE', 'REDIS_UNSUITABLE'],
  runtime: 'jobs.status',
  run: ({ jobs }, input) => jobs.status(input),
})
