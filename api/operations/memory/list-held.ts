import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { readMemoryPage } from '../page.ts'
import { next, orgId, page } from '../wire/fields.ts'
import { heldMemory } from '../wire/memories.ts'

export const listHeldOperation = defineOperation({
  id: 'memory.held',
  summary: 'Lists the memories held for review, or those that were rejected',
  method: 'GET',
  path: '/v1/orgs/{orgId}/held-memories',
  scope: 'memory:review',
  reach: 'org',
  input: z.strictObject({
    orgId,
    status: z
      .enum(['quarantined', 'rejected'])
      .optional()
      .meta({ description: 'By default those that wait for a review' }),
    ...page,
  }),
  output: z.object({ memories: z.array(heldMemory), next }),
  errors: [],
  runtime: 'memory.quarantine.list',
  returns: 'memories',
  async run({ memory }, { limit, cursor, ...selection }) {
    const { items, next } = await readMemoryPage({ limit, cursor }, (part) =>
      memory.quarantine.list({ ...selection, ...part }),
    )
    return { memories: items, next }
  },
})
