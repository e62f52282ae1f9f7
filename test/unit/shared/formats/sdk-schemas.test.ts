import { convertToModelMessages, modelMessageSchema, safeValidateUIMessages } from 'ai'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ConversationMessage } from '../../../../shared/conversation.ts'
import { fromAiSdk } from '../../../../shared/formats/from-ai-sdk.ts'
import { toAiSdk } from '../../../../shared/formats/to-ai-sdk.ts'
import { type AiSdkUiMessage, toAiSdkUi } from '../../../../shared/formats/to-ai-sdk-ui.ts'

/** What is made of random conversations of the chat API passes the AI SDK's own schemas. */

const words = fc.constantFrom('hi', 'two\nlines', '猫が好き', '{"a":1}', '😀')
const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' } } as const
const inline = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } } as const
const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } } as const
const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } } as const
// Recording takes any text for an address.
const pathOnly = { type: 'image_url', image_url: { url: '/files/a.png' } } as const
const bareFile = { type: 'file', file: { file_data: 'AAAA', filename: 'a.pdf' } } as const
const remoteFile = { type: 'file', file: { file_data: 'https://example.com/a.pdf' } } as const
const omitted = { type: 'omitted', of: 'image_url', mediaType: 'image/png', bytes: 9, sha256: 'ab' } as const
const media = [image, inline, file, audio, pathOnly, bareFile, remoteFile, omitted]
const args = fc.constantFrom('{"path":"a"}', '{}', '{"path":"a', 'not json', '[1]', '""', '')

const user = fc
  .oneof(
    words,
    fc.array(
      fc.oneof(
        words.map((text) => ({ type: 'text' as const, text })),
        fc.constantFrom(...media),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map((content): ConversationMessage[] => [{ role: 'user', content }])
const system = fc
  .constantFrom('system', 'developer')
  .chain((role) => words.map((content): ConversationMessage[] => [{ role: role as 'system', content }]))
const plain = words.map((content): ConversationMessage[] => [{ role: 'assistant', content }])
const refused = fc.constant<ConversationMessage[]>([{ role: 'assistant', content: null, refusal: 'I cannot.' }])
const called = fc
  .tuple(
    fc.array(args, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
    fc.nat({ max: 999 }),
    fc.constantFrom(null, 'On it.'),
  )
  .map(([given, isCustom, number, content]): ConversationMessage[] => {
    const ids = given.map((_, index) => `call_${number}_${index}`)
    const calls = given.map((one, index) =>
      isCustom && index === 0
        ? { id: ids[index] as string, type: 'custom' as const, custom: { name: 'run', input: one } }
        : { id: ids[index] as string, type: 'function' as const, function: { name: 'run', arguments: one } },
    )
    const seen = [{ type: 'text' as const, text: 'done' }, ...media]
    const results = ids.map((id, index) => {
      return { role: 'tool' as const, tool_call_id: id, content: index === 1 ? seen : 'done' }
    })
    return [{ role: 'assistant', content, tool_calls: calls }, ...results]
  })
const conversation = fc
  .array(fc.oneof(system, user, plain, refused, called), { maxLength: 8 })
  .map((turns) => turns.flat())

it('model messages', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      for (const message of toAiSdk(messages)) {
        const checked = modelMessageSchema.safeParse(message)
        expect(checked.error?.issues ?? [], JSON.stringify(message)).toEqual([])
      }
    }),
    { numRuns: 150 },
  )
})

it('an address that the app changed after it was made of a URL', () => {
  const messages = fromAiSdk([{ role: 'user', content: [{ type: 'image', image: new URL('https://example.com/a') }] }])
  const moved = JSON.parse(JSON.stringify(messages).replace('https://example.com/a', '/files/a.png'))
  expect(toAiSdk(moved)).toEqual([{ role: 'user', content: [{ type: 'image', image: '/files/a.png' }] }])
})

it('UI messages', async () => {
  await fc.assert(
    fc.asyncProperty(conversation, async (messages) => {
      const ui = toAiSdkUi<AiSdkUiMessage & { role: 'user' }>(messages)
      if (ui.length === 0) return
      const checked = await safeValidateUIMessages({ messages: ui })
      expect(checked.success ? '' : String(checked.error)).toBe('')
      if (checked.success) await convertToModelMessages(checked.data)
    }),
    { numRuns: 60 },
  )
})
