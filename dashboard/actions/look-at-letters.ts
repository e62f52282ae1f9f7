import { AfterturnError } from '../../shared/errors.ts'
import { type DeadLetterDetail, describeSubject } from '../../shared/store/control/dead-letters.ts'
import type { ConsoleServices } from '../console/console-services.ts'
import type { Look } from '../console/define-action.ts'
import { html } from '../html.ts'
import { letterAddress, link, orgLink } from '../view/links.ts'
import { table } from '../view/table.ts'
import { masked, several } from '../view/texts.ts'

/**
 * The dead letters that an action on a selection would touch.
 * @throws DEAD_LETTER_UNKNOWN, DEAD_LETTER_SETTLED when one of them is no longer open
 */
export async function lookAtLetters(
  { deadLetters }: ConsoleServices,
  ids: readonly number[],
  effect: string,
): Promise<Look> {
  const letters = await Promise.all([...new Set(ids)].map((id) => deadLetters.show({ id })))
  const settled = letters.find(({ resolution }) => resolution !== null)
  if (settled)
    throw new AfterturnError(
      'DEAD_LETTER_SETTLED',
      `Dead letter ${settled.id} was ${settled.resolution} by ${settled.resolvedBy}.`,
      {
        recorded: 'no',
      },
    )
  const orgs = new Set(letters.map(({ orgId }) => orgId))
  return {
    subject: letters.map(({ id }) => id).join(', '),
    orgId: orgs.size === 1 ? (letters[0]?.orgId ?? null) : null,
    state: letters.map(({ id, diedAt }) => [id, diedAt]),
    shows: html`<p>${several(letters.length, 'dead letter')}: ${effect}</p>${letterRows(letters)}`,
  }
}

function letterRows(letters: readonly DeadLetterDetail[]) {
  const columns = [
    { title: 'Id' },
    { title: 'Of', kind: 'wide' },
    { title: 'Org', kind: 'wide' },
    { title: 'Reason', kind: 'wide' },
  ] as const
  const rows = letters.map((letter) => [
    link(letterAddress(letter.id), String(letter.id)),
    describeSubject(letter),
    orgLink(letter.orgId),
    `${letter.code}: ${masked(letter.reason)}`,
  ])
  return table(columns, rows, 'None.')
}
