import { expect, test } from 'vitest'
import { withoutInjected } from '../../../../shared/memory/injected-blocks.ts'
import { turnText } from '../../../../shared/memory/recording/turn-text.ts'
import { cpuMsOf } from '../../../helpers/cpu-time.ts'

const TAGS = 'recalled_memory memory memories relevant_memories user_memory long-term-memory recalled_memories context'
const MORE = 'retrieved_documents user_profile knowledge_base conversation_history system-reminder tool_result'

test.each(`${TAGS} ${MORE}`.split(' '))('<%s> is cut out of what is indexed', (tag) => {
  const content = `<${tag} source="x">\nMaya lives in Faro.\n</${tag}>\n\nWhat is the weather like?`
  expect(turnText([{ role: 'user', name: 'Maya', content }])).toBe('Maya: What is the weather like?')
})

test('a turn that is a block alone has no text', () => {
  expect(turnText([{ role: 'user', content: '<memory>\nMaya lives in Faro.\n</memory>' }])).toBe('')
})

test.each(['<details>\nOpen me.\n</details>', 'a <b>bold</b> word', '<memory>\nnever closed', 'x < y and y > z'])(
  '%s stays',
  (text) => {
    expect(withoutInjected(text, '')).toBe(text)
  },
)

test('openings without an end cost nothing', async () => {
  expect(await cpuMsOf(() => withoutInjected('<memory>'.repeat(100_000), ''))).toBeLessThan(1_000)
})
