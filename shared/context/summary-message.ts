import type { ConversationMessage } from '../conversation.ts'
import { type Compaction, START } from '../store/conversations/compactions.ts'
import type { StoredMessage } from '../store/conversations/conversations.ts'
import type { Pins } from '../store/conversations/system-pins.ts'
import { comparePlaces } from '../store/conversations/workstream-context.ts'
import { formatMessageId, rangeId } from './message-ids.ts'
import { type Covered, renderSummary, type Summary } from './summary.ts'
import type { TokenCounter } from './token-counter.ts'

/** The message that carries a summary. It is a user's, not the system's: what it quotes has no more say than who said it. */
export type SummaryMessage = {
  readonly message: ConversationMessage
  readonly tokens: number
  readonly covered: Covered
}

/** What a record stands for: all before its cut, but for the pinned ones; undefined for none. */
export function coveredBy(
  {
    compaction,
    pins: { changes = [] } = {},
  }: { readonly compaction: Pick<Compaction, 'cut' | 'totalMessages'> | undefined; readonly pins?: Pins },
  pins: readonly StoredMessage[],
): Covered | undefined {
  if (!compaction || compaction.totalMessages === 0) return undefined
  const pinned = pins.filter(({ place }) => comparePlaces(place, compaction.cut) < 0)
  const id = rangeId({ from: START, before: compaction.cut })
  const messages = compaction.totalMessages - pinned.length
  // A later one stands in the tail, and must not change what stands before it.
  const changedAt = changes.findLast((place) => comparePlaces(place, compaction.cut) < 0)
  return { id, messages, ...(changedAt && { promptChangedAt: formatMessageId(changedAt) }) }
}

/** The summary in at most so many tokens. */
export function summaryMessage(
  compaction: Pick<Compaction, 'summary' | 'summaryTokens'> | undefined,
  covered: Covered,
  maxTokens: number,
  counter: TokenCounter,
): SummaryMessage | undefined {
  if (!compaction?.summary) return undefined
  const isWhole = maxTokens === Number.POSITIVE_INFINITY
  const room = { maxTokens: maxTokens - counter.message({ role: 'user', content: '' }), counter }
  const message: ConversationMessage = {
    role: 'user',
    content: renderSummary(compaction.summary as Summary, covered, isWhole ? UNLIMITED : room),
  }
  const tokens =
    isWhole && counter.isAsRecorded && !covered.promptChangedAt ? compaction.summaryTokens : counter.message(message)
  return { message, tokens, covered }
}

const UNLIMITED = {
  maxTokens: Number.POSITIVE_INFINITY,
  // What has all the room need not be counted.
  counter: { isAsRecorded: true, text: () => 0, message: () => 0 },
}
