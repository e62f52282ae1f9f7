/**
 * Finds the blocks that hosts put into messages: recalled memories, retrieved documents, system texts and results of tools, between tags, in brackets
 * or as a list under a heading. A memory block that was stored, indexed or extracted again would breed itself. Guarantees linear time.
 */

/** Words of the tag names of such blocks; `user_profile`, `long-term-memory` and their like have them in them. */
const INJECTED_NAME =
  /memor|recall|remember|knowledge|context|retriev|relevant|document|excerpt|search[_-]?result|citation|^sources?$|history|profile|persona|summary|^facts?$|known[_-]|about[_-]user|user[_-](?:info|data|facts?|preferences?)|^system|[_-]system|^instructions?$|reminder|^(?:tool|function|environment)[_-]/i
const OPENING = /<([a-z][\w:.-]{0,60})(?:\s[^<>]{0,500})?>/gi

/** A prompt block of ours that a host has cut: its lines are known, and what follows them is somebody's words. */
const CUT_BLOCK =
  /<recalled_memory>\s?(?:(?:What follows was recalled|How the user wants|Facts, each with|Excerpts of earlier|- \d{4}-\d\d-\d\d )[^\n]*(?:\n|$))+/y

type InjectedSpan = { readonly start: number; readonly end: number }

/** Names that hosts give their blocks where there is no tag: they tell of somebody else, the user. */
const BLOCK_NAME =
  '(?:(?:relevant|recalled|retrieved|stored|saved|previous|user) (?:user )?(?:memor(?:y|ies)|facts)|(?:recalled|retrieved) (?:context|documents|knowledge)|(?:(?:known )?facts |what (?:you|we|I) (?:know|remember) )?about the user)'
/** A heading with its list, to a rule, the next heading, or a blank line before what is no part of the list. */
const HEADED = new RegExp(
  String.raw`^(?:(?:#{1,6} |\*\*|[=-]{2,6} ?|\[)${BLOCK_NAME} ?[\])*=:-]{0,5}|${BLOCK_NAME}(?: \([^)\n]{0,60}\))?:)[ \t]*\n(?:[ \t]*\n)?(?=[ \t]*(?:[-*•] |\d{1,2}[.)] |\p{L}[\p{L} ]{0,30}: ))`,
  'gimu',
)
const BRACKETED =
  /\[(?:system (?:note|message|prompt|reminder)|(?:recalled|relevant) memor(?:y|ies)|user profile): [^[\]\n]{1,2000}\]/gi
/** Whose list it is then: people list their own too. */
const FIRST_PERSON = /(?<![\p{L}'’])(?:I|I['’]m|[Mm]y|[Ww]e|[Oo]ur)(?!\p{L})/u

/** Where such blocks are, with their tags; in order, without overlaps. One that is never closed is none, unless it is a cut one of ours. */
export function injectedSpans(text: string): InjectedSpan[] {
  const spans = [...taggedSpans(text), ...listedSpans(text)].sort((a, b) => a.start - b.start)
  let free = 0
  return spans.filter(({ start, end }) => {
    const isFree = start >= free
    if (isFree) free = end
    return isFree
  })
}

function listedSpans(text: string): InjectedSpan[] {
  const headed = [...text.matchAll(HEADED)].flatMap(({ index, 0: heading }) => {
    const from = index + heading.length
    const end = endOfList(text, from)
    return FIRST_PERSON.test(text.slice(from, end)) ? [] : [{ start: index, end }]
  })
  const bracketed = [...text.matchAll(BRACKETED)].map(({ index, 0: block }) => {
    return { start: index, end: index + block.length }
  })
  return [...headed, ...bracketed]
}

/** Behind the last line of the list that begins at a place, and the rule that ends it. */
function endOfList(text: string, from: number): number {
  let end = from
  for (let at = from; at < text.length; ) {
    const next = text.indexOf('\n', at)
    const stop = next < 0 ? text.length : next + 1
    const line = text.slice(at, Math.min(stop, at + MAX_LINE_HEAD)).trim()
    if (/^(?:-{3,}|\*{3,}|_{3,})$/.test(line)) return stop
    if (line === '' || !LISTED.test(line)) return end
    end = stop
    at = stop
  }
  return end
}
const LISTED = /^(?:[-*•] |\d{1,2}[.)] |\p{L}[\p{L} ]{0,30}: )/u
const MAX_LINE_HEAD = 100

function taggedSpans(text: string): InjectedSpan[] {
  const spans: InjectedSpan[] = []
  // Looked up once per tag, so that openings without an end cost nothing.
  const lastClosings = new Map<string, number>()
  let from = 0
  for (const { 0: opening, 1: tag = '', index } of text.matchAll(OPENING)) {
    if (index < from || !INJECTED_NAME.test(tag)) continue
    const closing = `</${tag}>`
    const last = lastClosings.get(tag) ?? text.lastIndexOf(closing)
    lastClosings.set(tag, last)
    const end =
      last < index ? endOfCutBlock(text, index) : text.indexOf(closing, index + opening.length) + closing.length
    if (end === undefined) continue
    from = end
    spans.push({ start: index, end: from })
  }
  return spans
}

function endOfCutBlock(text: string, start: number): number | undefined {
  CUT_BLOCK.lastIndex = start
  return CUT_BLOCK.test(text) ? CUT_BLOCK.lastIndex : undefined
}

/** The text with `mark` in place of each block. */
export function withoutInjected(text: string, mark: string): string {
  let kept = ''
  let from = 0
  for (const { start, end } of injectedSpans(text)) {
    kept += text.slice(from, start) + mark
    from = end
  }
  return kept + text.slice(from)
}
