import { seededRandom } from './random-vectors.ts'

/** Conversations as agents keep them: each turn a question and an answer with an id, in words that are drawn by a seed. */

const WORDS =
  'the order has shipped and will arrive on friday please check invoice number refund customer asked about delivery to lisbon new address account plan upgrade team budget review meeting notes summary of changes deploy server error log trace memory usage tokens agent tool result search query database index row'.split(
    ' ',
  )

type GrowingMessage = { readonly id: string; readonly role: string; readonly content: string }
export type GrowingState = {
  readonly agent: string
  readonly messages: readonly GrowingMessage[]
  readonly step: number
}

/** Makes the messages of one conversation, one after the other, each of about so many characters. */
export function createMessages(seed: number, chars: number): () => GrowingMessage {
  const random = seededRandom(seed)
  let count = 0
  return () => {
    let content = ''
    while (content.length < chars) content += `${WORDS[Math.floor(random() * WORDS.length)]} `
    const id = Array.from({ length: 16 }, () =>
      Math.floor(random() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join('')
    return { id, role: count++ % 2 === 0 ? 'user' : 'assistant', content: content.trim() }
  }
}

/** A state whose JSON has about so many bytes. */
export function stateOf(bytes: number, next: () => GrowingMessage): GrowingState {
  const messages: GrowingMessage[] = []
  for (let used = 0; used < bytes; ) {
    const message = next()
    messages.push(message)
    used += JSON.stringify(message).length + 1
  }
  return { agent: 'support', messages, step: messages.length }
}

export function withMessages({ agent, messages, step }: GrowingState, added: readonly GrowingMessage[]): GrowingState {
  return { agent, messages: [...messages, ...added], step: step + added.length }
}
