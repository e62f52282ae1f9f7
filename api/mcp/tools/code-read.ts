import { z } from 'zod'
import { quoteData } from '../../../shared/text/quote-data.ts'
import { outlineFileOperation } from '../../operations/repos/outline-file.ts'
import { defineTool } from '../define-tool.ts'

type Outline = {
  commit: string | null
  permalink: string
  skipReason: string | null
  symbols: { name: string; kind: string; startLine: number; endLine: number; scope: string }[]
}

export const codeReadTool = defineTool({
  name: 'code_read',
  description: 'Outline of an indexed file: what it defines, with lines.',
  scope: 'code:read',
  isReadOnly: true,
  input: z.strictObject({ repoId: z.string().min(1), path: z.string().min(1), ref: z.string().min(1).optional() }),
  output: z.object({
    isIndexed: z.boolean(),
    commit: z.string().nullable(),
    permalink: z.string().nullable(),
    symbols: z.array(
      z.object({ name: z.string(), kind: z.string(), startLine: z.number(), endLine: z.number(), scope: z.string() }),
    ),
  }),
  async run(call, input) {
    const { outline } = await call<{ outline?: Outline }>(outlineFileOperation, input)
    if (!outline || outline.skipReason !== null) {
      const why = outline ? `it was skipped: ${outline.skipReason}` : 'the index has no such file'
      return { data: { isIndexed: false, commit: null, permalink: null, symbols: [] }, text: `Not indexed: ${why}.` }
    }
    const { commit, permalink } = outline
    const symbols = outline.symbols.map(({ name, kind, startLine, endLine, scope }) => ({
      name,
      kind,
      startLine,
      endLine,
      scope,
    }))
    const lines = symbols.map(
      ({ name, kind, startLine, endLine }) => `- ${startLine}-${endLine} ${kind} ${quoteData(name)}`,
    )
    return {
      data: { isIndexed: true, commit, permalink, symbols },
      text: lines.length > 0 ? lines.join('\n') : 'It defines nothing that has a name.',
    }
  },
})
