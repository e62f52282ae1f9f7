import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { readMemoryPage } from '../page.ts'
import { next, orgId, page, viewer } from '../wire/fields.ts'
import { memory } from '../wire/memories.ts'

export const listMemoriesOperation = defineOperation({
  id: 'memory.list',
  summary: 'Lists the current memories, newest observation first',
  method: 'GET',
  path: '/v1/orgs/{orgId}/memory',
  scope: 'memory:read',
  reach: 'user',
  input: z.strictObject({ orgId, ...viewer, ...page }),
  output: z.object({ memories: z.array(memory), next }),
  errors: [],
  runtime: 'memory.list',
  returns: 'memories',
  async run(services, { limit, cursor, ...selection }) {
    const { items, next } = await readMemoryPage({ limit, cursor }, (part) =>
      services.memory.list({ ...selection, ...part }),
    )
    return { memories: items, next }
  },
})
