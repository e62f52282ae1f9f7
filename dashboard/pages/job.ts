import type { Job } from 'bullmq'
import { z } from 'zod'
import { readJobState } from '../../queues/state/job-state.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { cancelJob } from '../actions/cancel-job.ts'
import { definePage } from '../console/define-page.ts'
import { name } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { offer, offers } from '../view/act.ts'
import { link, queueAddress } from '../view/links.ts'
import { payload } from '../view/payload.ts'
import { facts, table } from '../view/table.ts'
import { counted, masked } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

const SHOWN_LOGS = 50
const SHOWN_TRIES = 20
const OPEN = ['waiting', 'delayed', 'active', 'prioritized', 'waiting-children']

/** One job: its way from its adding to its end, its tries, and what it is about. */
export const jobPage = definePage({
  path: '/job',
  title: 'Job',
  permission: 'see',
  query: z.object({ queue: name, jobId: name }),
  async show({ queues }, { query: { queue, jobId }, viewer, now }) {
    const found = await queues.ask(queue, async (opened) => {
      const job: Job | undefined = await opened.getJob(jobId)
      if (!job) return undefined
      const [state, { logs }] = await Promise.all([
        readJobState(opened, jobId),
        opened.getJobLogs(jobId, 0, SHOWN_LOGS - 1),
      ])
      return { job, state, logs }
    })
    if (!found)
      throw new AfterturnError(
        'JOB_UNKNOWN',
        `The queue ${queue} has no job ${jobId}: it never was, or it ended and was removed.`,
      )
    const { job, state, logs } = found
    return {
      title: `Job ${jobId}`,
      body: html`${facts([
        ['Queue', link(queueAddress(queue), queue)],
        ['State', state],
        [
          'Starts',
          `${counted(job.attemptsStarted)}, ${counted(job.attemptsMade)} of ${counted(Math.max(1, job.opts.attempts ?? 1))} tries used`,
        ],
        [
          'Progress',
          job.progress === 0 || job.progress === undefined
            ? undefined
            : html`<code>${masked(JSON.stringify(job.progress))}</code>`,
        ],
        ['Reason', job.failedReason ? masked(job.failedReason) : undefined],
        ['Board', link(`/queues/queue/${encodeURIComponent(queue)}/${encodeURIComponent(jobId)}`, 'Raw view')],
      ])}
${OPEN.includes(state) ? offers(offer(viewer, cancelJob, { queue, jobId })) : html``}
<h2>Timeline</h2>
${timeline(job, state, now)}
<h2>About</h2>
${payload(typeof job.data === 'object' && job.data !== null ? job.data : { data: job.data })}
<h2>Failed tries</h2>
${table(
  [{ title: 'Try' }, { title: 'Reason', kind: 'wide' }],
  (job.stacktrace ?? []).slice(-SHOWN_TRIES).map((stack, at) => [String(at + 1), masked(stack.split('\n')[0] ?? '')]),
  'No try failed.',
)}
${logs.length === 0 ? html`` : html`<h2>Log</h2><pre class="card">${String(maskSecrets(logs.join('\n')))}</pre>`}`,
    }
  },
})

function timeline(job: Job, state: string, now: Date): Html {
  const at = (ms: number | undefined) => (ms === undefined ? undefined : timeWithAge(new Date(ms), now))
  const delayMs = job.delay ?? 0
  const steps = [
    ['Added', at(job.timestamp)],
    ['Due', delayMs > 0 ? at(job.timestamp + delayMs) : undefined],
    ['Started last', at(job.processedOn)],
    [state === 'failed' ? 'Failed' : 'Ended', at(job.finishedOn)],
  ] as const
  return html`<ol class="card timeline">${steps.flatMap(([name, time]) => (time === undefined ? [] : [html`<li><strong>${name}</strong> ${time}</li>`]))}</ol>`
}
