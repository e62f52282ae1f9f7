import type { Runtime } from '../runtime.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { IndexInput, RepoStatus } from '../shared/repo/repos.ts'
import { withProgress } from './terminal.ts'

/** What a run reports at its end, as far as commands show it. */
export type IndexReport = {
  readonly commit: string | null
  readonly files: number
  readonly chunks: number
  readonly embedded: number
  readonly reused: number
  readonly redacted: number
  readonly bytes: number
}

type Progress = { readonly done: number; readonly total: number }

const POLL_MS = 50
const KB = 1_024

/** Asks for a ref to be indexed and shows a bar until it is. @throws what the run failed with */
export async function watchIndexing(
  runtime: Runtime,
  input: IndexInput,
  signal?: AbortSignal,
): Promise<{ readonly report: IndexReport; readonly status: RepoStatus }> {
  const { jobId } = await runtime.repos.index(input)
  let report: IndexReport | undefined
  const look = () =>
    runtime.queues.ask('repo-indexing', async (queue) => {
      const job = await queue.getJob(jobId)
      if (job?.finishedOn === undefined) return job?.progress as Progress | undefined
      if (job.failedReason) throw failureOf(job.failedReason)
      report = job.returnvalue as IndexReport
      return undefined
    })
  const wait = async () => {
    signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  let progress = await look()
  for (; !report && !progress?.total; progress = await look()) await wait()
  const totalKb = Math.ceil((progress?.total ?? 0) / KB)
  if (!report)
    await withProgress('Indexing', totalKb, async (update) => {
      for (; !report; progress = await look()) {
        if (progress?.total) update(Math.min(totalKb, Math.round(progress.done / KB)))
        await wait()
      }
      update(totalKb)
    })
  const statuses = await runtime.repos.status({ orgId: input.orgId, repoId: input.repoId })
  const status = statuses.find(({ ref }) => ref === (input.ref ?? 'HEAD')) as RepoStatus
  return { report: report as IndexReport, status }
}

/** A job keeps only the words of its failure, with the code in front. */
function failureOf(reason: string): Error {
  const [, code, message] = /^([A-Z_]+): ([\s\S]*)$/.exec(reason) ?? []
  return code === undefined ? new Error(reason) : new AfterturnError(code as AfterturnError['code'], message as string)
}
