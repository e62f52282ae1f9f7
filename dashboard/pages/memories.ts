import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { readHeldEverywhere, readListedMemories, readMemoryOwner } from '../../shared/store/console/org-places.ts'
import type { Memory } from '../../shared/store/memories/memories.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { eraseData } from '../actions/org-data.ts'
import { reveal } from '../actions/reveal.ts'
import { approveMemory, rejectMemory } from '../actions/review-memory.ts'
import { definePage } from '../console/define-page.ts'
import { id, optional, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'
import { hiddenWords, offer, offers } from '../view/act.ts'
import { address, link, memoryAddress, orgLink, turnAddress } from '../view/links.ts'
import { facts, olderLink, table } from '../view/table.ts'
import { heldBecause, memoryState } from '../view/texts.ts'
import { timeElement, timeWithAge } from '../view/times.ts'

/** Memories of an org, one memory, and those that wait for a review. Their words are hidden until somebody reveals them. */

const PAGE_ROWS = 50

export const memoriesPage = definePage({
  path: '/memories',
  title: 'Memories',
  permission: 'see',
  query: z.object({ orgId: orgIdField, beforeId: optional(id) }),
  async show({ database }, { query: { orgId, beforeId }, viewer, now }) {
    const memories = await readInTime(readListedMemories(database, orgId, { beforeId, limit: PAGE_ROWS }))
    const rows = memories.map((one) => [
      link(memoryAddress(orgId, one.id), String(one.id)),
      one.kind,
      memoryState(one.status, one.validTo, now),
      one.scope,
      timeWithAge(one.observedAt, now),
      hiddenWords(viewer, reveal, { orgId, memoryId: one.id }, one.characters),
    ])
    const columns = [
      { title: 'Memory' },
      { title: 'Kind' },
      { title: 'State' },
      { title: 'Of', kind: 'wide' },
      { title: 'Last said', kind: 'wide' },
      { title: 'Words', kind: 'wide' },
    ] as const
    const older =
      memories.length < PAGE_ROWS ? undefined : address('/memories', { orgId, beforeId: memories.at(-1)?.id })
    return {
      title: `Memories of ${orgId}`,
      body: html`<p>${orgLink(orgId)}</p>${table(columns, rows, 'The org has no memory.')}${olderLink(older)}`,
    }
  },
})

export const memoryPage = definePage({
  path: '/memory',
  title: 'Memory',
  permission: 'see',
  query: z.object({ orgId: orgIdField, memoryId: id }),
  async show({ memory, database }, { query: { orgId, memoryId }, viewer, now }) {
    const owner = await readInTime(readMemoryOwner(database, orgId, memoryId))
    if (!owner) throw new AfterturnError('MEMORY_UNKNOWN', `No memory ${memoryId} is known here.`)
    const scope = Object.fromEntries(Object.entries(owner).filter(([, value]) => value !== null))
    const life = await memory.history({ orgId, memoryId, ...scope })
    const { memory: one } = life
    const isHeld = life.status === 'quarantined'
    const listed = (memories: readonly Memory[]) =>
      memories.length === 0
        ? undefined
        : html`${memories.map((other) => html`${link(memoryAddress(orgId, other.id), String(other.id))} (${timeElement(other.validFrom)}) `)}`
    return {
      title: `Memory ${memoryId}`,
      body: html`${facts([
        ['Org', orgLink(orgId)],
        ['Kind', one.kind],
        [
          'State',
          [memoryState(life.status, one.validTo, now), life.statusReason && heldBecause(life.statusReason)]
            .filter(Boolean)
            .join(': '),
        ],
        [
          'Seen by',
          Object.entries(scope)
            .map(([kind, value]) => `${kind} ${value}`)
            .join(', ') || 'everybody of the org',
        ],
        ['Holds since', timeWithAge(one.validFrom, now)],
        ['Held until', one.validTo === null ? undefined : timeWithAge(one.validTo, now)],
        ['Last said', timeWithAge(one.observedAt, now)],
        ['Replaced', listed(life.replaced)],
        ['Replaced by', listed(life.replacedBy)],
        [
          'Contradicts',
          one.contradicts.length === 0
            ? undefined
            : html`${one.contradicts.map((other) => html`${link(memoryAddress(orgId, other), String(other))} `)}`,
        ],
        [
          'Reviewed',
          life.reviewedBy === null ? undefined : html`by ${life.reviewedBy}, ${timeWithAge(life.reviewedAt, now)}`,
        ],
        ['Ended by', life.endedBy ?? undefined],
        ['Words', hiddenWords(viewer, reveal, { orgId, memoryId }, one.fact.length)],
      ])}
${offers(
  isHeld ? offer(viewer, approveMemory, { orgId, memoryId }) : html``,
  isHeld ? offer(viewer, rejectMemory, { orgId, memoryId }) : html``,
  offer(viewer, eraseData, { orgId, memoryId }),
)}
<h2>Where it comes from</h2>
${table(
  [{ title: 'Turn' }, { title: 'Said', kind: 'wide' }, { title: 'Quote' }],
  one.sources.map((source) => [
    link(turnAddress(orgId, source.workstreamId, source.turnId), `${source.turnId} of ${source.workstreamId}`),
    timeWithAge(source.at, now),
    source.quote === '' ? 'none' : `${source.quote.length} characters`,
  ]),
  'No turn: it was written by hand, or its turns were erased.',
)}`,
    }
  },
})

export const heldPage = definePage({
  path: '/held',
  title: 'Held memories',
  permission: 'see',
  isInMenu: true,
  query: z.object({ afterId: optional(id) }),
  async show({ database }, { query: { afterId }, viewer, now }) {
    const held = await readInTime(readHeldEverywhere(database, { afterId, limit: PAGE_ROWS }))
    const rows = held.map(({ orgId, id: memoryId, kind, reason, characters, observedAt }) => [
      link(memoryAddress(orgId, memoryId), String(memoryId)),
      orgLink(orgId),
      kind,
      reason === null ? '–' : heldBecause(reason),
      timeWithAge(observedAt, now),
      hiddenWords(viewer, reveal, { orgId, memoryId }, characters),
      html`${offer(viewer, approveMemory, { orgId, memoryId })} ${offer(viewer, rejectMemory, { orgId, memoryId })}`,
    ])
    const columns = [
      { title: 'Memory' },
      { title: 'Org', kind: 'wide' },
      { title: 'Kind' },
      { title: 'Held because', kind: 'wide' },
      { title: 'Said', kind: 'wide' },
      { title: 'Words', kind: 'wide' },
      { title: 'Review', kind: 'wide' },
    ] as const
    const more =
      held.length < PAGE_ROWS ? html`` : html`<p>${link(address('/held', { afterId: held.at(-1)?.id }), 'More')}</p>`
    return {
      body: html`<p>No search finds them until somebody approves them.</p>${table(columns, rows, 'No memory is held for review.')}${more}`,
    }
  },
})
