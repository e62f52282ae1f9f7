import { z } from 'zod'
import { describeSubject } from '../../shared/store/control/dead-letters.ts'
import { dropLetters } from '../actions/drop-letters.ts'
import { replayLetters } from '../actions/replay-letters.ts'
import { definePage } from '../console/define-page.ts'
import { id } from '../console/fields.ts'
import { html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { address, jobAddress, link, orgLink, queueAddress, turnAddress } from '../view/links.ts'
import { payload } from '../view/payload.ts'
import { facts } from '../view/table.ts'
import { masked } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'
import { triesTable } from '../view/tries.ts'

/** One dead letter: what died, of what, how often it was tried, and what is to be done. */
export const deadLetterPage = definePage({
  path: '/dead-letter',
  title: 'Dead letter',
  permission: 'see',
  query: z.object({ id }),
  async show({ deadLetters }, { query, viewer, now }) {
    const letter = await deadLetters.show(query)
    const { orgId, workstreamId, turnId, jobId, queue, code } = letter
    const subject = describeSubject(letter)
    const of =
      jobId !== null
        ? link(jobAddress(queue, jobId), subject)
        : orgId !== null && workstreamId !== null && turnId !== null
          ? link(turnAddress(orgId, workstreamId, turnId), subject)
          : html`${subject}`
    const isOpen = letter.resolution === null
    return {
      title: `Dead letter ${letter.id}`,
      body: html`${facts([
        ['Of', of],
        ['Org', orgLink(orgId)],
        ['Queue', link(queueAddress(queue), queue)],
        ['Reason', html`<code>${code}</code> ${masked(letter.reason)}`],
        ['Died', timeWithAge(letter.diedAt, now)],
        ['Tries', String(letter.attempts)],
        [
          'Ended',
          isOpen
            ? undefined
            : html`${letter.resolution ?? ''} by ${letter.resolvedBy ?? ''}, ${timeWithAge(letter.resolvedAt, now)}`,
        ],
        ['Alike', link(address('/dead-letters', { queue, code }), `All of ${queue} with ${code}`)],
      ])}
${isOpen ? offers(offer(viewer, replayLetters, { ids: letter.id }), offer(viewer, dropLetters, { ids: letter.id })) : html``}
<h2>Tries</h2>
${triesTable(letter.failedTries)}
${letter.payload === null ? html`` : html`<h2>Payload</h2>${payload(letter.payload)}`}`,
    }
  },
})
