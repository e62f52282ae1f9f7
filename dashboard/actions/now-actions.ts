import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { readWorkstreamState } from '../../shared/store/console/org-places.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { name, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'

/** Work that would start by itself later: an extraction, a compaction, an index run. */

export const extractNow = defineAction({
  name: 'turns.extract',
  label: 'Extract now',
  permission: 'operate',
  runtime: 'memory.extractNow',
  fields: z.object({ orgId: orgIdField, workstreamId: name, turnId: name }),
  async look({ memory }, turn) {
    const { state, failedTries } = await memory.turnStatus(turn)
    return {
      subject: `turn ${turn.turnId} of ${turn.workstreamId}`,
      orgId: turn.orgId,
      state: [state, failedTries.length],
      shows: html`<p>Turn <b>${turn.turnId}</b> is ${state}. Queue its extraction, and that of the pending turns before it, without waiting for the digest.</p>`,
    }
  },
  async run({ memory }, turn) {
    const { jobId } = await memory.extractNow(turn)
    return { message: `Job ${jobId} is queued.` }
  },
})

export const compactNow = defineAction({
  name: 'contexts.compact',
  label: 'Compact now',
  permission: 'operate',
  runtime: 'context.compactNow',
  fields: z.object({ orgId: orgIdField, workstreamId: name }),
  async look({ database }, key) {
    const state = await readInTime(readWorkstreamState(database, key))
    if (!state) throw new AfterturnError('WORKSTREAM_UNKNOWN', `No workstream ${key.workstreamId} is known here.`)
    return {
      subject: `workstream ${key.workstreamId}`,
      orgId: key.orgId,
      state: [state.compactionTarget, state.compactionFailures],
      shows: html`<p>Ask for a compaction of <b>${key.workstreamId}</b> now: ${state.liveTokens} tokens in ${state.messages} messages. Its breaker is closed, too.</p>`,
    }
  },
  async run({ context }, key) {
    const { jobId } = await context.compactNow(key)
    const message =
      jobId === null ? 'It is asked for; a sweep queues it once Redis is back.' : `Job ${jobId} is queued.`
    return { message }
  },
})

export const indexNow = defineAction({
  name: 'repos.index',
  label: 'Index now',
  permission: 'operate',
  runtime: 'repos.index',
  fields: z.object({ orgId: orgIdField, repoId: name, ref: name }),
  async look({ repos }, { orgId, repoId, ref }) {
    const found = (await repos.status({ orgId, repoId })).find((one) => one.ref === ref)
    if (!found) throw new AfterturnError('REF_UNKNOWN', `No ref ${ref} of ${repoId} was ever asked for.`)
    return {
      subject: `${ref} of ${repoId}`,
      orgId,
      state: [found.source, found.isPending],
      shows: html`<p>Bring the index of <b>${ref}</b> of ${repoId} up to date, from ${found.source}.</p>`,
    }
  },
  async run({ repos }, { orgId, repoId, ref }) {
    const { source } = (await repos.status({ orgId, repoId })).find((one) => one.ref === ref) ?? { source: '' }
    const { jobId } = await repos.index({ orgId, repoId, ref, source })
    return { message: `Job ${jobId} is queued.` }
  },
})
