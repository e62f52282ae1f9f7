import { REPLY_TOKENS } from '../../shared/ai/tokens/message-tokens.ts'
import { legalCutFrom, legalCuts } from '../../shared/context/cut-points.ts'
import { readTail, sumOf } from '../../shared/context/load-context.ts'
import { formatMessageId } from '../../shared/context/message-ids.ts'
import { isOffloadable, type Showing, shownTokens } from '../../shared/context/shown-messages.ts'
import { showPins } from '../../shared/context/shown-pins.ts'
import type { TokenCounter } from '../../shared/context/token-counter.ts'
import { type ContextState, START } from '../../shared/store/conversations/compactions.ts'
import { readMessagesAt, readMessagesFrom, type StoredMessage } from '../../shared/store/conversations/conversations.ts'
import { pinnedPlaces } from '../../shared/store/conversations/system-pins.ts'
import {
  comparePlaces,
  liveTokensOf,
  MAX_CALL_SPAN,
  type MessagePlace,
} from '../../shared/store/conversations/workstream-context.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import type { ContextWorkServices } from './context-services.ts'

/**
 * Owns what a compaction does next: nothing, off-load tool outputs, or fold the oldest messages into the summary. Guarantees: cuts only where calls
 * and results stay together; pinned messages and the newest are left alone; reads the newest messages and one call's worth of the oldest.
 */

export type Plan =
  | { readonly kind: 'nothing'; readonly why: string; readonly rowsRead: number }
  | {
      readonly kind: 'offload'
      readonly offload: MessagePlace
      readonly savedTokens: number
      readonly rowsRead: number
    }
  | FoldPlan

export type FoldPlan = {
  readonly kind: 'fold'
  readonly cut: MessagePlace
  /** All messages from the last cut to this one. */
  readonly messages: readonly StoredMessage[]
  readonly pins: readonly StoredMessage[]
  /** What the messages that are not pinned count in `live_tokens`. */
  readonly foldedTokens: number
  /** What the new summary may take. */
  readonly maxSummaryTokens: number
  readonly showing: Showing
  readonly rowsRead: number
}

/** Below this share of the budget a conversation is left alone. */
const ENOUGH_SHARE = 0.5
/** What is folded must be worth a call: this share of the budget. */
const MIN_FOLD_SHARE = 0.08
/** Pinned messages never leave less of the budget than this: beyond that the rest is folded into as much, and it is `load` that says what is missing. */
const MIN_ROOM_SHARE = 0.25
/** The newest messages and the summary, as shares of what the pinned ones leave; the rest is for the turns to come. */
const MAX_TAIL_SHARE = 0.4
const SUMMARY_SHARE = 0.8
/** Off-loading alone must save this share of the budget, and then be enough. */
const MIN_OFFLOAD_SHARE = 0.1
/** The newest messages that belong together are left alone up to this share, though they are more than the tail. */
const MAX_UNIT_SHARE = 0.6

/** Plans one step for a budget. */
export async function planCompaction(
  { config, database }: Pick<ContextWorkServices, 'config' | 'database'>,
  scope: WorkstreamKey,
  state: ContextState,
  budgetTokens: number,
  counter: TokenCounter,
): Promise<Plan> {
  const { cut, offload } = state.compaction ?? { cut: START, offload: START }
  const showing: Showing = { offload, offloadTokens: config.contextOffloadTokens, counter }
  const pins = await readMessagesAt(database, scope, pinnedPlaces(state.pins))
  const pinned = new Set(pins.map(({ place }) => formatMessageId(place)))
  const isPinned = ({ place }: StoredMessage) => pinned.has(formatMessageId(place))
  const unpinned = budgetTokens - REPLY_TOKENS - showPins(state.pins, pins, budgetTokens - REPLY_TOKENS, showing).tokens
  const room = Math.max(unpinned, budgetTokens * MIN_ROOM_SHARE)
  if (state.liveTokens <= budgetTokens * ENOUGH_SHARE) return { kind: 'nothing', why: 'it fits', rowsRead: pins.length }

  const tailTokens = Math.min((budgetTokens * config.contextTailPercent) / 100, room * MAX_TAIL_SHARE)
  const maxUnitTokens = room * MAX_UNIT_SHARE
  const tail = await readTail(database, scope, { cut, end: state.end, room: maxUnitTokens, isPinned, showing })
  const tailStart = startOfTail(tail.messages, tailTokens, maxUnitTokens, isPinned, showing) ?? state.end
  const kept = tail.messages.filter((source) => comparePlaces(source.place, tailStart) >= 0 && !isPinned(source))
  const keptTokens = sumOf(kept, (source) => shownTokens(source, showing))
  let rowsRead = pins.length + tail.rowsRead

  // What one call is given, the summary so far included.
  const inputTokens = Math.max(
    config.compactionInputTokens - (state.compaction?.summaryTokens ?? 0),
    config.compactionInputTokens / 2,
  )
  const pointing: Showing = { ...showing, offload: tailStart }
  const messages: StoredMessage[] = []
  let shown = 0
  let isAll = false
  // The page beyond what fits looks ahead: what answers a call comes within it.
  for (let isBeyond = false; !isAll && !isBeyond; ) {
    isBeyond = shown > inputTokens
    const last = messages.at(-1)?.place
    const from: MessagePlace = last ? [last[0], last[1] + 1] : cut
    const page = await readMessagesFrom(database, scope, from, { before: tailStart, limit: MAX_CALL_SPAN })
    messages.push(...page)
    shown += sumOf(page, (source) => shownTokens(source, pointing))
    isAll = page.length < MAX_CALL_SPAN
  }
  rowsRead += messages.length

  const accounted = (source: StoredMessage, how = showing) => (isPinned(source) ? 0 : accountedTokens(source, how))
  const savedTokens = sumOf(messages, (source) => accounted(source) - accounted(source, pointing))
  if (
    isAll &&
    savedTokens >= budgetTokens * MIN_OFFLOAD_SHARE &&
    state.liveTokens - savedTokens <= budgetTokens * ENOUGH_SHARE
  )
    return { kind: 'offload', offload: tailStart, savedTokens, rowsRead }

  const end = isAll && shown <= inputTokens ? messages.length : endOfChunk(messages, inputTokens, pointing)
  const folded = messages.slice(0, end)
  const foldedTokens = sumOf(folded, (source) => accounted(source))
  if (foldedTokens < budgetTokens * MIN_FOLD_SHARE && (isAll || end === 0))
    return { kind: 'nothing', why: 'what is not among the newest is too little', rowsRead }
  return {
    kind: 'fold',
    cut: messages[end]?.place ?? tailStart,
    messages: folded,
    pins,
    foldedTokens,
    maxSummaryTokens: Math.floor((room - keptTokens) * SUMMARY_SHARE),
    showing: pointing,
    rowsRead,
  }
}

/** What a message counts in `live_tokens` under the offload that is in force. */
function accountedTokens(source: StoredMessage, showing: Showing): number {
  const isPointer =
    isOffloadable(source.message) &&
    comparePlaces(source.place, showing.offload) < 0 &&
    (source.tokens ?? Number.POSITIVE_INFINITY) >= showing.offloadTokens
  return isPointer ? Math.min(shownTokens(source, showing), liveTokensOf(source)) : liveTokensOf(source)
}

/** Where the newest messages begin that stay: as many as fit, from a legal cut; undefined when none of them can stay. */
function startOfTail(
  messages: readonly StoredMessage[],
  tailTokens: number,
  maxUnitTokens: number,
  isPinned: (source: StoredMessage) => boolean,
  showing: Showing,
): MessagePlace | undefined {
  const legal = legalCuts(messages)
  let start: MessagePlace | undefined
  let tokens = 0
  for (let index = messages.length - 1; index >= 0; index--) {
    const source = messages[index] as StoredMessage
    tokens += isPinned(source) ? 0 : shownTokens(source, showing)
    if (tokens > (start ? tailTokens : maxUnitTokens)) break
    if (legal[index]) {
      if (start && tokens > tailTokens) break
      start = source.place
    }
  }
  return start
}

/** How many of the oldest messages one call takes: up to a legal cut, and at least one group. */
function endOfChunk(messages: readonly StoredMessage[], inputTokens: number, showing: Showing): number {
  const legal = legalCuts(messages)
  let tokens = 0
  let fits = 0
  let best = 0
  for (const [index, source] of messages.entries()) {
    tokens += shownTokens(source, showing)
    if (tokens > inputTokens && index > 0) break
    fits = index + 1
    if (legal[fits]) best = fits
  }
  return best > 0 ? best : legalCutFrom(legal, fits)
}
