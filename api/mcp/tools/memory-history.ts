import { z } from 'zod'
import { quoteData } from '../../../shared/text/quote-data.ts'
import { memoryHistoryOperation as operation } from '../../operations/memory/memory-history.ts'
import { defineTool } from '../define-tool.ts'

type Version = {
  id: number
  fact: string
  validFrom: string
  validTo: string | null
  sources: { workstreamId: string; turnId: string; quote: string; at: string }[]
}
type History = { memory: Version; replaced: Version[]; replacedBy: Version[]; status: string }

const version = z.object({ id: z.number(), fact: z.string(), from: z.string(), to: z.string().nullable() })

export const memoryHistoryTool = defineTool({
  name: 'memory_history',
  description: 'Where a memory comes from, and what replaced what.',
  scope: 'memory:read',
  isReadOnly: true,
  input: z.strictObject({ memoryId: z.int().min(1) }),
  output: z.object({
    status: z.string(),
    versions: z.array(version).meta({ description: 'Oldest first' }),
    sources: z.array(z.object({ turnId: z.string(), quote: z.string(), at: z.string() })),
  }),
  async run(call, { memoryId }) {
    const { memory, replaced, replacedBy, status } = await call<History>(operation, { memoryId })
    const chain = [...replaced.toReversed(), memory, ...replacedBy]
    const versions = chain.map(({ id, fact, validFrom: from, validTo: to }) => ({ id, fact, from, to }))
    const sources = memory.sources.map(({ turnId, quote, at }) => ({ turnId, quote, at }))
    const text = [
      ...versions.map(
        ({ id, fact, from, to }) =>
          `- memory ${id}, ${from.slice(0, 10)} to ${to?.slice(0, 10) ?? 'now'}: ${quoteData(fact)}`,
      ),
      ...sources.map(({ quote, at }) => `- said ${at.slice(0, 10)}: ${quoteData(quote)}`),
    ]
    return { data: { status, versions, sources }, text: text.join('\n') }
  },
})
