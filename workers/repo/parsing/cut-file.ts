import type { ChunkKind } from '../../../shared/repo/index-format/code-chunk.ts'
import type { Definition } from './definition.ts'

/**
 * Owns where a file is cut: one piece for each function, method and class; large ones at their inner boundaries; small neighbours together.
 * Pure. Guarantees: pieces are in order and do not overlap, every line that is not blank is in one, and none has more tokens than the limit
 * but a single line, which the caller cuts.
 */

/** A run of lines, 0-based, both included. */
export type Piece = {
  readonly first: number
  readonly last: number
  readonly kind: ChunkKind
  readonly symbol: string | null
  /** From the outside in, the piece's own definition last. */
  readonly scope: readonly string[]
}

export type CutLimits = {
  /** A piece has at most so many tokens. */
  readonly maxTokens: number
  /** A class with more is cut into its members. */
  readonly maxWholeTokens: number
  /** Neighbours below this are put together. */
  readonly minTokens: number
}

/** Measured on doc comments to functions: smaller cuts miss context, larger ones cost tokens. */
export const CUT_LIMITS: CutLimits = { maxTokens: 500, maxWholeTokens: 160, minTokens: 30 }
/** Paragraphs stand for themselves, as the body of a function does not. */
export const PROSE_LIMITS: CutLimits = { ...CUT_LIMITS, maxTokens: 300 }

/** What a cut costs, beside the columns that its line is indented. */
const IN_PARAGRAPH_COST = 2
const CONTINUATION_COST = 8
const IMBALANCE_COST = 12
const MAX_INDENT = 40
const MAX_IMBALANCE = 0.7
/** A line that only ends what stands before it. */
const CLOSES = /^[\s\])};,]*(?:(?:end|fi|done|esac);?)?$/
/** A line that goes on with what stands before it. */
const CONTINUES = /^\s*([\])}]|(else|elif|except|catch|finally|end)\b)/

/** What becomes of a definition; all others are cut as classes are. */
const CHUNK_KINDS: ReadonlyMap<string, ChunkKind> = new Map([
  ...kindsOf('function', 'function'),
  ...kindsOf('method', 'method constructor operator subscript'),
  ...kindsOf('section', 'section'),
  ...kindsOf('block', 'type variable constant property macro rule key statement element table view trigger index'),
])

function kindsOf(kind: ChunkKind, definitions: string): [string, ChunkKind][] {
  return definitions.split(' ').map((definition) => [definition, kind])
}

/** Cuts the lines of a file whose definitions are known; without any it is cut into windows. */
export function cutFile(
  lines: readonly string[],
  lineTokens: readonly number[],
  definitions: readonly Definition[],
  limits: CutLimits,
): Piece[] {
  const file = { lines, sums: sumsOf(lineTokens), costs: new Float64Array(lines.length).fill(Number.NaN), limits }
  const rest: Rest = { kind: definitions.length > 0 ? 'block' : 'window', symbol: null, scope: [] }
  return cutRange(file, 0, lines.length - 1, definitions, rest)
}

type File = {
  readonly lines: readonly string[]
  readonly sums: Float64Array
  /** What `costOf` has found: halving looks at a line many times. */
  readonly costs: Float64Array
  readonly limits: CutLimits
}
/** What lines are that belong to no definition inside. */
type Rest = Pick<Piece, 'kind' | 'symbol' | 'scope'>

function cutRange(file: File, first: number, last: number, definitions: readonly Definition[], rest: Rest): Piece[] {
  const pieces: Piece[] = []
  let next = first
  let ofRest = rest
  const addRest = (to: number) => {
    const pieceless = trim(file, next, to)
    if (pieceless === undefined) return
    const previous = pieces.at(-1)
    // What closes a body says nothing alone.
    if (previous && isClosing(file, pieceless) && fits(file, previous.first, pieceless.last))
      pieces[pieces.length - 1] = { ...previous, last: pieceless.last }
    else pieces.push(...split(file, pieceless.first, pieceless.last, ofRest))
    // The head of a class is the class; what stands between its members is a part of it.
    if (ofRest.symbol !== null) ofRest = { ...rest, kind: 'block', symbol: null }
  }
  for (const definition of definitions) {
    const from = Math.max(definition.firstLine, next)
    // Two on one line: the first has it.
    if (definition.lastLine < next || definition.line < next || definition.lastLine > last) continue
    addRest(from - 1)
    pieces.push(...cutDefinition(file, from, definition, rest.scope))
    next = definition.lastLine + 1
  }
  addRest(last)
  return join(file, pieces, rest.scope)
}

function cutDefinition(file: File, from: number, definition: Definition, outer: readonly string[]): Piece[] {
  const kind = CHUNK_KINDS.get(definition.kind) ?? 'class'
  const scope = [...outer, `${definition.kind} ${definition.name}`]
  const own: Rest = { kind, symbol: definition.name, scope }
  const tokens = tokensOf(file, from, definition.lastLine)
  const isWhole = definition.members.length === 0 || kind !== 'class'
  const whole = isWhole ? file.limits.maxTokens : file.limits.maxWholeTokens
  if (tokens <= whole) return [{ ...own, first: from, last: definition.lastLine }]
  if (definition.members.length > 0) return cutRange(file, from, definition.lastLine, definition.members, own)
  return split(file, from, definition.lastLine, own)
}

/** Cuts at the least indented lines, first after a blank one, so that the parts come out about equal. */
function split(file: File, first: number, last: number, rest: Rest): Piece[] {
  const range = trim(file, first, last)
  if (range === undefined) return []
  if (fits(file, range.first, range.last) || range.first === range.last) return [{ ...rest, ...range }]
  const cut = bestCut(file, range.first, range.last)
  return [...split(file, range.first, cut - 1, rest), ...split(file, cut, range.last, rest)]
}

/** The line that the second part begins with. Away from the ends, so that halving a file of any shape ends soon. */
function bestCut(file: File, first: number, last: number): number {
  const total = tokensOf(file, first, last)
  let best = first + 1
  let bestCost = Number.POSITIVE_INFINITY
  for (let line = first + 1; line <= last; line++) {
    const own = costOf(file, line)
    if (own === Number.POSITIVE_INFINITY) continue
    const imbalance = Math.abs(2 * tokensOf(file, first, line - 1) - total) / (total || 1)
    const cost = own + imbalance * IMBALANCE_COST + (imbalance > MAX_IMBALANCE ? MAX_INDENT * 2 : 0)
    if (cost < bestCost) {
      best = line
      bestCost = cost
    }
  }
  return best
}

/** What a cut before a line costs for its look alone; before a blank one there is none. */
function costOf({ lines, costs }: File, line: number): number {
  const known = costs[line] as number
  if (!Number.isNaN(known)) return known
  const text = lines[line] ?? ''
  const isAfterBlank = (lines[line - 1] ?? '').trim() === ''
  const cost =
    text.trim() === ''
      ? Number.POSITIVE_INFINITY
      : Math.min(indentOf(text), MAX_INDENT) +
        (isAfterBlank ? 0 : IN_PARAGRAPH_COST) +
        (CONTINUES.test(text) ? CONTINUATION_COST : 0)
  costs[line] = cost
  return cost
}

/** Puts small neighbours together. */
function join(file: File, pieces: readonly Piece[], scope: readonly string[]): Piece[] {
  const { minTokens } = file.limits
  const joined: Piece[] = []
  for (const piece of pieces) {
    const previous = joined.at(-1)
    const isJoined =
      previous !== undefined &&
      // What stands deeper is a part of another definition.
      Math.max(previous.scope.length, piece.scope.length) <= scope.length + 1 &&
      Math.min(sizeOf(file, previous), sizeOf(file, piece)) < minTokens &&
      tokensOf(file, previous.first, piece.last) <= file.limits.maxWholeTokens
    if (isJoined) joined[joined.length - 1] = merge(previous, piece, scope)
    else joined.push(piece)
  }
  return joined
}

/** Two pieces as one: of the one that has a name, or of a run of definitions under the names of all. */
function merge(a: Piece, b: Piece, scope: readonly string[]): Piece {
  const named = [a, b].filter((piece) => piece.symbol !== null)
  const inner = [...new Set([a, b].flatMap((piece) => piece.scope.slice(scope.length)))]
  const kinds = new Set(named.map(({ kind }) => kind))
  return {
    first: a.first,
    last: b.last,
    kind: a.kind === 'class' || kinds.size === 1 ? (named[0] ?? a).kind : 'block',
    symbol: named[0]?.symbol ?? null,
    scope: inner.length > 0 ? [...scope, inner.join(', ')] : scope,
  }
}

function trim(file: File, first: number, last: number): { first: number; last: number } | undefined {
  let [from, to] = [first, last]
  while (from <= to && (file.lines[from] ?? '').trim() === '') from++
  while (to >= from && (file.lines[to] ?? '').trim() === '') to--
  return from <= to ? { first: from, last: to } : undefined
}

function isClosing(file: File, { first, last }: { first: number; last: number }): boolean {
  for (let line = first; line <= last; line++) {
    if (!CLOSES.test((file.lines[line] ?? '').trimEnd())) return false
  }
  return true
}

function fits(file: File, first: number, last: number): boolean {
  return tokensOf(file, first, last) <= file.limits.maxTokens
}

function sizeOf(file: File, { first, last }: Piece): number {
  return tokensOf(file, first, last)
}

function tokensOf({ sums }: File, first: number, last: number): number {
  return (sums[last + 1] ?? 0) - (sums[first] ?? 0)
}

function sumsOf(lineTokens: readonly number[]): Float64Array {
  const sums = new Float64Array(lineTokens.length + 1)
  lineTokens.forEach((tokens, line) => {
    sums[line + 1] = (sums[line] ?? 0) + tokens
  })
  return sums
}

const TAB_WIDTH = 4

function indentOf(line: string): number {
  let width = 0
  for (let at = 0; ; at++) {
    if (line[at] === ' ') width += 1
    else if (line[at] === '\t') width += TAB_WIDTH
    else return width
  }
}
