import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, viewer } from '../wire/fields.ts'

/** The input that reading a stream and reading a whole org share. */
const selection = {
  orgId,
  after: z.string().optional().meta({ description: 'The cursor of the last event or page; by default the beginning' }),
  viewer: z.strictObject(viewer).optional().meta({ description: 'The viewer; by default only what everybody may see' }),
  limit: z.int().min(1).max(100).optional().meta({ description: 'At most 100, which is the default' }),
  waitMs: z.int().min(0).max(25_000).optional().meta({ description: 'How long to wait for the first; by default 0' }),
  texts: z.boolean().optional().meta({ description: 'Whether events of memories come with their text' }),
}
const event = {
  seq: z.int(),
  cursor: z.string(),
  eventId: z.string(),
  type: z.string(),
  at: moment,
  data: z.unknown(),
  text: z.string().optional(),
}
const position = {
  cursor: z.string().meta({ description: 'The cursor of the next page' }),
  reset: z
    .enum(['trimmed', 'erased', 'unknown_cursor'])
    .optional()
    .meta({ description: 'Set if events between the cursor and these may be missing' }),
  hasMore: z.boolean(),
}
/** Longer than what may be waited for. */
const TIMEOUT_MS = 35_000

export const readEventsOperation = defineOperation({
  id: 'events.read',
  summary: 'Reads a page of the events of a stream after a cursor; it can wait for the first one',
  method: 'POST',
  path: '/v1/orgs/{orgId}/events/read',
  scope: 'events:read',
  reach: 'org',
  input: z.strictObject({
    ...selection,
    stream: z.array(z.string()).meta({ description: 'The name of the stream, part by part' }),
  }),
  output: z.object({ events: z.array(z.object(event)), ...position, state: z.enum(['open', 'ended']) }),
  errors: [],
  runtime: 'events.read',
  timeoutMs: TIMEOUT_MS,
  run: ({ events }, input) => events.read(input),
})

export const readOrgEventsOperation = defineOperation({
  id: 'events.read-org',
  summary: 'Reads a page of the events of all streams of an org, in the order of their transactions',
  method: 'POST',
  path: '/v1/orgs/{orgId}/events/read-org',
  scope: 'events:read',
  reach: 'org',
  input: z.strictObject(selection),
  output: z.object({
    events: z.array(z.object({ ...event, stream: z.array(z.string()) })),
    ...position,
  }),
  errors: [],
  runtime: 'events.readOrg',
  timeoutMs: TIMEOUT_MS,
  run: ({ events }, input) => events.readOrg(input),
})
