import { describe, expect, it } from 'vitest'
import { createLiveConnections } from '../../../api/live/live-connections.ts'
import { createTickets } from '../../../api/live/tickets.ts'
import { createSecretRing } from '../../../shared/access/secret-ring.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { formatCursor, parseCursor, resetReason } from '../../../shared/events/event-cursor.ts'

/** The parts of live delivery that need no service: limits, tickets and cursors. */

describe('open connections', () => {
  it('are 200 of a key, and one that leaves makes room', () => {
    const connections = createLiveConnections()
    const entered = Array.from({ length: 200 }, () => connections.enter('a', async () => {}))
    expect(() => connections.enter('a', async () => {})).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }))
    connections.enter('b', async () => {}).leave()
    entered[0]?.leave()
    connections.enter('a', async () => {}).leave()
    for (const one of entered) one.leave()
    expect(connections.count()).toBe(0)
  })

  it('close when their key is refused, not when the store is away, and all when the process stops', async () => {
    const connections = createLiveConnections()
    const failing = (code: 'UNAUTHENTICATED' | 'STORE_UNAVAILABLE') => async () => {
      throw new AfterturnError(code, 'no')
    }
    const revoked = connections.enter('a', failing('UNAUTHENTICATED'))
    const away = connections.enter('a', failing('STORE_UNAVAILABLE'))
    connections.recheck('b')
    await Promise.resolve()
    expect(revoked.signal.aborted).toBe(false)
    connections.recheck('a')
    await new Promise((resolve) => setImmediate(resolve))
    expect([revoked.signal.aborted, away.signal.aborted]).toEqual([true, false])
    await connections.stop(0)
    expect(away.signal.reason).toMatchObject({ code: 'SHUTTING_DOWN' })
    for (const one of [revoked, away]) one.leave()
  })
})

describe('a ticket', () => {
  const principal = { orgId: 'acme', scopes: ['events:read' as const], keyId: 'k' }
  const input = { orgId: 'acme', streams: [['import', '17']], ttlSeconds: 60 }
  const setUp = () => {
    let nowMs = 1_800_000_000_000
    const taken = new Set<string>()
    const tickets = createTickets({
      ring: createSecretRing('k'.repeat(32)),
      clock: { now: () => new Date(nowMs), monotonicMs: () => nowMs },
      takeOnce: async (id) => !taken.has(id) && taken.add(id).has(id),
    })
    const wait = (ms: number) => {
      nowMs += ms
    }
    return { tickets, wait }
  }

  it('is taken once, by whoever brings it in time', async () => {
    const { tickets, wait } = setUp()
    const { ticket } = tickets.issue(principal, input)
    expect(await tickets.take(ticket)).toMatchObject({
      orgId: 'acme',
      streams: [['import', '17']],
      viewer: {},
      keyId: 'k',
    })
    await expect(tickets.take(ticket)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const late = tickets.issue(principal, input).ticket
    wait(60_000)
    await expect(tickets.take(late)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('is worth nothing when it was changed, cut, or made elsewhere', async () => {
    const { tickets } = setUp()
    const { ticket } = tickets.issue(principal, input)
    const [text = '', ...signature] = ticket.split('.')
    const wider = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), viewer: { userId: 'x' } }),
    )
    const forged = [wider.toString('base64url'), ...signature].join('.')
    for (const odd of ['', '.', 'x', text, `${ticket}A`, forged, 'x'.repeat(10_000)])
      await expect(tickets.take(odd), odd.slice(0, 40)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('sees no more than the key that it was made with', () => {
    const { tickets } = setUp()
    const own = { ...principal, userId: 'maya' }
    for (const odd of [
      { viewer: { userId: 'leo' } },
      { viewer: { workstreamId: 'w' } },
      { streams: [['progress', 't']] },
    ])
      expect(() => tickets.issue(own, { ...input, ...odd })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
    expect(() => tickets.issue(principal, { ...input, streams: [] })).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
  })
})

describe('a cursor', () => {
  const head = { id: 1, epoch: 'AbCdEf_-', firstSeq: 3, lastSeq: 9, isEnded: false }

  it('is read as it was written, and nothing else is one', () => {
    expect(parseCursor(formatCursor({ epoch: 'AbCdEf_-', seq: 7 }))).toEqual({ epoch: 'AbCdEf_-', seq: 7 })
    for (const odd of ['', '.', 'a', 'a.', '.1', 'a.-1', 'a.1.2', 'a.1e3', `a.${'9'.repeat(16)}`, 'x'.repeat(1_000)])
      expect(parseCursor(odd), odd).toBeUndefined()
  })

  it.each([
    [{ epoch: 'AbCdEf_-', seq: 2 }, undefined],
    [{ epoch: 'AbCdEf_-', seq: 9 }, undefined],
    [{ epoch: 'AbCdEf_-', seq: 1 }, 'trimmed'],
    [{ epoch: 'AbCdEf_-', seq: 10 }, 'unknown_cursor'],
    [{ epoch: 'another1', seq: 5 }, 'erased'],
    [{ epoch: '0', seq: 0 }, 'trimmed'],
    [undefined, 'unknown_cursor'],
  ])('%j continues, or says why not: %s', (place, reason) => {
    expect(resetReason(place, head)).toBe(reason)
  })
})
