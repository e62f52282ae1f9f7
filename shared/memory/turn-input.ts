import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import type { MemoryScope } from '../store/scopes.ts'

/** Owns what a turn may hold: the border at which bad input is refused, before anything is written. */

/** In UTF-8: three ids are one row of an index, and PostgreSQL takes 2,704 bytes there. */
export const MAX_ID_BYTES = 512

/** An id as apps make them: any well-formed text, colons, spaces and emoji included. */
export const idSchema = z
  .string()
  .min(1)
  .refine((id) => Buffer.byteLength(id) <= MAX_ID_BYTES, {
    error: (issue) => `expected at most ${MAX_ID_BYTES} bytes of UTF-8, got ${Buffer.byteLength(String(issue.input))}`,
  })
  .refine(isStorable, 'expected well-formed text without NUL, got a lone surrogate or NUL')

/** Years of four digits: JavaScript's dates reach beyond PostgreSQL's. */
const EARLIEST = new Date('0001-01-01T00:00:00Z')
const LATEST = new Date('9999-12-31T23:59:59.999Z')

const ROLES = ['user', 'assistant', 'system', 'tool'] as const
export type Role = (typeof ROLES)[number]

export type TurnMessage = { readonly role: Role; readonly name?: string | undefined; readonly content: string }

/** One turn of a conversation, as an app records it. */
export type TurnInput = {
  readonly orgId: string
  /** The conversation, task or thread to which the turn belongs. */
  readonly workstreamId: string
  /** Made by the app; recording the same one again is safe. */
  readonly turnId: string
  readonly messages: readonly TurnMessage[]
  /** When the turn happened; the time of recording if absent. */
  readonly at?: Date | undefined
  /** The end user for whom the agent works, as the app names them. */
  readonly userId?: string | undefined
  /** The agent that answers, where an org has several. */
  readonly agentId?: string | undefined
  /** Who finds this turn and what is remembered of it. @default 'user' with a userId, else 'agent' with an agentId, else 'org' */
  readonly scope?: MemoryScope | undefined
}

const SCOPES = ['org', 'user', 'agent', 'workstream'] as const satisfies readonly MemoryScope[]

type Limits = Pick<Config, 'maxMessageBytes' | 'maxMessagesPerTurn'>

function turnSchema(limits: Limits): z.ZodType<TurnInput> {
  const content = z
    .string()
    .refine((text) => text.trim() !== '', 'expected some text, got none')
    .refine((text) => Buffer.byteLength(text) <= limits.maxMessageBytes, {
      error: (issue) =>
        `expected at most ${limits.maxMessageBytes} bytes, got ${Buffer.byteLength(String(issue.input))}; MAX_MESSAGE_BYTES sets the limit`,
    })
    .refine(isStorable, 'expected well-formed text without NUL, got a lone surrogate or NUL')
  return z
    .strictObject({
      orgId: idSchema,
      workstreamId: idSchema,
      turnId: idSchema,
      at: z.date().min(EARLIEST).max(LATEST).optional(),
      messages: z
        .array(z.strictObject({ role: z.enum(ROLES), name: idSchema.optional(), content }))
        .min(1)
        .max(limits.maxMessagesPerTurn),
      userId: idSchema.optional(),
      agentId: idSchema.optional(),
      scope: z.enum(SCOPES).optional(),
    })
    .refine(({ scope, userId }) => scope !== 'user' || userId !== undefined, {
      path: ['userId'],
      error: "expected an id, for the scope is 'user', got none",
    })
    .refine(({ scope, agentId }) => scope !== 'agent' || agentId !== undefined, {
      path: ['agentId'],
      error: "expected an id, for the scope is 'agent', got none",
    })
}

/** Who finds a turn whose app does not say: those for whom it was said. */
export function scopeOf(turn: Pick<TurnInput, 'scope' | 'userId' | 'agentId'>): MemoryScope {
  return turn.scope ?? (turn.userId !== undefined ? 'user' : turn.agentId !== undefined ? 'agent' : 'org')
}

/**
 * Checks a turn.
 * @throws INPUT_INVALID with every fault, each with its path; `recorded` is 'no'.
 */
export function parseTurn(input: unknown, limits: Limits): TurnInput {
  return parseInput(turnSchema(limits), input, 'turn')
}

/**
 * Checks any input at the border.
 * @throws INPUT_INVALID with every fault, each with its path.
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, what: string): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || what}: ${issue.message}`)
  throw new AfterturnError('INPUT_INVALID', `The ${what} is not valid: ${faults.join('; ')}.`, { recorded: 'no' })
}

/** What makes two recordings of a turnId the same turn: its messages, not its time. */
export function contentHashOf(turn: TurnInput): Buffer {
  const canonical = JSON.stringify(turn.messages.map(({ role, name, content }) => [role, name ?? null, content]))
  return createHash('sha256').update(canonical).digest()
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}
