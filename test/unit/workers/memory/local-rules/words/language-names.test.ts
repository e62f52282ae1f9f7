import { expect, it } from 'vitest'
import { languagesNamedIn } from '../../../../../../workers/memory/local-rules/words/language-names.ts'

const codesIn = (text: string) => languagesNamedIn(text).map(({ code }) => code)

it.each([
  ['Odpowiadaj po polsku.', 'pl'],
  ['Mów po włosku.', 'it'],
  ['Pisz po niemiecku.', 'de'],
  ['Răspunde în greacă.', 'el'],
  ['Отвечай по-русски.', 'ru'],
  ['Responde en español.', 'es'],
  ['用中文回答。', 'zh'],
])('finds the language with its ending: %s', (text, code) => {
  expect(codesIn(text)).toEqual([code])
})

it.each([
  'Answer me, great oracle!',
  'Give me the greatest hits.',
  'Each person needs a policy.',
  'Speak frankly.',
  'Daniel wants a hint.',
])('takes no other word for a language: %s', (text) => {
  expect(codesIn(text)).toEqual([])
})
