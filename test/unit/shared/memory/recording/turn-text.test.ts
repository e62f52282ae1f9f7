import { expect, it } from 'vitest'
import { speakerOf, spokenMessages, turnText } from '../../../../../shared/memory/recording/turn-text.ts'

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
