import { z } from 'zod'
import { quoteData } from '../../../shared/text/quote-data.ts'
import { findSymbolsOperation } from '../../operations/repos/find-symbols.ts'
import { defineTool } from '../define-tool.ts'
import { codePlace } from './code-search.ts'

const DEFAULT_LIMIT = 30

type Symbol = { name: string; kind: string; repoId: string; path: string; startLine: number; endLine: number }

export const codeSymbolsTool = defineTool({
  name: 'code_symbols',
  description: 'Find functions, classes and types by a name or a part of one.',
  scope: 'code:read',
  isReadOnly: true,
  input: z.strictObject({ query: z.string().min(1), ...codePlace, limit: z.int().min(1).max(200).optional() }),
  output: z.object({
    symbols: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        repoId: z.string(),
        path: z.string(),
        startLine: z.number(),
        endLine: z.number(),
      }),
    ),
  }),
  async run(call, { limit = DEFAULT_LIMIT, ...input }) {
    const found = await call<{ symbols: Symbol[] }>(findSymbolsOperation, { ...input, limit })
    const symbols = found.symbols.map(({ name, kind, repoId, path, startLine, endLine }) => ({
      name,
      kind,
      repoId,
      path,
      startLine,
      endLine,
    }))
    const lines = symbols.map(
      ({ name, kind, repoId, path, startLine }) =>
        `- ${kind} ${quoteData(name)} in ${quoteData(`${repoId}/${path}:${startLine}`)}`,
    )
    const more = symbols.length === limit ? [`The first ${limit}; ask with a larger limit for more.`] : []
    return {
      data: { symbols },
      text: [lines.length > 0 ? lines.join('\n') : 'No symbol has such a name.', ...more].join('\n'),
    }
  },
})
