import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import type { ConversationMessage } from '../../conversation.ts'
import { type Metadata, metadataSchema } from '../../metadata.ts'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { MemoryScope } from '../../store/scopes.ts'
import type { TurnPriority } from '../../store/turns/insert-turn.ts'
import { isTimeZone } from '../../time-zone.ts'
import { isTellingName } from '../fold-name.ts'
import { type MessageInput, type MessageLimits, messageSchema } from './turn-messages.ts'

/** Owns what a turn may hold: the border at which bad input is refused, before anything is written. */

/** Years of four digits: JavaScript's dates reach beyond PostgreSQL's. */
const EARLIEST = new Date('0001-01-01T00:00:00Z')
const LATEST = new Date('9999-12-31T23:59:59.999Z')

/** One turn of a conversation, as an app records it. */
export type TurnInput = {
  readonly orgId: string
  /** The conversation, task or thread to which the turn belongs. */
  readonly workstreamId: string
  /** Made by the app; recording the same one again is safe. */
  readonly turnId: string
  /** As the app sends them to OpenAI's chat API, and as that returns them; for other APIs see `fromAnthropic`, `fromResponses`, `fromGemini`, `fromAiSdk`. */
  readonly messages: readonly MessageInput[]
  /** When the turn happened, also as ISO 8601 with its zone (`2026-03-01T18:30:00+01:00`); the time of recording if absent. At most a day ahead of it. */
  readonly at?: Date | string | undefined
  /** The IANA time zone of who speaks, as `Europe/Lisbon`: "tomorrow" is reckoned by it. @default the setting TIME_ZONE */
  readonly timeZone?: string | undefined
  /** The end user for whom the agent works, as the app names them. */
  readonly userId?: string | undefined
  /** The agent that answers, where an org has several. */
  readonly agentId?: string | undefined
  /** Who finds this turn and what is remembered of it. @default 'user' with a userId, else 'agent' with an agentId, else 'org' where a speaker has a name, else 'workstream' */
  readonly scope?: MemoryScope | undefined
  /** What a search may filter by, with whatever is remembered of the turn. It is shown to no model. @default none */
  readonly metadata?: Metadata | undefined
  /** 'backfill' for an imported history: the org's live turns are extracted first. A live turn takes the pending ones before it along. @default 'live' */
  readonly priority?: TurnPriority | undefined
  /** Whether a turn of this id that has other content is replaced, as when a message was edited: what was remembered of it goes. @default false */
  readonly replace?: boolean | undefined
}

/** A turn that was checked. */
type ParsedTurn = Omit<TurnInput, 'messages' | 'at'> & {
  readonly messages: readonly ConversationMessage[]
  readonly at?: Date | undefined
}

const TURN_PRIORITIES = ['live', 'backfill'] as const satisfies readonly TurnPriority[]
const SCOPES = ['org', 'user', 'agent', 'workstream'] as const satisfies readonly MemoryScope[]

/** Clocks differ, and some apps take a local time for UTC; what is further ahead is a mistake of units. */
const MAX_AHEAD_MS = 86_400_000
/** Before it there were no chats: such a time is one in seconds that was taken for milliseconds. */
const FIRST_CHAT = new Date('1971-01-01T00:00:00Z')
const EPOCH = new Date(0)

/** A time in the unit of a `Date`: what came in seconds or microseconds is refused. */
export const timeSchema = z
  .date()
  .min(EARLIEST)
  .max(LATEST, 'expected a time in milliseconds, got one beyond the year 9999: is it in microseconds?')
  .refine((at) => at < EPOCH || at >= FIRST_CHAT, {
    error: ({ input }) => `expected a time in milliseconds, got ${(input as Date).toISOString()}: is it in seconds?`,
  })

/** A time of the past, as a `Date` or as text with its zone. */
export function momentSchema(now: () => Date) {
  const moment = timeSchema.refine((at) => at.getTime() <= now().getTime() + MAX_AHEAD_MS, {
    error: ({ input }) => `expected a time that is not ahead of now, got ${(input as Date).toISOString()}`,
  })
  return z.preprocess(dateOf, moment)
}

/** The time that a text is, if it names its zone: without one it would be another on each server. */
function dateOf(given: unknown): unknown {
  return ISO_TIME.safeParse(given).success ? new Date(given as string) : given
}
const ISO_TIME = z.iso.datetime({ offset: true })

/** Longer names are no zones. */
const MAX_ZONE_LENGTH = 64
/** An IANA name of a time zone. */
export const timeZoneSchema = z
  .string()
  .max(MAX_ZONE_LENGTH)
  .refine(isTimeZone, {
    error: ({ input }) => `expected an IANA time zone, as Europe/Lisbon, got ${JSON.stringify(input)}`,
  })

type Limits = MessageLimits & Pick<Config, 'maxMessagesPerTurn' | 'maxTurnBytes'>

/** The turn that is being checked. */
type Checked = { now: Date; turnBytes: number }

function turnSchema(limits: Limits, checked: Checked): z.ZodType<ParsedTurn> {
  const message = messageSchema(limits, (bytes) => {
    checked.turnBytes += bytes
  })
  return z
    .strictObject({
      orgId: idSchema,
      workstreamId: idSchema,
      turnId: idSchema,
      at: momentSchema(() => checked.now).optional(),
      timeZone: timeZoneSchema.optional(),
      messages: z
        .array(message)
        .min(1)
        .max(limits.maxMessagesPerTurn)
        .refine(() => checked.turnBytes <= limits.maxTurnBytes, {
          error: () =>
            `expected at most ${limits.maxTurnBytes} bytes, got ${checked.turnBytes}; MAX_TURN_BYTES sets the limit`,
        }),
      userId: idSchema.optional(),
      agentId: idSchema.optional(),
      scope: z.enum(SCOPES).optional(),
      metadata: metadataSchema.optional(),
      priority: z.enum(TURN_PRIORITIES).optional(),
      replace: z.boolean().optional(),
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
export function scopeOf(turn: Pick<TurnInput, 'scope' | 'userId' | 'agentId' | 'messages'>): MemoryScope {
  if (turn.scope !== undefined) return turn.scope
  if (turn.userId !== undefined) return 'user'
  if (turn.agentId !== undefined) return 'agent'
  // Nobody can tell who speaks: what is said elsewhere is said by somebody else.
  return turn.messages.some(({ name }) => isTellingName(name)) ? 'org' : 'workstream'
}

/** By the limits of a runtime: to make the schema takes a hundred times as long as to check a turn. */
const checkers = new WeakMap<Limits, { readonly schema: z.ZodType<ParsedTurn>; readonly checked: Checked }>()

function checkerOf(limits: Limits) {
  const known = checkers.get(limits)
  if (known) return known
  const checked: Checked = { now: EPOCH, turnBytes: 0 }
  const made = { schema: turnSchema(limits, checked), checked }
  checkers.set(limits, made)
  return made
}

/**
 * Checks a turn.
 * @throws INPUT_INVALID with every fault, each with its path; `recorded` is 'no'.
 */
export function parseTurn(input: unknown, limits: Limits, now: Date): ParsedTurn {
  const { schema, checked } = checkerOf(limits)
  Object.assign(checked, { now, turnBytes: 0 })
  return parseInput(schema, input, 'turn')
}

/** What makes two recordings of a turnId the same turn: its messages with all their parts, not its time. */
export function contentHashOf(turn: Pick<ParsedTurn, 'messages'>): Buffer {
  const canonical = JSON.stringify(turn.messages.map(canonicalOf))
  return createHash('sha256').update(canonical).digest()
}

/** A list in a fixed order; parts that a plain message has not are no part of it. */
function canonicalOf({ role, name, content, ...rest }: ConversationMessage): unknown[] {
  const plain = [role, name ?? null, sorted(content ?? null)]
  const others = sorted(rest) as object
  return Object.keys(others).length === 0 ? plain : [...plain, others]
}

/** The same value with its keys in order, and without what is undefined. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]))
}
