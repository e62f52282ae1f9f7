/** Owns by what marks models that think aloud set their thoughts apart. Guarantees: linear time. Must not be asked about what stands inside a JSON string. */

/** `end` is where the mark itself is over. */
type ReasoningMark = { readonly kind: 'begin' | 'end'; readonly end: number; readonly family: Family }

type Family = {
  readonly begin: RegExp
  readonly close: RegExp
}

const NAMES =
  '(?:[a-z]{1,20}:|inner[_-]|internal[_-])?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis|antthinking|monologue)(?:[_-](?:process|content|steps?|trace|block))?'

const BLANKS = '\\s{0,3}'
const LESS = '(?:<|&lt;|＜)'
const GREATER = '(?:>|&gt;|＞)'

/** Each pattern is sticky, and bounded. */
const FAMILIES: readonly Family[] = [
  // DeepSeek-R1, Qwen3, QwQ, GLM, MiniMax; `<thought>` of Gemma; `<seed:think>` of Seed-OSS; whatever prompts ask for.
  // Some write blanks into the tag, escape its slash as in a JSON string, or its brackets as in HTML.
  {
    begin: new RegExp(`${LESS}${BLANKS}${NAMES}(?:\\s[^<>&]{0,100})?${GREATER}`, 'iy'),
    close: new RegExp(`${LESS}${BLANKS}\\\\{0,2}/${BLANKS}${NAMES}${BLANKS}${GREATER}`, 'iy'),
  },
  // Magistral.
  { begin: /\[ ?think(?:ing)? ?\]/iy, close: /\[ ?\\?\/ ?think(?:ing)? ?\]/iy },
  // Kimi.
  { begin: /◁think▷/y, close: /◁\/think▷/y },
  // Command A Reasoning.
  { begin: /<\|start_thinking\|>/iy, close: /<\|end_thinking\|>/iy },
  // Sky-T1, Light-R1; templates with control tokens.
  { begin: /<\|(?:begin_of_thought|think)\|>/iy, close: /<\|(?:end_of_thought|\/think)\|>/iy },
  // Gemma, where its channels are not parsed by the server.
  { begin: /<\|channel>thought/iy, close: /<channel\|>/iy },
  // gpt-oss, where its channels are not parsed by the server.
  { begin: /<\|channel\|>(?:analysis|commentary)<\|message\|>/iy, close: /<\|end\|>|<\|channel\|>final/iy },
]

/** The mark that begins at a place. */
export function markAt(text: string, at: number): ReasoningMark | undefined {
  for (const family of FAMILIES) {
    const begin = matchEnd(family.begin, text, at)
    if (begin !== undefined) return { kind: 'begin', end: begin, family }
    const close = matchEnd(family.close, text, at)
    if (close !== undefined) return { kind: 'end', end: close, family }
  }
  return undefined
}

/** Where the reasoning that a mark begins is over: after its end, or at the end of the text. Blocks may lie inside each other. */
export function skipReasoning(text: string, { end, family }: ReasoningMark): number {
  let depth = 1
  for (let at = end; at < text.length; ) {
    const close = matchEnd(family.close, text, at)
    if (close !== undefined && --depth === 0) return close
    const begin = close === undefined ? matchEnd(family.begin, text, at) : undefined
    if (begin !== undefined) depth += 1
    at = close ?? begin ?? at + 1
  }
  return text.length
}

/** Where the next end of a block stands, whatever begins before it; undefined when there is none. */
export function nextEnd(text: string, from: number): number | undefined {
  const found = /(?:<|&lt;|＜)\s{0,3}\\{0,2}\/|\[ ?\\?\/|◁\/|<\||<channel\|/g
  found.lastIndex = from
  for (let hit = found.exec(text); hit; hit = found.exec(text)) {
    const mark = markAt(text, hit.index)
    if (mark?.kind === 'end') return hit.index
  }
  return undefined
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
