import type { Segment } from '../index-format/code-segment.ts'
import { kindOfPath } from './kind-priorities.ts'

/**
 * Owns queries that are a path and nothing else, and which chunks lie there: who pastes `src/cart.ts:12`, `@/lib/cart` or `Makefile` wants that file,
 * and that line of it. Pure; upper and lower case are alike, and `\` is `/`.
 */

export type AskedPlace = {
  /** From the outside in, in small letters. */
  readonly names: readonly string[]
  /** 1-based. */
  readonly line: number | undefined
  /** True where the last name may lack its extension. */
  readonly isStem: boolean
  /** True where a document may be meant without its extension, as by `README` and `docs/start`: the words of `shell-completion` ask for code. */
  readonly isTitle: boolean
}

const LINE = /(?::|#L|\()(\d{1,7})(?:[:,-]L?\d{1,7})?\)?$/
const MAX_QUERY_CHARS = 300
/** Pieces of a path that lead to a directory and name none. */
const UNNAMED: ReadonlySet<string> = new Set(['', '.', '..', '@', '~', 'file:'])
/** In capitals as `README`, or of several words: another word alone is one of a question. */
const CAPITALS = /^\p{Lu}{5}/u
const IDENTIFIER = /[\p{Ll}\p{N}]\p{Lu}|[-_]/u

/** The path that a query may be: the files say whether there is one. */
export function askedPlace(query: string): AskedPlace | undefined {
  const text = query.trim()
  if (text.length > MAX_QUERY_CHARS) return undefined
  const line = LINE.exec(text)
  const path = text.slice(0, line?.index).replaceAll('\\', '/').split('/')
  const named = path.filter((name) => !UNNAMED.has(name))
  if (named.length === 0) return undefined
  const isTitle = named.length > 1 || CAPITALS.test(named[0] as string)
  const isStem = isTitle || IDENTIFIER.test(named[0] as string)
  return { names: named.map((name) => name.toLowerCase()), line: line ? Number(line[1]) : undefined, isStem, isTitle }
}

/** How many of its last names a path shares with what was asked for, all of one of the two; 0 for another file. */
export function sharedNames(path: string, { names, isStem, isTitle }: AskedPlace): number {
  const asked = names.at(-1) as string
  // Most files are told from it by the length of their names.
  const letters = path.length - path.lastIndexOf('/') - 1
  if (letters < asked.length || (letters > asked.length && !isStem)) return 0
  const own = path.toLowerCase().split('/')
  const file = own.at(-1) as string
  if (file !== asked && !(isStem && file.slice(0, Math.max(0, file.lastIndexOf('.'))) === asked)) return 0
  // A path of another machine may go on to the left, a sentence may not.
  if (names.length > own.length && names.some((name) => /\s/.test(name))) return 0
  const length = Math.min(own.length, names.length)
  for (let back = 2; back <= length; back++) if (own.at(-back) !== names.at(-back)) return 0
  if (file === asked) return length
  // Without its extension a last name alone may be a word, as in `auth/errors`.
  const isWord = length === 1 && names.length > 1
  return isWord || (!isTitle && kindOfPath(path) === 'prose') ? 0 : length
}

/** The chunks of a file at the line, or all of them. */
export function chunksAt({ chunks }: Segment, line: number | undefined): number[] {
  const all = [...chunks.keys()]
  if (line === undefined) return all
  const at = chunks.findLastIndex(({ startLine }) => startLine <= line)
  return at < 0 ? [] : [at]
}
