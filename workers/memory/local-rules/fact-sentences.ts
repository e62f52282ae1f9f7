/**
 * Owns cutting a message into the sentences that people wrote, leaving out code, logs, quoted mail, markup and blobs.
 * Guarantees: every sentence is a substring of the message, letter by letter; the time is bounded whatever the message holds.
 */

/** How much of one message is read, in UTF-16 units: what people say comes first, what they paste follows. */
export const MAX_CHARS_READ = 20_000
/** Longer sentences are cut at a word: speech without punctuation still gives something. */
export const MAX_SENTENCE_CHARS = 400

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** The prose sentences of a message, in order, trimmed. */
export function sentencesOf(message: string): string[] {
  const sentences: string[] = []
  // The cut may fall inside a surrogate pair.
  const head = message.slice(0, MAX_CHARS_READ).replace(/[\uD800-\uDBFF]$/, '')
  for (const { start, end } of proseBlocks(head)) {
    const block = head.slice(start, end)
    let pending = ''
    // Line breaks inside a block are wrapping, but would end a sentence; spaces of the same length keep the offsets.
    for (const { segment, index } of segmenter.segment(block.replace(/[\r\n]/g, ' '))) {
      pending += block.slice(index, index + segment.length)
      if (/\b(?:Dr|Mr|Mrs|Ms|Prof|St|vs|approx|e\.g|i\.e)\.\s*$/.test(pending)) continue
      pushIfProse(sentences, pending)
      pending = ''
    }
    pushIfProse(sentences, pending)
  }
  return sentences
}

function pushIfProse(sentences: string[], raw: string): void {
  const sentence = clip(raw.trim())
  if (isProse(sentence)) sentences.push(sentence)
}

/** Cut at a word, never inside a surrogate pair. */
function clip(sentence: string): string {
  if (sentence.length <= MAX_SENTENCE_CHARS) return sentence
  const cut = sentence.slice(0, MAX_SENTENCE_CHARS)
  const space = cut.lastIndexOf(' ')
  const end = space > MAX_SENTENCE_CHARS / 2 ? space : MAX_SENTENCE_CHARS - 1
  return cut.slice(0, end).replace(/[\uD800-\uDBFF]$/, '')
}

function isProse(sentence: string): boolean {
  if (/^\(.*\)$/s.test(sentence) || /[^\s/]{50}/.test(sentence)) return false
  const visible = sentence.replace(/\s/g, '').length
  const letters = sentence.match(/[\p{L}\p{M}]/gu)?.length ?? 0
  const digits = sentence.match(/\d/g)?.length ?? 0
  // People say numbers, of phones and houses; a table has little else.
  return letters >= 6 && letters + Math.min(digits, letters) / 2 >= visible * 0.6
}

type Block = { start: number; end: number }

/** Spans of lines that are prose; a wrapped line joins the one before it. */
function proseBlocks(message: string): Block[] {
  const blocks: Block[] = []
  let closing: RegExp | undefined
  const lastClosing = closingFinder(message)
  let wraps = false
  for (const match of message.matchAll(/[^\n]+/g)) {
    const line = match[0].trim()
    const opens = closing === undefined ? closingOf(line, match.index, lastClosing) : undefined
    const isSkipped = closing !== undefined || opens !== undefined || isNoise(line)
    if (closing?.test(line)) closing = undefined
    else closing ??= opens
    if (isSkipped) {
      wraps = false
      continue
    }
    const end = match.index + match[0].length
    const last = blocks.at(-1)
    if (wraps && last && /^\p{Ll}/u.test(line)) last.end = end
    else blocks.push({ start: match.index + (match[0].match(LIST_MARKER)?.[0].length ?? 0), end })
    wraps = line.length >= 50 && !/[.!?:;)]$/.test(line)
  }
  return blocks
}

const LIST_MARKER = /^\s*(?:[-*•+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?/

/** What ends the fence or the tagged block that this line opens: code, and memories or context that a host has put in. */
function closingOf(line: string, offset: number, lastClosing: (tag: string) => number): RegExp | undefined {
  if (/^(?:```|~~~)/.test(line)) return /^(?:```|~~~)/
  const tag = /^<([a-z][\w-]{0,40})(?:\s[^<>]*)?>/i.exec(line)?.[1]
  if (tag === undefined || line.includes(`</${tag}>`) || lastClosing(tag) < offset) return undefined
  return new RegExp(`</${tag}>`)
}

/** Where each tag is closed for the last time, -1 for never; each tag is looked up once. */
function closingFinder(message: string): (tag: string) => number {
  const found = new Map<string, number>()
  return (tag) => {
    const at = found.get(tag) ?? message.lastIndexOf(`</${tag}>`)
    found.set(tag, at)
    return at
  }
}

const NOISE = [
  /^(?:[>|#{[]|<[a-z/!])/i,
  /^\*?"?[\w.-]+"?\s*[:=]\s*["'[{]/,
  /[;{}]$|=>|\(\)|&&|\|\||::/,
  /^(?:import|export|const|let|var|function|class|def|return|public|private|select|insert|update|curl|npm|git|sudo)\s.*[(){}=/*-]/i,
  /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/,
  /^\[?(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE)\b/,
  /^at\s+\S+\s+\(|^File ".*", line \d+|^Traceback /,
  /^(?:On .{4,80} wrote|From|To|Cc|Subject|Sent|Date):/,
]

function isNoise(line: string): boolean {
  const head = line.slice(0, 200)
  return NOISE.some((pattern) => pattern.test(head)) || (head.match(/,/g)?.length ?? 0) > head.split(' ').length
}
