import { expect, it } from 'vitest'
import {
  readSpokenAhead,
  speakerOf,
  spokenMessages,
  turnText,
} from '../../../../../shared/memory/recording/turn-text.ts'

const MESSAGES = [
  { role: 'system', content: 'You are helpful.' },
  { role: 'user', name: 'Maya', content: 'I moved to Lisbon.\nIn March.' },
  { role: 'tool', name: 'weather', content: '{"c":21}' },
  { role: 'assistant', name: null, content: 'Noted.' },
]

it('reads as what was spoken, a line a message, each with its speaker', () => {
  expect(turnText(MESSAGES)).toBe('Maya: I moved to Lisbon.\nIn March.\nassistant: Noted.')
})

it('is empty when nobody spoke', () => {
  expect(turnText([MESSAGES[0] as (typeof MESSAGES)[number]])).toBe('')
  expect(spokenMessages([])).toEqual([])
})

it('keeps the messages themselves', () => {
  expect(spokenMessages(MESSAGES)).toEqual([MESSAGES[1], MESSAGES[3]])
})

it('calls a speaker by name, else by role', () => {
  expect(speakerOf({ role: 'user', name: 'Bo', content: '' })).toBe('Bo')
  expect(speakerOf({ role: 'user', name: null, content: '' })).toBe('user')
})

it('reads long turns ahead a piece at a time, and each message once', async () => {
  const mail = 'A mail of ours about the summer fair.\n'.repeat(1_500)
  const messages = Array.from({ length: 6 }, (_, index) => ({ role: 'user', content: `${index} ${mail}` }))
  let others = 0
  const count = () => {
    others += 1
    waiting = setImmediate(count)
  }
  let waiting = setImmediate(count)
  await readSpokenAhead([{ messages }])
  clearImmediate(waiting)
  expect(others).toBeGreaterThanOrEqual(messages.length - 1)
  const [before] = spokenMessages(messages)
  expect(before).toEqual(messages[0])
  // What was read is not kept for other words.
  const changed = messages[0] as { role: string; content: string }
  changed.content = 'My key is AKIAIOSFODNN7EXAMPLQ.'
  expect(spokenMessages(messages)[0]?.content).toContain('[redacted')
})
