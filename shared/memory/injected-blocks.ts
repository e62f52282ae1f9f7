/**
 * Finds the tagged blocks that hosts put into messages: recalled memories, retrieved documents, system texts and results of tools.
 * A memory block that was stored, indexed or extracted again would breed itself. Guarantees linear time.
 */

/** Words of the tag names of such blocks; `user_profile`, `long-term-memory` and their like have them in them. */
const INJECTED_NAME =
  /memor|recall|remember|knowledge|context|retriev|relevant|document|excerpt|search[_-]?result|citation|^sources?$|history|profile|persona|summary|^facts?$|known[_-]|about[_-]user|user[_-](?:info|data|facts?|preferences?)|^system|[_-]system|^instructions?$|reminder|^(?:tool|function|environment)[_-]/i
const OPENING = /<([a-z][\w:.-]{0,60})(?:\s[^<>]{0,500})?>/gi

type InjectedSpan = { readonly start: number; readonly end: number }

/** Where such blocks are, with their tags; in order, without overlaps. A block that is never closed is none. */
export function injectedSpans(text: string): InjectedSpan[] {
  const spans: InjectedSpan[] = []
  // Looked up once per tag, so that openings without an end cost nothing.
  const lastClosings = new Map<string, number>()
  let from = 0
  for (const { 0: opening, 1: tag = '', index } of text.matchAll(OPENING)) {
    if (index < from || !INJECTED_NAME.test(tag)) continue
    const closing = `</${tag}>`
    const last = lastClosings.get(tag) ?? text.lastIndexOf(closing)
    lastClosings.set(tag, last)
    if (last < index) continue
    from = text.indexOf(closing, index + opening.length) + closing.length
    spans.push({ start: index, end: from })
  }
  return spans
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
