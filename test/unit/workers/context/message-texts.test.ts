import { expect, it } from 'vitest'
import { createTokenCounter } from '../../../../shared/context/token-counter.ts'
import type { ConversationMessage } from '../../../../shared/conversation.ts'
import { fromAnthropic } from '../../../../shared/formats/from-anthropic.ts'
import type { StoredMessage } from '../../../../shared/store/conversations/conversations.ts'
import { textsOf } from '../../../../workers/context/message-texts.ts'

it('words may be quoted whatever form they came in, and nothing that is more than words', async () => {
  const thinking = { type: 'thinking', thinking: 'hm', signature: 'EqQB' }
  const image = { type: 'image', source: { type: 'url', url: 'https://i/1' } }
  const text = (words: string) => ({ type: 'text', text: words })
  const given = fromAnthropic([
    { role: 'user', content: 'as text' },
    { role: 'user', content: [text('as a part'), text('and another')] },
    { role: 'assistant', content: [thinking, text('after a thought')] },
    { role: 'user', content: [text('beside a picture'), image] },
    { role: 'assistant', content: [thinking] },
  ])
  const messages = given.map(
    (message: ConversationMessage, at): StoredMessage => ({
      place: [at, 0],
      turnId: 't',
      at: new Date(0),
      content: '',
      message,
      tokens: 1,
      call: null,
    }),
  )
  const showing = { offload: [0, 0] as const, offloadTokens: 1_000, counter: await createTokenCounter('gpt-5') }
  const { quotes } = textsOf({ messages, pins: [], showing } as never, [], 10_000)
  expect([...quotes.values()].map((quote) => quote.text)).toEqual([
    'as text',
    'as a part\nand another',
    'after a thought',
  ])
})

it('a quote is worth as much in the next record as it was beside the question that it answers', async () => {
  const said = (content: string, name: string, at: number): StoredMessage => ({
    place: [at, 0],
    turnId: 't',
    at: new Date(0),
    content,
    message: { role: 'user', name, content },
    tokens: 1,
    call: null,
  })
  const messages = [said('where to?', 'ben', 1), said('to the coast', 'anna', 2), said('to the coast', 'anna', 3)]
  const showing = { offload: [0, 0] as const, offloadTokens: 1_000, counter: await createTokenCounter('gpt-5') }
  const first = textsOf({ messages, pins: [], showing } as never, [], 10_000)
  const worths = first.texts.map(({ worth }) => worth)
  expect(worths[1]).toBeGreaterThan(worths[2] as number)
  const next = textsOf({ messages: [], pins: [], showing } as never, [...first.quotes.values()], 10_000)
  expect(next.texts.map(({ worth }) => worth)).toEqual(worths)
})
