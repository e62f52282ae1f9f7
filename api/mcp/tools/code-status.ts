import { z } from 'zod'
import { quoteData } from '../../../shared/text/quote-data.ts'
import { repoStatusOperation } from '../../operations/repos/repo-status.ts'
import { defineTool } from '../define-tool.ts'

type Ref = {
  repoId: string
  ref: string
  commit: string | null
  indexedAt: string | null
  isPending: boolean
  files: number
  skipped: number
  failure: { code: string; message: string } | null
  skippedFiles: { path: string; reason: string }[]
}
const SHOWN_FILES = 20

export const codeStatusTool = defineTool({
  name: 'code_status',
  description: 'Which repositories are indexed, at which commit, and which files were skipped.',
  scope: 'code:read',
  isReadOnly: true,
  input: z.strictObject({ repoId: z.string().min(1).optional() }),
  output: z.object({
    refs: z.array(
      z.object({
        repoId: z.string(),
        ref: z.string(),
        commit: z.string().nullable(),
        indexedAt: z.string().nullable(),
        isPending: z.boolean(),
        files: z.number(),
        skipped: z.number(),
        failure: z.string().nullable(),
        skippedFiles: z.array(z.string()),
      }),
    ),
  }),
  async run(call, input) {
    const { refs: found } = await call<{ refs: Ref[] }>(repoStatusOperation, input)
    const refs = found.map(({ repoId, ref, commit, indexedAt, isPending, files, skipped, failure, skippedFiles }) => ({
      repoId,
      ref,
      commit,
      indexedAt,
      isPending,
      files,
      skipped,
      failure: failure?.code ?? null,
      skippedFiles: skippedFiles.slice(0, SHOWN_FILES).map(({ path, reason }) => `${path}: ${reason}`),
    }))
    const lines = refs.map(
      ({ repoId, ref, commit, indexedAt, isPending, files, skipped, failure }) =>
        `- ${quoteData(repoId)} at ${quoteData(ref)}: ${indexedAt === null ? 'not indexed yet' : `${commit === null ? 'the working tree' : `commit ${commit}`}, indexed ${indexedAt}, ${files} files, ${skipped} skipped`}${isPending ? ', a run is asked for' : ''}${failure === null ? '' : `, last run failed: ${failure}`}`,
    )
    return { data: { refs }, text: lines.length > 0 ? lines.join('\n') : 'No repository is indexed.' }
  },
})
