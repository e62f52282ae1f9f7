import { z } from 'zod'
import type { ConversationMessage } from '../conversation.ts'
import { AfterturnError } from '../errors.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { readContextState } from '../store/conversations/compactions.ts'
import { readMessagesFrom } from '../store/conversations/conversations.ts'
import { type ContextServices, unknownWorkstream } from './load-context.ts'
import { formatMessageId, parseId, rangeId } from './message-ids.ts'

export type ExpandInput = {
  readonly orgId: string
  readonly workstreamId: string
  /** The id of a part of a loaded context, or one that stands in its text. */
  readonly id: string
  /** How many messages at most. @default 200 */
  readonly limit?: number | undefined
}

export type ExpandedMessage = {
  readonly id: string
  readonly turnId: string
  readonly at: Date
  readonly message: ConversationMessage
}

/** The raw messages behind an id, the oldest first. `next` is the id of those that are left; null when there are none. */
export type Expanded = { readonly messages: readonly ExpandedMessage[]; readonly next: string | null }

const DEFAULT_LIMIT = 200
const MAX_LIMIT = 1_000
const expandSchema = z.strictObject({
  orgId: idSchema,
  workstreamId: idSchema,
  id: z.string().max(100),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})

/**
 * Reads the raw messages behind a part of a context, whatever has been compacted since.
 * @throws INPUT_INVALID, WORKSTREAM_UNKNOWN
 */
export async function expandContext({ database }: ContextServices, input: ExpandInput): Promise<Expanded> {
  const { id, limit, ...scope } = parseInput(expandSchema, input, 'expansion')
  const range = parseId(id)
  if (!range) {
    const got = JSON.stringify(id)
    throw new AfterturnError(
      'INPUT_INVALID',
      `id: expected the id of a part of a context, such as 12.3 or 12.3-40.0, got ${got}.`,
    )
  }
  const state = await readContextState(database, scope)
  if (!state) throw unknownWorkstream(scope.workstreamId)
  const found = await readMessagesFrom(database, scope, range.from, { before: range.before, limit: limit + 1 })
  const next = found[limit]
  return {
    messages: found
      .slice(0, limit)
      .map(({ place, turnId, at, message }) => ({ id: formatMessageId(place), turnId, at, message })),
    next: next ? rangeId({ from: next.place, before: range.before }) : null,
  }
}
