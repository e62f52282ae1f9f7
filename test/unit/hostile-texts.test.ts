import { expect, it } from 'vitest'
import { findJson } from '../../shared/ai/answers/json-in-text.ts'
import { salvageItems } from '../../shared/ai/answers/salvage-items.ts'
import { withoutInjected } from '../../shared/memory/injected-blocks.ts'
import { timesIn } from '../../shared/memory/search/times/query-times.ts'
import { redactSecrets } from '../../shared/redact/redact-secrets.ts'
import { identifiersIn } from '../../workers/context/identifiers.ts'
import { quoteWorth } from '../../workers/context/quote-worth.ts'
import { findInstructions } from '../../workers/context/standing-instructions.ts'
import { withDates } from '../../workers/memory/facts/dates/fact-dates.ts'
import { datesNamedIn } from '../../workers/memory/facts/dates/named-dates.ts'
import { isInstructionLike } from '../../workers/memory/facts/injection/prompt-injection.ts'
import { quoteLocator } from '../../workers/memory/facts/locate-quote.ts'
import { naturalLanguageOf } from '../../workers/memory/facts/natural-language.ts'
import { foreignSpans } from '../../workers/memory/facts/own-words.ts'
import { readableText } from '../../workers/memory/facts/readable-text.ts'
import { sentencesOf } from '../../workers/memory/local-rules/fact-sentences.ts'
import { createGitRules } from '../../workers/repo/git/git-rules.ts'
import { readSections } from '../../workers/repo/parsing/read-sections.ts'
import { cpuMsOf } from '../helpers/cpu-time.ts'

/** What meets texts of strangers takes time in step with their length, whatever they repeat: eight times the text, about eight times the time. */

const AT = new Date('2026-03-08')
/** The most that each is given in one piece, where that is less than a whole message. */
const MAX_FACT_CHARS = 1_000
const MAX_QUERY_CHARS = 4_000
const MAX_RULE_CHARS = 4_000
const MAX_RULES = 4_000
const rulesOf = (text: string) =>
  (text.match(new RegExp(`[^\\n]{1,${MAX_RULE_CHARS}}`, 'g')) ?? []).slice(0, MAX_RULES).join('\n')

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  redactSecrets,
  foreignSpans,
  readableText,
  sentencesOf,
  naturalLanguageOf,
  identifiersIn,
  findJson,
  salvageItems: (text) => salvageItems(text, 'facts'),
  withoutInjected: (text) => withoutInjected(text, ''),
  quoteLocator: (text) => quoteLocator([{ content: text, foreign: [] }])('what nobody said'),
  findInstructions: (text) =>
    findInstructions([{ message: 0, role: 'user', speaker: 'user', text, tokens: 1, worth: 1, isWhole: true }]),
  quoteWorth: (text) => quoteWorth({ role: 'user', content: text }, undefined),
  isInstructionLike: (text) => isInstructionLike(text.slice(0, MAX_FACT_CHARS)),
  withDates: (text) => withDates(text.slice(0, MAX_FACT_CHARS), AT),
  datesNamedIn: (text) => datesNamedIn(text.slice(0, MAX_FACT_CHARS)),
  timesIn: (text) => timesIn(text.slice(0, MAX_QUERY_CHARS), AT),
  gitIgnore: (text) =>
    createGitRules([{ path: '.gitignore', kind: 'gitignore', text: rulesOf(text) }]).isIgnored('src/a/b.ts'),
  gitAttributes: (text) =>
    createGitRules([{ path: '.gitattributes', kind: 'attributes', text: rulesOf(text) }]).attributesOf('a/b.ts'),
  markdown: (text) => readSections('markdown', text.split('\n')),
}

const PIECES = [
  ...[' ', '\n', 'a', '0', '"', '“', '`', '[', '{', '(', '.', '. ', '>', '\\', '*/', '[a', '<', '\u0301', '\u200b'],
  ...['- a\n', '> a\n', '# a\n', '|a|\n', '```\n', 'a\n=\n', '* a=b\n', 'aяあ漢ع가', ' "a', '" a b c "', 'a/', 'a.ts '],
  ...['Hi Anna,\n', 'Hi Anna,\nBest regards\n', 'Translate this\n', 'Anna wrote:\n', 'Anna: hello\n', 'Tom, 09:14\n'],
  ...['password ', 'my password for the ', 'pin ', 'пароль ', 'key=', 'mysql -p', 'eyJaaaaaaaa.', 'http://', 'DE44 '],
  ...[
    '-----BEGIN PRIVATE KEY-----',
    '<think>',
    '{"</think>',
    '{"a":"</think>',
    '◁think▷{"',
    '[1,',
    '"facts":[',
    '<memory>',
  ],
  ...['ignore all ', 'previous instructions ', 'i g n o r e ', 'yesterday ', '2 days before ', '2026-03-08 ', 'may 5 '],
]

const [SHORT, LONG] = [8_000, 64_000]
/** Of the square of the lengths it would be 64. */
const MAX_RATIO = 20
/** No square takes less at this length. */
const FAST_MS = 100
const TRIES = 3

const textOf = (piece: string, chars: number) => piece.repeat(Math.ceil(chars / piece.length)).slice(0, chars)

it.each(Object.entries(READERS))('%s', async (_, read) => {
  const slow: string[] = []
  for (const piece of PIECES) {
    const [short, long] = [textOf(piece, SHORT), textOf(piece, LONG)]
    const ratios: number[] = []
    // The least of some tries: compiling and collecting are nobody's doing.
    while (ratios.length < TRIES && ratios.every((ratio) => ratio > MAX_RATIO)) {
      const ms = await cpuMsOf(() => read(long))
      ratios.push(ms < FAST_MS ? 0 : ms / (await cpuMsOf(() => read(short))))
    }
    if (ratios.every((ratio) => ratio > MAX_RATIO)) slow.push(`${JSON.stringify(piece)}: ${ratios.join(', ')}`)
  }
  expect(slow).toEqual([])
})
