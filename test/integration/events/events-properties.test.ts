import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { appendEvent } from '../../../shared/store/events/event-streams.ts'
import { trimEvents } from '../../../shared/store/events/trim-events.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** What one client sees of a stream is first to last, in order and once, or there is one reset at the gap: whatever happens between. */

const runtimes = useRuntimes(useStore())
const stream = ['s']

type Step = {
  readonly kind: 'publish' | 'swallowed' | 'trim' | 'erase' | 'read' | 'follow' | 'elsewhere'
  readonly n: number
}
const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('publish', 'publish', 'swallowed', 'trim', 'erase', 'read', 'follow', 'elsewhere'),
  n: fc.nat(3),
})

/** A client of one stream that may change its process and its transport at each step. */
function createClient(orgId: string) {
  const seen: (number | 'reset')[] = []
  let cursor: string | undefined
  const take = (page: { events: readonly { seq: number }[]; cursor: string; reset: unknown }) => {
    if (page.reset !== undefined) seen.push('reset')
    seen.push(...page.events.map(({ seq }) => seq))
    cursor = page.cursor
  }
  const after = () => (cursor === undefined ? {} : { after: cursor })
  return {
    seen,
    read: async ({ events }: Runtime) => take(await events.read({ orgId, stream, ...after() })),
    /** One page of a follower, if there is one at once. */
    async follow({ events }: Runtime) {
      const stop = new AbortController()
      const pages = events.pages({ orgId, stream, signal: stop.signal, ...after() })[Symbol.asyncIterator]()
      const next = pages.next().catch(() => undefined)
      const { hasMore } = await events.read({ orgId, stream, limit: 1, ...after() })
      const isWaiting = !hasMore
      const page = isWaiting
        ? await Promise.race([
            next,
            new Promise<undefined>((resolve) => setImmediate(() => setImmediate(() => resolve(undefined)))),
          ])
        : await next
      stop.abort()
      await next
      await pages.return?.()
      if (page?.value) take(page.value)
    },
  }
}

it('for any interleaving of publishers, lost wake-ups, retention, erasure and changes of transport', async () => {
  const [here, there] = [await runtimes.start(), await runtimes.start()]
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 4, maxLength: 14 }), async (steps) => {
      const orgId = crypto.randomUUID()
      const client = createClient(orgId)
      let events = 0
      for (const { kind, n } of steps) {
        const runtime = n % 2 === 0 ? here : there
        const eventId = `e${events}`
        if (kind === 'publish') await runtime.events.publish({ orgId, stream, eventId, type: 't' })
        if (kind === 'swallowed') {
          const event = { eventId, type: 't', data: '{}', audience: '' }
          await appendEvent(runtime.database, { orgId, stream }, event, { at: new Date(), ends: false })
        }
        if (kind === 'publish' || kind === 'swallowed') events += 1
        if (kind === 'trim') await trimEvents(runtime.database, new Date(Date.now() + 1))
        if (kind === 'erase') await runtime.memory.erase({ orgId })
        if (kind === 'read' || kind === 'elsewhere') await client.read(runtime)
        if (kind === 'follow') await client.follow(runtime)
      }
      await client.read(here)
      for (const [at, seq] of client.seen.entries()) {
        const before = client.seen[at - 1]
        if (typeof seq === 'number' && typeof before === 'number') expect(seq).toBe(before + 1)
      }
      // Nothing is left: whoever reads on from there sees nothing.
      const head = await here.events.read({ orgId, stream })
      const last = client.seen.findLast((one) => one !== 'reset')
      if (head.events.length > 0) expect(last).toBe(head.events.at(-1)?.seq)
    }),
    { numRuns: 25 },
  )
})

it('a viewer sees exactly what is everybody’s and what is of those it names', async () => {
  const runtime = await runtimes.start()
  const ids = fc.constantFrom('a', 'b')
  const viewers = fc.record({ userId: ids, agentId: ids, workstreamId: ids }, { requiredKeys: [] })
  const scopes = ['org', 'user', 'agent', 'workstream'] as const
  const whose = fc.record({ userId: ids, agentId: ids, workstreamId: ids, scope: fc.constantFrom(...scopes) })
  await fc.assert(
    fc.asyncProperty(fc.array(whose, { minLength: 1, maxLength: 6 }), viewers, async (published, viewer) => {
      const orgId = crypto.randomUUID()
      for (const [at, one] of published.entries())
        await runtime.events.publish({ orgId, stream, eventId: String(at), type: 't', ...one })
      const { events } = await runtime.events.read({ orgId, stream, viewer })
      const isSeen = ({ scope, ...of }: (typeof published)[number]) =>
        scope === 'org' || viewer[`${scope}Id`] === of[`${scope}Id`]
      const expected = published.flatMap((one, at) => (isSeen(one) ? [String(at)] : []))
      expect(events.map(({ eventId }) => eventId)).toEqual(expected)
    }),
    { numRuns: 20 },
  )
})
