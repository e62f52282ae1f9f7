import { z } from 'zod'
import { quoteData } from '../../../shared/text/quote-data.ts'
import { searchCodeOperation } from '../../operations/repos/search-code.ts'
import { defineTool } from '../define-tool.ts'

const DEFAULT_BUDGET_TOKENS = 2_000

type Hit = {
  repoId: string
  path: string
  commit: string | null
  startLine: number
  endLine: number
  symbol: string | null
  text: string
  permalink: string
}

/** Where code is looked for, as a model says it. */
export const codePlace = {
  repoIds: z.array(z.string()).min(1).optional(),
  ref: z.string().min(1).optional().meta({ description: 'Default: HEAD; `:worktree` for the files on disk' }),
  pathGlob: z.string().min(1).optional(),
  language: z.string().min(1).optional(),
}

export const codeSearchTool = defineTool({
  name: 'code_search',
  description: 'Search indexed repositories by meaning, words, symbols and paths.',
  scope: 'code:read',
  isReadOnly: true,
  input: z.strictObject({
    query: z.string().min(1),
    mode: z.enum(['words', 'regex']).optional(),
    ...codePlace,
    limit: z.int().min(1).max(50).optional(),
    budgetTokens: z.int().min(1).max(50_000).optional(),
  }),
  output: z.object({
    hits: z.array(
      z.object({
        repoId: z.string(),
        path: z.string(),
        startLine: z.number(),
        endLine: z.number(),
        commit: z.string().nullable(),
        text: z.string(),
        permalink: z.string(),
      }),
    ),
    notes: z.array(z.string()),
  }),
  async run(call, { budgetTokens = DEFAULT_BUDGET_TOKENS, ...input }) {
    const found = await call<{ hits: Hit[]; notes: string[]; isWordsOnly: boolean }>(searchCodeOperation, {
      ...input,
      budgetTokens,
    })
    const hits = found.hits.map(({ repoId, path, startLine, endLine, commit, text, permalink }) => ({
      repoId,
      path,
      startLine,
      endLine,
      commit,
      text,
      permalink,
    }))
    const notes = [
      ...found.notes,
      ...(found.isWordsOnly ? ['The embedding model was away: only words, symbols and paths were searched.'] : []),
    ]
    const lines = found.hits.map(
      ({ repoId, path, startLine, endLine, text }) =>
        `- ${quoteData(`${repoId}/${path}:${startLine}-${endLine}`)}: ${quoteData(text)}`,
    )
    return {
      data: { hits, notes },
      text: [lines.length > 0 ? lines.join('\n') : 'Nothing was found.', ...notes].join('\n'),
    }
  },
})
