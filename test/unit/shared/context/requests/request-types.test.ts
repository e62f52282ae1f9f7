import type OpenAI from 'openai'
import { expect, it } from 'vitest'
import type { LoadedContext } from '../../../../../shared/context/loaded-context.ts'
import type { RequestMessage } from '../../../../../shared/context/requests/request-types.ts'
import { parseTurn, type TurnInput } from '../../../../../shared/memory/recording/turn-input.ts'

/** What compiles here compiles in an app, under the strictest options: `tsc` is the test. */

type ChatMessage = OpenAI.Chat.Completions.ChatCompletionMessageParam
type Answer = OpenAI.Chat.Completions.ChatCompletion

/** A context goes into a request as it is. */
function ask(client: OpenAI, loaded: LoadedContext): Promise<Answer> {
  return client.chat.completions.create({ model: 'gpt-5-mini', messages: loaded.messages })
}

/** An answer, what was sent, and what was loaded go into a turn as they are. */
function turnOf(
  sent: ChatMessage[],
  answer: Answer['choices'][number]['message'],
  loaded: RequestMessage[],
): TurnInput {
  const ids = { orgId: 'o', workstreamId: 'w', turnId: 't' }
  const turns: TurnInput[] = [
    { ...ids, messages: sent },
    { ...ids, messages: loaded },
  ]
  return { ...ids, messages: [...(turns[0]?.messages ?? []), answer] }
}

it('takes an answer of the client as it is', () => {
  expect(ask).toBeTypeOf('function')
  const answer: Answer['choices'][number]['message'] = {
    role: 'assistant',
    content: 'hi',
    refusal: null,
    annotations: [],
  }
  const limits = { maxMessageBytes: 99, maxInlineBytes: 99, maxTurnBytes: 99, maxMessagesPerTurn: 9 }
  const turn = turnOf([{ role: 'user', content: 'hello' }], answer, [])
  expect(parseTurn(turn, limits, new Date()).messages).toEqual([
    { role: 'user', content: 'hello' },
    { role: 'assistant', content: 'hi' },
  ])
})
