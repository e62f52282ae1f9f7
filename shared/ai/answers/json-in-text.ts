import { markAt, nextEnd, skipReasoning } from './reasoning-marks.ts'

/**
 * Owns finding the JSON in what a model wrote: among prose, in fences, after its thoughts. Guarantees: nothing inside a block of reasoning is
 * read, also where the block was never closed or never opened; what stands inside a JSON string is no mark; linear time.
 */

type FoundJson = {
  /** The whole values, in their order. */
  readonly values: readonly unknown[]
  /** The answer without its reasoning, of which parts may be salvaged. */
  readonly text: string
  /** Whether a value begins after the last whole one that does not end, or is none. */
  readonly isBroken: boolean
}

/** Brackets of prose are looked at in vain; what they cost together is bounded by this many readings of the text. */
const MAX_READINGS = 8

/** The JSON values of a text. */
export function findJson(text: string): FoundJson {
  let values: unknown[] = []
  let isBroken = false
  let answer = ''
  let keptFrom = 0
  let budget = text.length * MAX_READINGS
  const begins = /[{[◁<＜]|&lt;/g
  for (let begin = begins.exec(text); begin && budget > 0; begin = begins.exec(text)) {
    const at = begin.index
    const mark = markAt(text, at)
    if (mark?.kind === 'end' && isWholeAnswer(text.slice(keptFrom, at)) && text.slice(mark.end).trim() === '') {
      // The answer stands before an end that ends nothing.
      return { values, text: answer + text.slice(keptFrom, at), isBroken }
    } else if (mark?.kind === 'end') {
      // Templates that open the block in the prompt leave only its end in the answer.
      values = []
      isBroken = false
      answer = ''
      keptFrom = mark.end
      begins.lastIndex = mark.end
    } else if (mark) {
      answer += text.slice(keptFrom, at)
      keptFrom = skipReasoning(text, mark)
      begins.lastIndex = keptFrom
    } else if (text[at] === '{' || text[at] === '[') {
      const end = endOfValue(text, at)
      if (end === undefined && opensJson(text, at)) {
        const over = nextEnd(text, at)
        // A draft that was given up belongs to the thoughts.
        if (over === undefined) return { values, text: answer + text.slice(keptFrom), isBroken: true }
        begins.lastIndex = over
        budget -= text.length - at
        continue
      }
      const value = end === undefined ? undefined : parseJson(text.slice(at, end))
      budget -= (end ?? text.length) - at
      isBroken = value === undefined && (isBroken || opensJson(text, at))
      if (value !== undefined) values.push(value)
      // What lies inside a value that is none is a piece of it, and no answer.
      if (end !== undefined && (value !== undefined || isBroken)) begins.lastIndex = end
    }
  }
  return { values, text: answer + text.slice(keptFrom), isBroken }
}

/** Whether a text is one value and nothing else, but for a fence: no thought. */
export function isWholeAnswer(text: string): boolean {
  const bare = text
    .trim()
    .replace(/^```[a-z]{0,10}/, '')
    .replace(/```$/, '')
    .trim()
  return /^[{[]/.test(bare) && endOfValue(bare, 0) === bare.length
}

/** The text that a text of JSON is, where a model wrote an object as one; any other as it is. */
export function unquoted(text: string): string {
  const bare = text.trim()
  const inner = bare.startsWith('"{') && bare.endsWith('}"') ? parseJson(bare) : undefined
  return typeof inner === 'string' ? inner : text
}

/** Where the value that begins here ends; undefined when its brackets are never closed. */
function endOfValue(text: string, start: number): number | undefined {
  let depth = 0
  let isInString = false
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at += 1
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') depth += 1
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return undefined
}

/** Whether a bracket begins JSON and not a piece of prose. */
function opensJson(text: string, at: number): boolean {
  const head = text.slice(at + 1, at + 40).trimStart()
  return head === '' || (text[at] === '{' ? /^["}]/ : /^[{["\]\d-]/).test(head)
}

/** Deeper than any shape that is asked for: what reads such a value may call itself for each level. */
const MAX_DEPTH = 100

function isTooDeep(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth > MAX_DEPTH) return true
  }
  return false
}

/** A value; undefined when the text is none, also with what weak models get wrong put right. */
function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  for (const attempt of [() => text, () => mended(text)]) {
    try {
      return JSON.parse(attempt()) as unknown
    } catch {}
  }
  return undefined
}

/** Strings, comments and the words of Python, which may differ from JSON. One that never ends takes the last bracket with it. */
const FOREIGN =
  /"[^"\\]*(?:\\.[^"\\]*)*"?|'[^'\\]*(?:\\.[^'\\]*)*'?|\/\/[^\n]*|#[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|\b(?:True|False|None)\b/gs
const LAST_COMMA = /("[^"\\]*(?:\\.[^"\\]*)*"?)|,(?=\s{0,200}[}\]])/gs
const JSON_WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }

/** As JSON. Where that is not certain, as where an apostrophe ends a string too early, it stays none. */
function mended(text: string): string {
  return text.replace(FOREIGN, asJson).replace(LAST_COMMA, (_, string = '') => string)
}

function asJson(piece: string): string {
  if (piece.startsWith('/') || piece.startsWith('#')) return ''
  if (!piece.startsWith('"') && !piece.startsWith("'")) return JSON_WORDS[piece] ?? piece
  const inner = piece
    .slice(1, -1)
    .replace(/\\(.)|["\p{Cc}]/gsu, (part, escaped) =>
      escaped === "'" ? escaped : escaped === undefined ? JSON.stringify(part).slice(1, -1) : part,
    )
  return `"${inner}"`
}
