import { z } from 'zod'
import { insertBulkOperation } from '../../shared/store/console/bulk-operations.ts'
import { readLetterExtent } from '../../shared/store/console/dead-letter-groups.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { id, letterFilter, optional } from '../console/fields.ts'
import { html } from '../html.ts'
import { address } from '../view/links.ts'
import { facts } from '../view/table.ts'
import { masked, several } from '../view/texts.ts'

/** Replays or drops all dead letters that match a filter now, as a row that is worked off. */
export const startBulk = defineAction({
  name: 'dead-letters.bulk',
  label: 'All that match',
  permission: 'operate',
  fields: z.object({ action: z.enum(['replay', 'drop']), ...letterFilter, uptoId: optional(id) }),
  async look({ database }, { action, ...given }) {
    const { letters, uptoId: newest } = await readInTime(readLetterExtent(database, given))
    const { uptoId = newest, ...filter } = given
    const effect =
      action === 'replay' ? 'Each starts over, with all its tries.' : 'Each is given up for good; a turn stays dead.'
    return {
      subject: `${action} ${filterText(filter)}, ${letters} up to ${uptoId}`,
      orgId: filter.orgId ?? null,
      state: [action, filter, uptoId, letters],
      fields: { uptoId: String(uptoId) },
      shows: html`<p>${action === 'replay' ? 'Replay' : 'Drop'} all that match: <strong>${several(letters, 'dead letter')}</strong>, and none that dies later. ${effect}</p>
${facts([
  ['Org', filter.orgId ?? 'all'],
  ['Queue', filter.queue ?? 'all'],
  ['Code', filter.code ?? 'all'],
  ['Cause', filter.cause === undefined ? 'all' : masked(filter.cause)],
  ['Up to', `dead letter ${uptoId}`],
])}`,
    }
  },
  async run({ database, clock }, { action, uptoId = 0, ...filter }, { name }) {
    const { letters } = await readInTime(readLetterExtent(database, { ...filter, uptoId }))
    const operation = await readInTime(
      insertBulkOperation(database, {
        action,
        ...filter,
        uptoId,
        confirmed: letters,
        requestedBy: name,
        requestedAt: clock.now(),
      }),
    )
    return {
      message: `Operation ${operation} on ${several(letters, 'dead letter')} has begun.`,
      next: address('/operation', { id: operation }),
    }
  },
})

function filterText(filter: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
  return set.length === 0 ? 'every dead letter' : set.join(', ')
}
