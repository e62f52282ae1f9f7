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
    ['Use dark mode.', 'Use light mode.'],
    ['Always use single quotes.', 'Always use double quotes.'],
    ['Keep answers under 50 words.', 'Keep answers under 100 words.'],
    ['Nenn mich ab sofort Lisa.', 'Nenn mich Elisabeth.'],
    ['Use emojis again.', 'Stop using emojis.'],
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
    ['Write integration tests.', 'Always write unit tests.'],
    ['Use blue headings.', 'Use bold headings.'],
    ['Schreibe immer kurze Sätze.', 'Schreibe immer einfache Sätze.'],
    ['Always translate French texts.', 'Always translate German texts.'],
    ['Never answer in German.', 'Always answer in English.'],
    ['Write comments in English.', 'Never write comments in German.'],
    ['Never call me before noon.', 'Call me Liz.'],
    ['Please call me Elizabeth in formal emails.', 'Call me Liz.'],
    ['Always call me on Monday.', 'Call me Liz.'],
    ["Don't call me sir.", 'Call me Max.'],
    ['Never call me Maxi again.', 'Call me Max.'],
    ['Nenn mich nie wieder Lieschen.', 'Nenn mich Lisa.'],
    ['Use 2 spaces.', 'Use 4 spaces for Python.'],
    ['Use tabs in Go.', 'Use spaces in YAML.'],
    ['Be informal.', 'Be formal in emails.'],
    ['Limit titles to 50 characters.', 'Limit lines to 80 characters.'],
    ['Always remind me at 9 pm.', 'Always remind me at 8 pm.'],
    ['Always remind me 2 days before a deadline.', 'Always remind me 7 days before a deadline.'],
    ['Never deploy without tests.', 'Always deploy with tests.'],
    ['Never skip tests.', 'Always write tests.'],
    ["Don't only write unit tests.", 'Always write unit tests.'],
  ])('leaves those alone that hold beside it: %s', (later, earlier) => {
    expect(replaces(later, earlier)).toBe(false)
  })
})
