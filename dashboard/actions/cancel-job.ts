import { z } from 'zod'
import { defineAction } from '../console/define-action.ts'
import { name } from '../console/fields.ts'
import { html } from '../html.ts'

const OUTCOMES = {
  removed: 'It had not started, and was removed.',
  stopped: 'It was running, and has stopped.',
  told: 'It is running, and was told to stop.',
}

export const cancelJob = defineAction({
  name: 'jobs.cancel',
  label: 'Cancel the job',
  permission: 'operate',
  runtime: 'jobs.cancel',
  fields: z.object({ queue: name, jobId: name }),
  async look({ jobs }, { queue, jobId }) {
    const { state, attempts } = await jobs.status({ queue, jobId })
    return {
      subject: `job ${jobId} of ${queue}`,
      orgId: null,
      state: [state, attempts],
      shows: html`<p>Job <b>${jobId}</b> of ${queue} is ${state}. One that waits is removed; one that runs is told within a second. Turns that it was to extract stay pending, and a sweep wakes them again.</p>`,
    }
  },
  async run({ jobs }, { queue, jobId }) {
    const outcome = await jobs.cancel({ queue, jobId })
    return { message: OUTCOMES[outcome] }
  },
})
