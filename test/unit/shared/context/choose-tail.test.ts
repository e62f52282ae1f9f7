import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { chooseTail } from '../../../../shared/context/choose-tail.ts'
import { legalCuts } from '../../../../shared/context/cut-points.ts'
import { type Showing, type ShownMessage, showMessages } from '../../../../shared/context/shown-messages.ts'
import { createTokenCounter, type TokenCounter } from '../../../../shared/context/token-counter.ts'
import { type ConversationMessage, textOf } from '../../../../shared/conversation.ts'
import type { StoredMessage } from '../../../../shared/store/conversations/conversations.ts'
import { type ContextRow, contextAfterTurn } from '../../../../shared/store/conversations/workstream-context.ts'
import { conversations, faultsOfRequest } from '../../../helpers/memory/conversations.ts'

/** What holds of every cut and every tail, over thousands of conversations; they need no store. */

const RUNS = 2_000

let counter: TokenCounter
beforeAll(async () => {
  counter = await createTokenCounter('gpt-5')
})

/** The messages as the store gives them. */
function stored(turns: readonly ConversationMessage[][]): { messages: StoredMessage[]; liveTokens: number } {
  let row: ContextRow = { live_tokens: 0, total_messages: 0, pins: {}, open_calls: [] }
  const messages = turns.flatMap((turn, index) => {
    const recorded = turn.map((message) => ({
      role: message.role,
      content: textOf(message),
      parts: { tool_calls: message.tool_calls, tool_call_id: message.tool_call_id },
      tokens: counter.message(message),
    }))
    const after = contextAfterTurn(row, index + 1, recorded)
    row = after.row
    return turn.map(
      (message, position): StoredMessage => ({
        place: [index + 1, position],
        turnId: `t${index}`,
        at: new Date(0),
        message,
        tokens: recorded[position]?.tokens ?? null,
        call: after.calls[position] ?? null,
        content: textOf(message),
      }),
    )
  })
  return { messages, liveTokens: row.live_tokens }
}

const showing = (): Showing => ({ offload: [0, 0], offloadTokens: 100, counter })
const sourcesOf = (shown: readonly ShownMessage[]) => shown.map(({ source }) => source)
const messagesOf = (shown: readonly ShownMessage[]) => shown.map(({ message }) => message)

it('no legal cut parts a call from its results, and each side shows all of its messages once', () => {
  const property = fc.property(conversations, fc.nat(), (turns, at) => {
    const { messages } = stored(turns)
    const legal = [...legalCuts(messages).entries()].flatMap(([index, isLegal]) => (isLegal ? [index] : []))
    expect(legal).toContain(0)
    const cut = legal[at % legal.length] as number
    for (const side of [messages.slice(0, cut), messages.slice(cut)]) {
      const shown = showMessages(side, showing())
      expect(faultsOfRequest(messagesOf(shown))).toEqual([])
      expect(new Set(sourcesOf(shown))).toEqual(new Set(side))
      expect(shown).toHaveLength(side.length)
      const answered = side.filter(({ call }) => call !== null)
      expect(shown.filter(({ message }) => message.role === 'tool')).toHaveLength(answered.length)
    }
  })
  fc.assert(property, { numRuns: RUNS })
})

it('a tail takes at most its room, ends with the newest, is valid for the API, and the same again', () => {
  const property = fc.property(conversations, fc.integer({ min: 0, max: 3_000 }), (turns, room) => {
    const { messages, liveTokens } = stored(turns)
    const choose = () => chooseTail(messages, { room, rawTokens: liveTokens, isPinned: () => false }, showing())
    const { shown, first } = choose()
    expect(shown.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(room)
    expect(faultsOfRequest(messagesOf(shown))).toEqual([])
    expect(new Set(sourcesOf(shown))).toEqual(new Set(messages.slice(first)))
    expect(choose()).toEqual({ shown, first })
  })
  fc.assert(property, { numRuns: RUNS })
})
