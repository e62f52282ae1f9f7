import type { StoredMessage } from '../store/conversations/conversations.ts'
import { legalCutFrom, legalCuts } from './cut-points.ts'
import { type Showing, type ShownMessage, showExcerpt, showMessages, shownTokens } from './shown-messages.ts'

/**
 * Owns which of the newest messages are shown where not all fit. Guarantees: they fit; a call and its results stay together, unless they alone are
 * too large; the first shown message moves in steps, so that most turns leave what came before them as it was.
 */

type ContextTail = { readonly shown: readonly ShownMessage[]; readonly first: number }

/** The room is given up in steps of this share. */
const STEP_SHARE = 0.25

type TailRoom = {
  readonly room: number
  /** What all messages take that no summary covers, those that were not read included. */
  readonly rawTokens: number
  /** What the room does not pay for: pinned messages. */
  isPinned(source: StoredMessage): boolean
}

/** Chooses the end of `messages`, which reach to the conversation's end; `first` is the index from which all are shown. */
export function chooseTail(messages: readonly StoredMessage[], tail: TailRoom, showing: Showing): ContextTail {
  const { room, rawTokens, isPinned } = tail
  const legal = legalCuts(messages)
  const step = Math.max(1, Math.floor(room * STEP_SHARE))
  const live = messages.map((source) => (isPinned(source) ? 0 : shownTokens(source, showing)))
  const before: number[] = []
  let sum = rawTokens - live.reduce((total, tokens) => total + tokens, 0)
  for (const tokens of live) {
    before.push(sum)
    sum += tokens
  }
  let index = 0
  for (let shown = showMessages(messages, showing); index < messages.length; ) {
    const taken = tokensOf(shown, tail)
    if (taken <= room && legal[index]) return { shown, first: index }
    const over = Math.max(1, taken - room)
    // Places in the conversation, not in what was read: the same steps whatever comes after.
    const from = Math.ceil(((before[index] as number) + over) / step) * step
    const next = before.findIndex((tokens, at) => at > index && tokens >= from)
    if (next === -1) break
    index = legalCutFrom(legal, next)
    if (index === messages.length) break
    shown = showMessages(messages.slice(index), showing)
  }
  return squeezeNewest(messages, legal, tail, showing)
}

/** The newest messages that belong together do not fit in full: their outputs become pointers, or some of them are left out, or the last is cut. */
function squeezeNewest(
  messages: readonly StoredMessage[],
  legal: readonly boolean[],
  tail: TailRoom,
  showing: Showing,
): ContextTail {
  const end = messages.length
  const unit = legal.lastIndexOf(true, end - 1)
  const pointed: Showing = { ...showing, offload: [Number.POSITIVE_INFINITY, 0], offloadTokens: 0 }
  for (let first = Math.max(0, unit); first < end; first++) {
    for (const how of [showing, pointed]) {
      const shown = showMessages(messages.slice(first), how)
      if (tokensOf(shown, tail) <= tail.room) return { shown, first }
    }
  }
  const last = messages.at(-1)
  const excerpt = last && showExcerpt(last, tail.room, showing)
  return excerpt ? { shown: [excerpt], first: end - 1 } : { shown: [], first: end }
}

function tokensOf(shown: readonly ShownMessage[], { isPinned }: Pick<TailRoom, 'isPinned'>): number {
  return shown.reduce((sum, { source, tokens }) => sum + (isPinned(source) ? 0 : tokens), 0)
}
