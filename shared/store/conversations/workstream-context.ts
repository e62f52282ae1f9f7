import { createHash } from 'node:crypto'
import { answeredCallOf, callsOf, isSystem, type MessageParts } from '../../conversation.ts'
import { type Pins, pinSystem } from './system-pins.ts'

/**
 * Owns what a workstream's row knows of its conversation, and how a turn changes it: tokens, pinned places, calls that wait for a result.
 * Guarantees: a turn costs the same however long the conversation is.
 */

/** Where a message stands: its turn's number, and its place in the turn. */
export type MessagePlace = readonly [seq: number, position: number]
/** Negative when the first place comes before the second. */
export function comparePlaces(a: MessagePlace, b: MessagePlace): number {
  return a[0] - b[0] || a[1] - b[1]
}

export type OpenCall = {
  /** Of a long one its hash. */
  readonly id: string
  readonly seq: number
  readonly position: number
  /** Its number in the whole conversation. */
  readonly number: number
}

export type ContextRow = {
  readonly live_tokens: number
  readonly total_messages: number
  readonly pins: Pins
  readonly open_calls: readonly OpenCall[]
}

type RecordedMessage = {
  readonly role: string
  readonly name?: string | null | undefined
  readonly content: string
  readonly parts?: MessageParts | undefined
  readonly tokens?: number | null | undefined
}

/** A result that comes more messages after its call is taken as one without: else one lost result would forbid every cut. */
export const MAX_CALL_SPAN = 200
const MAX_OPEN_CALLS = 256
const BYTES_PER_TOKEN = 4
const MESSAGE_TOKENS = 4

/** What a message counts in `live_tokens`: its tokens, or an estimate where they were not counted. The migration reckons as this does. */
export function liveTokensOf({ tokens, content }: Pick<RecordedMessage, 'tokens' | 'content'>): number {
  return tokens ?? Math.ceil(Buffer.byteLength(content) / BYTES_PER_TOKEN) + MESSAGE_TOKENS
}

/** The row after a turn, and for each of its messages the place of the call that it answers. */
export function contextAfterTurn(
  row: ContextRow,
  seq: number,
  messages: readonly RecordedMessage[],
): { row: ContextRow; calls: (MessagePlace | undefined)[] } {
  let pins = row.pins
  let open = [...row.open_calls]
  let number = row.total_messages
  let isLeading = true
  const calls = messages.map((message, position) => {
    number += 1
    isLeading &&= isSystem(message)
    if (isSystem(message)) pins = pinSystem(pins, { at: [seq, position], text: message.content, isLeading })
    if (message.role === 'user' && !pins.user) pins = { ...pins, user: [seq, position] }
    for (const { id } of callsOf(message.parts ?? {})) open.push({ id: keyOf(id), seq, position, number })
    const at = answeredIn(open, message)
    const call = open[at]
    if (!call) return undefined
    open.splice(at, 1)
    return number - call.number <= MAX_CALL_SPAN ? ([call.seq, call.position] as const) : undefined
  })
  open = open.filter((call) => number - call.number < MAX_CALL_SPAN).slice(-MAX_OPEN_CALLS)
  const tokens = messages.reduce((sum, message) => sum + liveTokensOf(message), 0)
  return {
    row: { live_tokens: row.live_tokens + tokens, total_messages: number, pins, open_calls: open },
    calls,
  }
}

/** The index of the call whose result a message is: of the newest message that has such a call the first. */
function answeredIn(open: readonly OpenCall[], message: RecordedMessage): number {
  const id = answeredCallOf({ ...message.parts, role: message.role, name: message.name })
  if (id === undefined) return -1
  const key = keyOf(id)
  const newest = open.findLast((call) => call.id === key)
  return open.findIndex((call) => call.id === key && call.number === newest?.number)
}

/** Some gateways put a model's signature into an id, which has kilobytes then: too much for a row that each turn writes. */
function keyOf(id: string): string {
  return id.length <= MAX_KEY_CHARS ? id : createHash('sha256').update(id).digest('hex')
}
const MAX_KEY_CHARS = 512
