import type { CodeSymbol } from '../index-format/code-chunk.ts'
import type { Segment } from '../index-format/code-segment.ts'

/**
 * Owns queries that are a name and nothing else, and which definitions have it: who pastes an identifier wants where it is defined, before all that
 * speaks of it. Pure. A name may be qualified, as `Cart.add`, `Cart::add` and `cart->add()` are.
 */

export type AskedName = {
  readonly name: string
  /** Its name without case style. */
  readonly plain: string
  /** The names before it, from the outside in, in small letters. */
  readonly qualifiers: readonly string[]
}

const NAME = /^(?:@|#|\$)?[\p{L}_][\p{L}\p{M}\p{N}_-]{0,200}[?!]?$/u
/** Of a call: `add()`, or `add/2` where names are told apart by the number of arguments, which no protocol and no path is. */
const CALLED = /\(\)$|(?<=^(?:[^/]{0,300}\.)?(?!\p{Lu})[\p{L}_][\p{L}\p{M}\p{N}_]{0,200}[?!]?)\/\d{1,3}$/u
const SEPARATOR = /::|->|(?<=[\p{L}\p{N}_])#|\.|\\|\//u
const MAX_QUERY_CHARS = 300
/** Parts of documents and data, which are asked for in words. */
const NO_DEFINITIONS: ReadonlySet<string> = new Set(['section', 'key', 'statement', 'element', 'rule', 'target'])

const SAME_NAME = 1
const SAME_BUT_CASE = 0.6
/** `addItem` for `add_item` or `add-item`. */
const SAME_BUT_STYLE = 0.5
/** Of a head without a body, as a prototype. */
const HEAD_SHARE = 0.8

/** The name that a query is; undefined for one that says more. */
export function askedName(query: string): AskedName | undefined {
  const text = query.trim()
  if (text.length > MAX_QUERY_CHARS) return undefined
  const parts = text.replace(CALLED, '').split(SEPARATOR)
  const name = parts.at(-1) ?? ''
  if (!parts.every((part) => NAME.test(part))) return undefined
  return { name, plain: withoutCaseStyle(name), qualifiers: parts.slice(0, -1).map((part) => part.toLowerCase()) }
}

/** A name as it is in every case style: `additem` for `addItem`, `ADD_ITEM` and `add-item`. */
function withoutCaseStyle(name: string): string {
  return (name.replace(/[_-]/g, '') || name).toLowerCase()
}

/**
 * How much a symbol is what was asked for, 0 to 1. A qualifier has to be said by its own name, its scope or its path.
 * @param path of its file
 */
export function namedStrength(symbol: CodeSymbol, asked: AskedName, path: string): number {
  const own = symbol.name
  // Most names are told from it by their length or their last letter: there are some hundred thousand.
  if (own.length < asked.plain.length || !isLikeEnd(own, asked.plain) || NO_DEFINITIONS.has(symbol.kind)) return 0
  const last = own === asked.name ? own : lastPartOf(own)
  const same = sameness(last, asked)
  if (same === 0 || !isQualified(symbol, asked, path)) return 0
  return symbol.endLine > symbol.startLine ? same : same * HEAD_SHARE
}

const MAX_ASCII = 0x7f
const UNDERSCORE = 0x5f
const HYPHEN = 0x2d
/** The bit that makes a letter of ASCII a small one. */
const SMALL = 0x20

/** False for most names that differ, true for all that do not. */
function isLikeEnd(name: string, plain: string): boolean {
  const last = name.charCodeAt(name.length - 1)
  return (
    last > MAX_ASCII ||
    (last | SMALL) === (plain.charCodeAt(plain.length - 1) | SMALL) ||
    last === UNDERSCORE ||
    last === HYPHEN
  )
}

function sameness(name: string, asked: AskedName): number {
  if (name === asked.name) return SAME_NAME
  if (name.length < asked.plain.length || withoutCaseStyle(name) !== asked.plain) return 0
  return name.toLowerCase() === asked.name.toLowerCase() ? SAME_BUT_CASE : SAME_BUT_STYLE
}

function isQualified({ name, scope }: CodeSymbol, { qualifiers }: AskedName, path: string): boolean {
  if (qualifiers.length === 0) return true
  const around = `${path} ${scope} ${name}`.toLowerCase().split(/[^\p{L}\p{M}\p{N}_]+/u)
  return qualifiers.every((one) => around.includes(one.replace(/^[@#$]/, '')))
}

/** `add` of `Cart::add`, `Cart.add` and `-add`. */
function lastPartOf(name: string): string {
  for (let at = name.length - 1; at >= 0; at--) if (':.>'.includes(name[at] as string)) return name.slice(at + 1)
  return name
}

/** A component of Vue, Svelte or Astro is called by the name of its file, unless that names a route. */
const COMPONENT = /(?:^|\/)([A-Za-z][\w-]{0,120})\.(?:vue|svelte|astro)$/

/** The definitions of a file, among them the component that it is. */
export function symbolsOf({ symbols, chunks }: Segment, path: string): readonly CodeSymbol[] {
  const stem = COMPONENT.exec(path)?.[1]
  if (stem === undefined || stem.toLowerCase() === 'index') return symbols
  const name = stem.replace(/(?:^|[-_])([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const endLine = chunks.reduce((last, chunk) => Math.max(last, chunk.endLine), 1)
  return [{ name, kind: 'component', scope: '', startLine: 1, endLine }, ...symbols]
}

/** The chunks of a file that define a name, each with how much it is the one. */
export function chunksNaming(segment: Segment, asked: AskedName, path: string): Map<number, number> {
  const found = new Map<number, number>()
  const { chunks } = segment
  for (const symbol of symbolsOf(segment, path)) {
    const strength = namedStrength(symbol, asked, path)
    if (strength === 0) continue
    const chunk = chunks.findIndex(
      ({ startLine, endLine }) => startLine <= symbol.startLine && symbol.startLine <= endLine,
    )
    if (chunk >= 0 && strength > (found.get(chunk) ?? 0)) found.set(chunk, strength)
  }
  return found
}
