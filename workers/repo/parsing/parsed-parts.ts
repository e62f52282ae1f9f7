import type { ChunkKind, CodeSymbol } from '../../../shared/repo/index-format/code-chunk.ts'
import { CUT_LIMITS, type CutLimits, cutFile } from './cut-file.ts'
import type { Definition } from './definition.ts'

/** Owns what a file's definitions become: the parts that chunks are made of, each a range of characters, and the list of symbols. Pure. */

/** A chunk without its text: `from` and `to` are offsets into the file's. */
export type PartOfFile = {
  readonly startLine: number
  readonly endLine: number
  readonly kind: ChunkKind
  readonly symbol: string | null
  readonly scope: string
  readonly from: number
  readonly to: number
  readonly tokens: number
}

export type ParsedParts = { readonly parts: readonly PartOfFile[]; readonly symbols: readonly CodeSymbol[] }

/** Counts the tokens of a text; of one that is split, the counts add up. */
type CountTokens = (text: string) => number

/** What stands around a definition but is none that anyone looks for. */
const UNLISTED_KINDS = new Set(['impl', 'statement', 'element', 'key'])
const SCOPE_SEPARATOR = ' > '

/** Cuts a file whose definitions are known. A line that is too long for one chunk becomes several of the same line. */
export function listParts(
  text: string,
  lines: readonly string[],
  definitions: readonly Definition[],
  countTokens: CountTokens,
  limits: CutLimits = CUT_LIMITS,
): ParsedParts {
  const lineTokens = lines.map((line) => countTokens(`${line}\n`))
  const starts = startsOf(lines)
  const pieces = cutFile(lines, lineTokens, definitions, limits)
  const parts = pieces.flatMap((piece): PartOfFile[] => {
    const from = starts[piece.first] as number
    const to = (starts[piece.last] as number) + (lines[piece.last] as string).length
    let tokens = 0
    for (let line = piece.first; line <= piece.last; line++) tokens += lineTokens[line] as number
    const part: PartOfFile = {
      startLine: piece.first + 1,
      endLine: piece.last + 1,
      kind: piece.kind,
      symbol: piece.symbol,
      scope: piece.scope.join(SCOPE_SEPARATOR),
      from,
      to,
      tokens,
    }
    return tokens <= limits.maxTokens ? [part] : slicesOf(part, text, countTokens, limits.maxTokens)
  })
  return { parts, symbols: symbolsOf(definitions, []) }
}

/** Cuts one long line; where a slice has too many tokens, it is halved. */
function slicesOf(part: PartOfFile, text: string, countTokens: CountTokens, maxTokens: number): PartOfFile[] {
  const slices: PartOfFile[] = []
  let length = maxTokens * 4
  for (let from = part.from; from < part.to; ) {
    const to = wholeCharacter(text, Math.min(part.to, from + length))
    const slice = text.slice(from, to)
    const tokens = countTokens(slice)
    if (tokens > maxTokens && slice.length > 2) {
      length = Math.max(2, length >> 1)
      continue
    }
    if (slice.trim() !== '') slices.push({ ...part, kind: 'window', from, to, tokens })
    from = to
    length = maxTokens * 4
  }
  return slices
}

function wholeCharacter(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return last >= 0xd800 && last <= 0xdbff && at < text.length ? at + 1 : at
}

function symbolsOf(definitions: readonly Definition[], outer: readonly string[]): CodeSymbol[] {
  return definitions.flatMap((definition) => {
    const { kind, name, line, lastLine, members } = definition
    const inner = symbolsOf(members, [...outer, `${kind} ${name}`])
    if (UNLISTED_KINDS.has(kind)) return inner
    return [{ name, kind, startLine: line + 1, endLine: lastLine + 1, scope: outer.join(SCOPE_SEPARATOR) }, ...inner]
  })
}

function startsOf(lines: readonly string[]): number[] {
  let at = 0
  return lines.map((line) => {
    const start = at
    at += line.length + 1
    return start
  })
}
