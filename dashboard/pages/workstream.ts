import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { readTurnsOfWorkstream, readWorkstreamState } from '../../shared/store/console/org-places.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { compactNow } from '../actions/now-actions.ts'
import { eraseData } from '../actions/org-data.ts'
import { definePage } from '../console/define-page.ts'
import { id, name, optional, orgIdField } from '../console/fields.ts'
import { readWorkstreamJobs } from '../console/workstream-jobs.ts'
import { html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { address, contextAddress, jobAddress, link, orgLink, turnAddress } from '../view/links.ts'
import { facts, olderLink, table } from '../view/table.ts'
import { counted } from '../view/texts.ts'
import { timeElement, timeWithAge } from '../view/times.ts'

const PAGE_ROWS = 50

/** One workstream: its turns, its context, its jobs. */
export const workstreamPage = definePage({
  path: '/workstream',
  title: 'Workstream',
  permission: 'see',
  query: z.object({ orgId: orgIdField, workstreamId: name, beforeSeq: optional(id) }),
  async show(services, { query: { beforeSeq, ...key }, viewer, now }) {
    const { orgId, workstreamId } = key
    const [state, turns, jobs] = await Promise.all([
      readInTime(readWorkstreamState(services.database, key)),
      readInTime(readTurnsOfWorkstream(services.database, key, { beforeSeq, limit: PAGE_ROWS })),
      readWorkstreamJobs(services, key),
    ])
    if (!state) throw new AfterturnError('WORKSTREAM_UNKNOWN', `No workstream ${workstreamId} is known here.`)
    const older =
      turns.length < PAGE_ROWS ? undefined : address('/workstream', { ...key, beforeSeq: turns.at(-1)?.seq })
    return {
      title: `Workstream ${workstreamId}`,
      body: html`${facts([
        ['Org', orgLink(orgId)],
        ['Turns', counted(state.turns)],
        ['Waits since', timeWithAge(state.firstPendingAt, now)],
        ['Digest due', timeWithAge(state.digestDueAt, now)],
        [
          'Context',
          link(
            contextAddress(orgId, workstreamId),
            `${counted(state.liveTokens)} tokens of ${counted(state.messages)} messages`,
          ),
        ],
        [
          'Compaction',
          state.compactionTarget === null ? undefined : `wanted, to ${counted(state.compactionTarget)} tokens`,
        ],
        [
          'Rejected summaries',
          state.compactionFailures === 0
            ? undefined
            : html`${state.compactionFailures}${state.compactionBlockedUntil === null ? html`` : html`, blocked until ${timeElement(state.compactionBlockedUntil)}`}`,
        ],
        [
          'Jobs',
          jobs.length === 0
            ? 'none'
            : html`${jobs.map(({ queue, jobId }) => html`${link(jobAddress(queue, jobId), `${queue} ${jobId}`)} `)}`,
        ],
      ])}
${offers(offer(viewer, compactNow, key), offer(viewer, eraseData, key))}
<h2>Turns, the newest first</h2>
${table(
  [
    { title: 'Turn' },
    { title: 'State' },
    { title: 'Recorded', kind: 'wide' },
    { title: 'User', kind: 'wide' },
    { title: 'Failed tries', kind: 'count' },
  ],
  turns.map((turn) => [
    link(turnAddress(orgId, workstreamId, turn.turnId), turn.turnId),
    turn.state.replace('_', '-'),
    timeWithAge(turn.recordedAt, now),
    turn.userId ?? '–',
    counted(turn.failedTries.length),
  ]),
  'No turn.',
)}
${olderLink(older)}`,
    }
  },
})
