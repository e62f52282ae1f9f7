import { z } from 'zod'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { readParked } from '../../queues/state/parked-jobs.ts'
import { definePage } from '../console/define-page.ts'
import { MODELS, modelNamed, readModelPause } from '../console/model-pause.ts'
import { html } from '../html.ts'
import { link, orgLink, queueAddress } from '../view/links.ts'
import { table } from '../view/table.ts'
import { counted, formatAge } from '../view/texts.ts'

const SHOWN_ORGS = 10

/** Deliberate limits: pauses of models, and slots of orgs. */
export const limitsPage = definePage({
  path: '/limits',
  title: 'Limits',
  permission: 'see',
  isInMenu: true,
  query: z.object({}),
  async show(services, { now }) {
    const { config, queues } = services
    const models = await Promise.all(
      MODELS.map(async (model) => ({
        model: modelNamed(config, model),
        until: await readModelPause(services, model),
      })),
    )
    const parked = await Promise.all(
      QUEUE_NAMES.map(async (queue) => ({
        queue,
        orgs: [...(await queues.ask(queue, readParked))].slice(0, SHOWN_ORGS),
      })),
    )
    return {
      body: html`<h2>Models</h2>
${table(
  [{ title: 'Model' }, { title: 'State', kind: 'wide' }],
  models.map(({ model, until }) => [
    model,
    until === undefined
      ? 'not paused'
      : html`<strong>paused</strong> for another ${formatAge(until.getTime() - now.getTime())}: its provider asked for it`,
  ]),
  'No model.',
)}
<h2>Orgs waiting for a slot</h2>
<p class="quiet">An org runs at most ${config.orgConcurrency} jobs of a queue at once, unless the host says otherwise, so that its backlog does not delay others. Its memories have one writer at a time; the page of the org shows who waits for that.</p>
${table(
  [{ title: 'Queue' }, { title: 'Org', kind: 'wide' }, { title: 'Parked jobs', kind: 'count' }],
  parked.flatMap(({ queue, orgs }) =>
    orgs.map(([orgId, count]) => [link(queueAddress(queue), queue), orgLink(orgId), counted(count)]),
  ),
  'None: every org has a free slot.',
)}`,
    }
  },
})
