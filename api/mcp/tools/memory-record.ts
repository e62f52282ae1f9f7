import { createHash } from 'node:crypto'
import { z } from 'zod'
import { recordTurnOperation } from '../../operations/turns/record-turn.ts'
import { defineTool } from '../define-tool.ts'

const DEFAULT_WORKSTREAM = 'mcp'

type Recorded = { recorded: 'yes'; deduplicated: boolean; digestDueAt: string | null }

export const memoryRecordTool = defineTool({
  name: 'memory_record',
  description: "Record what the user said, in the user's own words, so that it is remembered.",
  scope: 'turns:write',
  input: z.strictObject({
    text: z.string().min(1),
    workstreamId: z.string().min(1).optional().meta({ description: 'The conversation' }),
  }),
  output: z.object({
    recorded: z.literal('yes'),
    workstreamId: z.string(),
    turnId: z.string(),
    extractedAfter: z.string().nullable(),
  }),
  async run(call, { text, workstreamId = DEFAULT_WORKSTREAM }) {
    // Made of the words: a call that is repeated records nothing twice.
    const turnId = `mcp-${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    const { recorded, deduplicated, digestDueAt } = await call<Recorded>(recordTurnOperation, {
      workstreamId,
      turnId,
      messages: [{ role: 'user', content: text }],
    })
    const when = digestDueAt === null ? 'has been extracted' : `is extracted after ${digestDueAt}`
    return {
      data: { recorded, workstreamId, turnId, extractedAfter: digestDueAt },
      text: `${deduplicated ? 'It was recorded before' : 'Recorded'}. It is found by its words now, and ${when}.`,
    }
  },
})
