import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type Principal, refused } from '../../shared/access/caller.ts'
import type { SecretRing } from '../../shared/access/secret-ring.ts'
import type { Clock } from '../../shared/clock.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { followedSchema, viewerSchema } from '../../shared/events/event-input.ts'
import { idSchema, parseInput } from '../../shared/parse-input.ts'
import type { Viewer } from '../../shared/store/scopes.ts'
import { viewerOfTicket } from './viewer-of-key.ts'

/**
 * Owns tickets: what a browser opens a live connection with, in place of a key. Guarantees: a ticket names its org, streams and viewer, can do nothing else,
 * expires, and is taken once. It may stand in an address: whoever reads it in a log comes too late.
 */
export type Tickets = {
  /** @throws INPUT_INVALID, FORBIDDEN */
  issue(principal: Principal, input: unknown): { readonly ticket: string; readonly expiresAt: Date }
  /** Whom a ticket stands for; it is worth nothing afterwards. @throws UNAUTHENTICATED, REDIS_UNAVAILABLE */
  take(ticket: string): Promise<Ticket>
}

type Ticket = {
  readonly orgId: string
  readonly keyId: string
  readonly streams: readonly (readonly string[])[]
  readonly viewer: Viewer
}

type TicketServices = {
  readonly ring: SecretRing
  readonly clock: Clock
  /** Notes that a ticket was taken, for some seconds; false when it was before. @throws REDIS_UNAVAILABLE */
  takeOnce(id: string, seconds: number): Promise<boolean>
}

const LABEL = 'live ticket'
const MAX_STREAMS = 50
const MAX_TTL_SECONDS = 3_600
const DEFAULT_TTL_SECONDS = 60
const MAX_TICKET_LENGTH = 8_192
const ID_BYTES = 12

const issueSchema = z.strictObject({
  orgId: idSchema,
  streams: z.array(followedSchema).min(1).max(MAX_STREAMS),
  viewer: viewerSchema,
  ttlSeconds: z.number().int().min(1).max(MAX_TTL_SECONDS).default(DEFAULT_TTL_SECONDS),
})

export function createTickets({ ring, clock, takeOnce }: TicketServices): Tickets {
  return {
    issue(principal, input) {
      const { ttlSeconds, viewer, ...given } = parseInput(issueSchema, input, 'ticket')
      const expiresAt = new Date(clock.now().getTime() + ttlSeconds * 1_000)
      const id = randomBytes(ID_BYTES).toString('base64url')
      const body = JSON.stringify({
        ...given,
        viewer: viewerOfTicket(principal, given.streams, viewer),
        keyId: principal.keyId,
        id,
        exp: expiresAt.getTime(),
      })
      const text = Buffer.from(body).toString('base64url')
      const ticket = `${text}.${ring.sign(LABEL, text)}`
      if (ticket.length > MAX_TICKET_LENGTH)
        throw new AfterturnError(
          'INPUT_INVALID',
          `streams: expected names that make a ticket of at most ${MAX_TICKET_LENGTH} characters, got ${ticket.length}; ask for a ticket for each.`,
          { recorded: 'no' },
        )
      return { ticket, expiresAt }
    },
    async take(ticket) {
      const dot = ticket.indexOf('.')
      const [text, signature] = [ticket.slice(0, dot), ticket.slice(dot + 1)]
      if (dot < 0 || ticket.length > MAX_TICKET_LENGTH || !ring.verify(LABEL, text, signature))
        throw refused('The ticket was not made here.')
      const { id, exp, ...body } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Ticket & {
        readonly id: string
        readonly exp: number
      }
      const leftMs = exp - clock.now().getTime()
      if (leftMs <= 0) throw refused('The ticket has expired.')
      if (!(await takeOnce(id, Math.ceil(leftMs / 1_000) + 1))) throw refused('The ticket was used before.')
      return body
    },
  }
}
