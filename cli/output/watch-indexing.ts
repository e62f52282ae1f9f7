import type { Runtime } from '../../runtime.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { IndexInput, RepoStatus } from '../../shared/repo/repos.ts'
import { oneLine } from './plain-table.ts'
import { withProgress } from './terminal.ts'

/** The fields of a run's report that commands show. */
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

/**
 * Shows the progress and the retries of an indexing until it ends, and how long it ran. `requested` is the request, if it was made before.
 * @throws the failure of the last attempt
 */
export async function watchIndexing(
  runtime: Runtime,
  input: IndexInput,
  signal?: AbortSignal,
  requested = runtime.repos.index(input),
  out: NodeJS.WriteStream = process.stdout,
): Promise<{ readonly report: IndexReport; readonly status: RepoStatus; readonly seconds: number }> {
  const { jobId } = await requested
  let report: IndexReport | undefined
  let seconds = 0
  let failedTries = 0
  const look = async () => {
    const job = await runtime.queues.ask('repo-indexing', (queue) => queue.getJob(jobId))
    if (job?.finishedOn === undefined) {
      if (job?.failedReason && job.attemptsMade > failedTries)
        console.error(`Attempt ${job.attemptsMade} failed and will be retried: ${oneLine(job.failedReason)}`)
      failedTries = job?.attemptsMade ?? 0
      return job?.progress as Progress | undefined
    }
    if (job.failedReason) throw failureOf((await statusOf(runtime, input))?.failure ?? undefined, job.failedReason)
    report = job.returnvalue as IndexReport
    seconds = (job.finishedOn - (job.processedOn ?? job.timestamp)) / 1_000
    return undefined
  }
  const wait = async () => {
    signal?.throwIfAborted()
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  let progress = await look()
  for (; !report && !progress?.total; progress = await look()) await wait()
  const totalKb = Math.ceil((progress?.total ?? 0) / KB)
  if (!report)
    await withProgress(
      'Indexing',
      totalKb,
      async (update) => {
        for (; !report; progress = await look()) {
          if (progress?.total) update(Math.min(totalKb, Math.round(progress.done / KB)))
          await wait()
        }
        update(totalKb)
      },
      out,
      ' KB',
    )
  return { report: report as IndexReport, status: (await statusOf(runtime, input)) as RepoStatus, seconds }
}

async function statusOf(
  runtime: Runtime,
  { orgId, repoId, ref = 'HEAD' }: IndexInput,
): Promise<RepoStatus | undefined> {
  return (await runtime.repos.status({ orgId, repoId })).find((status) => status.ref === ref)
}

/** The job keeps only the message of its failure; the index keeps the code too. */
function failureOf(failure: NonNullable<RepoStatus['failure']> | undefined, reason: string): Error {
  if (!failure || failure.code === 'UNEXPECTED') return new Error(reason)
  return new AfterturnError(failure.code as AfterturnError['code'], failure.message)
}
