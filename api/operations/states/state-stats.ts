import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId } from '../wire/fields.ts'

export const stateStatsOperation = defineOperation({
  id: 'states.stats',
  summary: 'Reports how many states an org has and how much space they take',
  method: 'GET',
  path: '/v1/orgs/{orgId}/state-stats',
  scope: 'states:read',
  reach: 'org',
  input: z.strictObject({ orgId }),
  output: z.object({
    states: z.int(),
    versions: z.int(),
    rawBytes: z.int(),
    storedBytes: z.int(),
    ratio: z.number().optional(),
    storedBytesByCodec: z.record(z.string(), z.int()),
    frames: z.int(),
    chains: z.int(),
    oldestAt: moment.optional(),
    memory: z.object({ entries: z.int(), bytes: z.int(), hits: z.int(), misses: z.int() }),
    pool: z.object({ max: z.int(), size: z.int(), idle: z.int(), waiting: z.int() }),
    cacheUsedMemoryBytes: z.int().optional(),
  }),
  errors: [],
  runtime: 'states.stats',
  run: ({ states }, input) => states.stats(input),
})
