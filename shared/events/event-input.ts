import { z } from 'zod'
import { jsonTextSchema } from '../json-value.ts'
import { idSchema } from '../parse-input.ts'
import { RESERVED_STREAMS } from '../store/events/product-events.ts'
import type { MemoryScope, Viewer } from '../store/scopes.ts'

/** Owns what an event may hold and how a stream is named: the border at which bad input is refused, before anything is written. */

/** The name of a stream, part by part, as `['import', '17']`. */
export type StreamName = readonly string[]

/** What an app publishes. */
export type EventInput = {
  readonly orgId: string
  /** Up to 8 parts. Names that begin with `org`, `workstream`, `repo`, `workflow` or `progress` are the product's own. */
  readonly stream: StreamName
  /** Made by the app; publishing the same one again is safe for as long as the event is kept. */
  readonly eventId: string
  /** Letters, digits and `. _ : -`, at most 100; not `reset`, which tells followers that events are missing. */
  readonly type: string
  /** JSON. @default {} */
  readonly data?: unknown
  /** Whose it is: erasing that user or workstream erases it. */
  readonly userId?: string | undefined
  readonly agentId?: string | undefined
  readonly workstreamId?: string | undefined
  /** Who sees it. @default 'user' with a userId, else 'agent' with an agentId, else 'workstream' with a workstreamId, else 'org' */
  readonly scope?: MemoryScope | undefined
  /** Whether the stream ends with it. @default false */
  readonly ends?: boolean | undefined
}

export type ReadEventsInput = {
  readonly orgId: string
  readonly stream: StreamName
  /** The cursor of the last event or page that was seen. @default the beginning of what is kept */
  readonly after?: string | undefined
  /** For whom it is read. @default nobody: it sees what everybody of the org sees */
  readonly viewer?: Viewer | undefined
  /** 1 to 100. @default 100 */
  readonly limit?: number | undefined
  /** How long to wait for the first event, 0 to 30,000. @default 0 */
  readonly waitMs?: number | undefined
  /** True for events with the text of their memory, as far as the viewer may see it now. @default false */
  readonly texts?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

export type FollowInput = Omit<ReadEventsInput, 'limit' | 'waitMs'>

const MAX_PAGE_EVENTS = 100
const MAX_WAIT_MS = 30_000
const MAX_PARTS = 8
/** With the org's id the name is one row of an index, which takes 2,704 bytes. */
const MAX_NAME_BYTES = 1_600
const MAX_CURSOR_CHARS = 1_000

/** The stream that is followed, or with no part at all the whole org. */
export const followedSchema = z
  .array(idSchema)
  .max(MAX_PARTS)
  .refine((parts) => parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0) <= MAX_NAME_BYTES, {
    error: `expected parts of at most ${MAX_NAME_BYTES} bytes together, got more`,
  })
const streamSchema = followedSchema.min(1)

export const viewerSchema = z
  .strictObject({ userId: idSchema.optional(), agentId: idSchema.optional(), workstreamId: idSchema.optional() })
  .default({})

/** Tells followers that events are missing: an event of this name would be taken for it. */
const RESERVED_TYPE = 'reset'

/** What is published, with `data` as JSON text. */
export function eventSchema(maxBytes: number) {
  return z
    .strictObject({
      orgId: idSchema,
      stream: streamSchema.refine(([first]) => !RESERVED_STREAMS.includes(first as string), {
        error: `expected a name of your own, got one that begins with one of ${RESERVED_STREAMS.join(', ')}`,
      }),
      eventId: idSchema,
      type: z
        .string()
        .regex(/^[\w.:-]{1,100}$/, 'expected 1 to 100 letters, digits and . _ : -, got another name')
        .refine((type) => type !== RESERVED_TYPE, `expected a word of your own, got ${RESERVED_TYPE}, which is taken`),
      data: jsonTextSchema(maxBytes),
      userId: idSchema.optional(),
      agentId: idSchema.optional(),
      workstreamId: idSchema.optional(),
      scope: z.enum(['org', 'user', 'agent', 'workstream']).optional(),
      ends: z.boolean().default(false),
    })
    .transform((input) => ({ ...input, scope: input.scope ?? narrowestScope(input) }))
    .refine((input) => input.scope === 'org' || input[`${input.scope}Id`] !== undefined, {
      path: ['scope'],
      error: 'expected the id that the scope names beside it, got none',
    })
}

export const followSchema = z.strictObject({
  orgId: idSchema,
  stream: streamSchema,
  after: z.string().max(MAX_CURSOR_CHARS).optional(),
  viewer: viewerSchema,
  texts: z.boolean().default(false),
  signal: z.instanceof(AbortSignal).optional(),
})

export const readSchema = followSchema.extend({
  limit: z.number().int().min(1).max(MAX_PAGE_EVENTS).default(MAX_PAGE_EVENTS),
  waitMs: z.number().int().min(0).max(MAX_WAIT_MS).default(0),
})

export const readOrgSchema = readSchema.omit({ stream: true })

/** Who sees what says whose it is and no scope. */
export function narrowestScope({ userId, agentId, workstreamId }: Viewer): MemoryScope {
  if (userId !== undefined) return 'user'
  if (agentId !== undefined) return 'agent'
  return workstreamId === undefined ? 'org' : 'workstream'
}
