import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, viewer } from '../wire/fields.ts'
import { memoryKind, memoryMetadata, memoryScope } from '../wire/memories.ts'
import { WRITE_ERRORS } from './write-errors.ts'

export const writtenMemory = z.object({ memoryId: z.int(), outcome: z.enum(['added', 'known', 'held']) })

export const addMemoryOperation = defineOperation({
  id: 'memory.add',
  summary: 'Adds a fact, under the same rules as a fact stated in a turn',
  method: 'POST',
  path: '/v1/orgs/{orgId}/memory',
  scope: 'memory:write',
  reach: 'user',
  input: z.strictObject({
    orgId,
    ...viewer,
    scope: memoryScope.optional().meta({
      description: 'Who sees it; by default the user, the agent or the workstream that is named, else the org',
    }),
    fact: z.string().min(1).meta({ description: 'One sentence that can be understood on its own' }),
    kind: memoryKind.optional().meta({ description: 'What kind of memory; by default `fact`' }),
    subject: z.string().optional().meta({ description: 'The name of the person or thing that the fact is about' }),
    attribute: z.string().optional().meta({
      description: 'The property of the subject that the fact states, for example residence; a newer value replaces it',
    }),
    importance: z.number().min(0).max(1).optional().meta({ description: 'From 0 to 1; by default 0.5' }),
    metadata: memoryMetadata.optional(),
    at: moment.optional(),
  }),
  output: writtenMemory,
  errors: WRITE_ERRORS,
  runtime: 'memory.add',
  run: ({ memory }, input, { keyId }) => memory.add({ ...input, by: keyId }),
})
