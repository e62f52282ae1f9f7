import { injectedSpans } from '../../../shared/memory/injected-blocks.ts'
import { headOf, type TextSpan } from '../facts/cut-text.ts'
import { foreignShare, foreignSpans } from '../facts/own-words.ts'
import { SAYS_SOMETHING } from '../facts/report-words.ts'

/**
 * Cuts a message into the sentences that its speaker wrote, leaving out other people's words, code, logs, markup and blobs.
 * Guarantees: every sentence is a substring of the message, letter by letter, and never cut inside a word or number; linear time on any text.
 */

/** How much of one message is read, in UTF-16 units: what people say comes first, what they paste follows. */
export const MAX_CHARS_READ = 24_000
/** A longer sentence is cut between clauses, or else between words: speech without punctuation still gives something. */
export const MAX_SENTENCE_CHARS = 400

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

export type Sentence = {
  /** Letter by letter as it is in the message. */
  readonly text: string
  /** The sentence with other people's words left out; empty where it only introduces them. */
  readonly own: string
  /** Whether it is the beginning of a longer sentence, whose end may change what it says. */
  readonly isCut: boolean
  /** Whom or what a part is about that stands in another part of its sentence. */
  readonly subject?: string
}

/** The prose sentences of a message, in order, trimmed. `speaker` is whose own lines may begin with the name. */
export function sentencesOf(message: string, speaker = ''): Sentence[] {
  const head = headOf(message, MAX_CHARS_READ)
  const foreign = foreignSpans(head, speaker)
  const sentences: Sentence[] = []
  for (const { start, end } of proseBlocks(head, foreign)) {
    for (const span of sentencesIn(head, start, end)) {
      const text = clip(head.slice(span.start, span.end))
      if (text === '' || !isProse(text)) continue
      const isCut = text.length < span.end - span.start
      sentences.push({ text, own: ownPart(text, span.start, foreign), isCut })
    }
  }
  return sentences
}

/** How far around a piece its sentence is looked for, in UTF-16 units. */
const REACH = 400

/** The sentence, or the sentences, that a piece of a message is in; at most some hundred characters more on either side. */
export function sentenceAround(message: string, { start, end }: TextSpan): TextSpan {
  const from = Math.max(message.lastIndexOf('\n', start - 1) + 1, start - REACH, 0)
  const line = message.indexOf('\n', end)
  const to = Math.min(line < 0 ? message.length : line, end + REACH)
  const around = sentencesIn(message, from, to).filter((one) => one.end > start && one.start < end)
  return { start: Math.min(start, around[0]?.start ?? start), end: Math.max(end, around.at(-1)?.end ?? end) }
}

/** Trimmed spans. Line breaks inside a block are wrapping, but would end a sentence; spaces of the same length keep the offsets. */
function sentencesIn(message: string, from: number, to: number): TextSpan[] {
  const block = message.slice(from, to)
  const spans: TextSpan[] = []
  let start = 0
  for (const { segment, index } of segmenter.segment(block.replace(/[\r\n]/g, ' '))) {
    const end = index + segment.length
    if (!endsSentence(block.slice(Math.max(start, end - 24), end), block.slice(end, end + 24))) continue
    spans.push(trimmed(message, from + start, from + end))
    start = end
  }
  if (start < block.length) spans.push(trimmed(message, from + start, to))
  return spans
}

function trimmed(message: string, start: number, end: number): TextSpan {
  const text = message.slice(start, end)
  return { start: start + text.length - text.trimStart().length, end: start + text.trimEnd().length }
}

const ABBREVIATIONS =
  'dr|mr|mrs|ms|prof|st|vs|approx|e\\.g|i\\.e|no|nr|núm|num|av|avda|str|ca|bzw|usw|z\\.b|d\\.h|etc|inc|ltd|co|corp|jr|sr|sra|dra|dott|sig|mme|mlle|fr|hr|dhr|mevr|ul|al|im|ул|г|д|им|т\\.е|a\\.m|p\\.m|fig|vol|ed|dept|est|min|max|tel|ext|art|abs|kl|pl|bd'
const ABBREVIATION = new RegExp(`(?:^|[\\s("“])(?:${ABBREVIATIONS})\\.\\s{0,3}$`, 'iu')
/** "3." of "3. Mai", and "J." of "J. S. Bach". */
const ORDINAL_OR_INITIAL = /(?:(?:^|[\s(.])\p{Lu}|(?:^|\s)\d{1,2})\.\s{0,3}$/u
/** ".NET" */
const BARE_DOT = /\s\.$/
const BEGINS_ANEW =
  /^(?:I|I['’].{1,3}|My|We|Our|The|He|She|It|They|This|That|You|Your|And|But|So|Please|Also|Ich|Mein\p{L}*|Wir|Je|Mon|Ma|Nous|Yo|Mi|Eu|Meu|Minha|Io|Il|Ik|Mijn|Ja|Moja|Мой|Моя|Я|Мы|Ben|Benim)(?!\p{L})/u

/** Whether a sentence ends between the two: not behind an abbreviation, an ordinal or an initial, nor before a name that begins with a dot. */
function endsSentence(before: string, after: string): boolean {
  if (after === '') return true
  if (BARE_DOT.test(before) && /^\p{L}/u.test(after)) return false
  const next = after.trimStart()
  if (ABBREVIATION.test(before))
    return /^(?:I|My|We|Our|Ich|Je|Yo|Eu|Io|Ik)(?!\p{L})/u.test(next) && !/dr|mr|ms|st\./i.test(before.slice(-5))
  return !ORDINAL_OR_INITIAL.test(before) || BEGINS_ANEW.test(next)
}

/** At most `maxChars`, between clauses if there are any, else between words; never inside a number that is written in groups. */
function clip(sentence: string): string {
  if (sentence.length <= MAX_SENTENCE_CHARS) return sentence
  const head = sentence.slice(0, MAX_SENTENCE_CHARS)
  const clause = Math.max(
    ...[', ', '; ', ' – ', ' and ', ' but ', '，', '、', '；'].map((mark) => head.lastIndexOf(mark)),
  )
  if (clause > MAX_SENTENCE_CHARS / 4) return head.slice(0, clause).trimEnd()
  return headOf(sentence, MAX_SENTENCE_CHARS)
}

/** "Anna said:" before a quotation says nothing of its own. */
const INTRODUCES = /[:：,，]\s{0,3}$|(?<![\p{L}\p{M}])(?:that|goes|dass|que|che|dat|że|что)\s{0,3}$/u

function ownPart(sentence: string, offset: number, foreign: readonly TextSpan[]): string {
  const within = foreign.filter(({ start, end }) => start < offset + sentence.length && end > offset)
  if (within.length === 0) return sentence
  let own = ''
  let at = 0
  for (const { start, end } of within) {
    const before = sentence.slice(at, Math.max(at, start - offset))
    if (INTRODUCES.test(before) || reports(before)) return ''
    own += before
    at = Math.max(at, end - offset)
  }
  own += sentence.slice(at)
  return reports(own) ? '' : own.trim()
}

/** Others' words with nothing but a verb of saying around. */
function reports(around: string): boolean {
  return SAYS_SOMETHING.test(around)
}

function isProse(sentence: string): boolean {
  if (/^\(.*\)$/s.test(sentence) || BLOB.test(sentence)) return false
  const visible = sentence.replace(/[\s'’]|[.!。]$/gu, '').length
  const letters = sentence.match(/[\p{L}\p{M}]/gu)?.length ?? 0
  const dense = sentence.match(DENSE)?.length ?? 0
  const digits = sentence.match(/\d/g)?.length ?? 0
  // People say numbers, of phones and houses; a table has little else.
  const isLong = letters + dense >= 5
  // "I'm 34."
  const isAge = letters >= 2 && letters + digits >= 4 && digits <= 2
  return (isLong || isAge) && letters + Math.min(digits, letters) / 2 >= visible * 0.6
}

/** Scripts whose letters are syllables or words. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const BLOB =
  /[^\s/\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{50}/u

/** Lines of which at least this share is other people's are left out whole. */
const FOREIGN_LINE = 0.95

/** Spans of lines that are prose; a wrapped line joins the one before it. */
function proseBlocks(message: string, foreign: readonly TextSpan[]): TextSpan[] {
  const blocks: { start: number; end: number }[] = []
  const injected = injectedSpans(message)
  let wraps = false
  let from = 0
  for (const match of message.matchAll(/[^\n]+/g)) {
    const line = match[0].trim()
    const end = match.index + match[0].length
    // Both are in order: what ends before this line is not looked at again.
    while ((foreign[from]?.end ?? Number.POSITIVE_INFINITY) <= match.index) from += 1
    const span = { start: match.index, end }
    const isForeign = foreignShare(span, foreign.slice(from, from + 8)) >= FOREIGN_LINE
    if (isForeign || isNoise(line) || foreignShare(span, injected) > 0) {
      wraps = false
      continue
    }
    const last = blocks.at(-1)
    if (wraps && last && /^\p{Ll}/u.test(line)) last.end = end
    else blocks.push({ start: match.index + (match[0].match(LIST_MARKER)?.[0].length ?? 0), end })
    wraps = line.length >= 50 && !/[.!?:;)。！？]$/.test(line)
  }
  return blocks
}

const LIST_MARKER = /^\s*(?:[-*•+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/

const NOISE = [
  /^(?:[>|#{[]|<[a-z/!])/i,
  /^\*?"?[\w.-]+"?\s*[:=]\s*["'[{]/,
  /[;{}]$|=>|\(\)|&&|\|\||::/,
  /^(?:import|export|const|let|var|function|class|def|return|public|private|select|insert|update|curl|npm|git|sudo)\s.*[(){}=/*-]/i,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/,
  /^\[?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE)\b/,
  /^at\s+\S+\s+\(|^File ".*", line \d+|^Traceback /,
]

function isNoise(line: string): boolean {
  const head = line.slice(0, 200)
  return NOISE.some((pattern) => pattern.test(head)) || (head.match(/,/g)?.length ?? 0) > head.split(' ').length
}
