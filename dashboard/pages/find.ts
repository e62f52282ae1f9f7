import { z } from 'zod'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { type FoundPlace, findPlaces } from '../../shared/store/console/find-places.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { eraseData, exportData } from '../actions/org-data.ts'
import type { ConsoleServices } from '../console/console-services.ts'
import { definePage } from '../console/define-page.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { offer } from '../view/act.ts'
import {
  jobAddress,
  letterAddress,
  link,
  memoryAddress,
  orgAddress,
  orgLink,
  repoAddress,
  turnAddress,
  workstreamAddress,
} from '../view/links.ts'
import { table } from '../view/table.ts'

/** One box: where an id is. It looks ids up and scans nothing. */

const MAX_LENGTH = 512

export const findPage = definePage({
  path: '/find',
  title: 'Find',
  permission: 'see',
  query: z.object({ q: z.string().max(MAX_LENGTH).default('') }),
  async show(services, { query, viewer }) {
    const text = query.q.trim()
    const form = html`<form class="card confirm" method="get" action="/find"><label for="q">The full id of an org, user, workstream, turn, job, dead letter, memory or repository</label><input id="q" name="q" type="search" value="${text}" maxlength="${MAX_LENGTH}"><p class="actions"><button type="submit" class="primary">Find</button></p></form>`
    if (text === '') return { body: form }
    const [places, jobs] = await Promise.all([
      readInTime(findPlaces(services.database, text)),
      findJobs(services, text),
    ])
    const rows = [
      ...places.map((place) => [place.kind, linkOf(place, viewer), orgLink(place.orgId)]),
      ...jobs.map((queue) => [`job of ${queue}`, link(jobAddress(queue, text), text), html`–`]),
    ]
    const columns = [{ title: 'What' }, { title: 'Where', kind: 'wide' }, { title: 'Org', kind: 'wide' }] as const
    return {
      body: html`${form}<h2>Found</h2>${table(columns, rows, 'Nothing has this id. Enter the full id, not a part of it.')}`,
    }
  },
})

/** The queues that have a job of this id. While Redis is away, none. */
async function findJobs({ queues }: ConsoleServices, jobId: string): Promise<string[]> {
  const found = await Promise.all(
    QUEUE_NAMES.map((name) =>
      queues
        .ask(name, async (queue) => (await queue.getJob(jobId)) !== undefined)
        .then(
          (isThere) => (isThere ? [name] : []),
          () => [],
        ),
    ),
  )
  return found.flat()
}

function linkOf(place: FoundPlace, viewer: ConsoleUser): Html {
  if (place.kind === 'org') return link(orgAddress(place.orgId), place.orgId)
  if (place.kind === 'workstream') return link(workstreamAddress(place.orgId, place.workstreamId), place.workstreamId)
  if (place.kind === 'repository') return link(repoAddress(place.orgId, place.repoId), place.repoId)
  if (place.kind === 'memory') return link(memoryAddress(place.orgId, place.memoryId), `memory ${place.memoryId}`)
  if (place.kind === 'dead letter') return link(letterAddress(place.id), `dead letter ${place.id}`)
  const turn = link(
    turnAddress(place.orgId, place.workstreamId, place.turnId),
    `${place.turnId} of ${place.workstreamId}`,
  )
  return place.kind === 'turn'
    ? turn
    : html`spoke in ${turn} ${offer(viewer, exportData, { orgId: place.orgId, userId: place.userId })} ${offer(viewer, eraseData, { orgId: place.orgId, userId: place.userId })}`
}
