import { describe, expect, it } from 'vitest'
import { isOtherOrder } from '../../../../../workers/memory/reconciliation/other-order.ts'

const replaces = (later: string, earlier: string) => isOtherOrder(`Maya said: "${later}"`, `Maya said: "${earlier}"`)

describe('an instruction', () => {
  it.each([
    ['From now on answer in German.', 'Always answer in English.'],
    ['Antworte ab jetzt auf Deutsch.', 'Antworte immer auf Englisch.'],
    ['A partir de ahora responde en español.', 'Responde siempre en inglés.'],
    ['Теперь всегда отвечай на русском.', 'Всегда отвечай на английском.'],
    ['これからは日本語で答えてください。', 'いつも英語で答えてください。'],
    ['앞으로는 한국어로 대답해 주세요.', '항상 영어로 대답해 주세요.'],
    ['Use 2 spaces.', 'Use 4 spaces for indentation.'],
    ['Use imperial units instead.', 'Use metric units.'],
    ['Stop adding docstrings.', 'Always add docstrings.'],
    ['Please call me Liz instead.', 'Call me Elizabeth.'],
    ['Use spaces.', 'Use tabs.'],
  ])('takes the place of one that leaves it no room: %s', (later, earlier) => {
    expect(replaces(later, earlier)).toBe(true)
  })

  it.each([
    ['Use Python for the backend.', 'Use TypeScript for the frontend.'],
    ['Use pnpm.', 'Use vitest.'],
    ['Answer in bullet points.', 'Answer in German.'],
    ['Never use tables.', 'Never use emojis.'],
    ['Answer in German.', 'Write comments in English.'],
    ['Write long commit messages.', 'Keep functions short.'],
    ['Use 4 spaces for Python.', 'Use 2 spaces for YAML.'],
    ['Never use dark mode in slides.', 'Always use dark mode in screenshots.'],
  ])('leaves those alone that hold beside it: %s', (later, earlier) => {
    expect(replaces(later, earlier)).toBe(false)
  })
})
