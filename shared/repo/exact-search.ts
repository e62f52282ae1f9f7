import { setImmediate } from 'node:timers/promises'
import { AfterturnError } from '../errors.ts'
import { readSources } from '../store/code/code-blobs.ts'
import type { Database } from '../store/database.ts'
import { zstdDecompressSync } from '../zstd.ts'
import type { SegmentChunk } from './index-format/code-segment.ts'
import type { SearchedFile } from './index-format/loaded-code.ts'
import { isAside } from './ranking/aside-path.ts'
import { kindOfPath } from './ranking/kind-priorities.ts'

/**
 * Owns search by the text as it stands: regular expressions and quoted phrases, chunk by chunk through the sources. Guarantees: linear time for any
 * pattern (re2js), a bounded time for all of them together, and the event loop is left to others between files.
 */

/** Whether a text has what is looked for. */
export type TextMatch = (text: string) => boolean

type ExactScan = {
  /** Chunks that match, in the order of the files; `chunk` is a place in the file. */
  readonly found: readonly { readonly file: SearchedFile; readonly chunk: number; readonly isAside: boolean }[]
  readonly searchedFiles: number
  /** Whether time ran out before all files were looked at. */
  readonly isCutShort: boolean
}

const MAX_PATTERN_LENGTH = 1_000
/** Instructions of the compiled pattern: each costs time for every character. */
const MAX_PATTERN_SIZE = 2_000
export const MAX_SCAN_MS = 3_000
/** Blobs whose sources are read in one statement. */
const PAGE_BLOBS = 64
const MIN_PHRASE_CHARS = 3
const MAX_PHRASES = 8

/** As programs write it: `/x/i`. */
const LITERAL = /^\/(.+)\/([dgimsuvy]{0,8})$/s

/**
 * The regular expression of a query, in the syntax of RE2: neither look-around nor back-references. `^` and `$` are of lines.
 * One between slashes is what stands between them, with the flags behind. @throws INPUT_INVALID
 */
export async function matchPattern(query: string): Promise<TextMatch> {
  const [, pattern = query, flags = ''] = LITERAL.exec(query.trim()) ?? []
  const refused = (problem: string) =>
    new AfterturnError('INPUT_INVALID', `Expected query to be a regular expression in the syntax of RE2: ${problem}.`)
  if (pattern.length > MAX_PATTERN_LENGTH) throw refused(`it has more than ${MAX_PATTERN_LENGTH} characters`)
  const { RE2JS, RE2JSException } = await import('re2js')
  try {
    const ofFlags = (flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0) | (flags.includes('s') ? RE2JS.DOTALL : 0)
    const compiled = RE2JS.compile(pattern, RE2JS.MULTILINE | ofFlags)
    if (compiled.programSize() > MAX_PATTERN_SIZE) throw refused('it is too large; repeat less')
    // The end of a line is before both of its characters.
    return (text) => compiled.test(text) || (text.includes('\r\n') && compiled.test(text.replaceAll('\r\n', '\n')))
  } catch (error) {
    // It shows the flag that was added.
    if (error instanceof RE2JSException) throw refused(error.message.replace('(?m)', ''))
    throw error
  }
}

const OTHER_QUOTES = /[“”„‟«»「」]/g

/** A name, a number or a path in quotes is a value of a message, and so is `[options]`; a phrase has blanks or ends within brackets, as code cut off. */
const IS_PHRASE = / |[([{][^()[\]{}]*$/
const HAS_WORD = /[\p{L}\p{M}\p{N}_]/u

/**
 * The phrases that a query quotes with `"`, in any script's form of it, or that are all of it: without regard to case, each run of blanks as one.
 * A query without a word, as `<=>`, is a phrase too.
 */
export function quotedPhrases(query: string): string[] {
  const text = query.replace(OTHER_QUOTES, '"').trim()
  const isWhole = text.length > 2 && text.startsWith('"') && text.indexOf('"', 1) === text.length - 1
  if (isWhole || !HAS_WORD.test(text)) return [plainText(isWhole ? text.slice(1, -1) : text)].filter(Boolean)
  return text
    .split('"')
    .filter((_, at, parts) => at % 2 === 1 && at < parts.length - 1)
    .map(plainText)
    .filter((phrase) => phrase.length >= MIN_PHRASE_CHARS && IS_PHRASE.test(phrase))
    .slice(0, MAX_PHRASES)
}

/** Whether a text has all phrases. */
export function matchPhrases(phrases: readonly string[]): TextMatch {
  return (text) => {
    const plain = plainText(text)
    return phrases.every((phrase) => plain.includes(phrase))
  }
}

/** A text without regard to case, each run of blanks as one. */
export function plainText(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase()
}

/** Files in the order in which they are looked through, by path within each: source, then documents and data, then tests and examples. */
export function inScanOrder<T extends { readonly path: string }>(files: readonly T[]): { file: T; isAside: boolean }[] {
  return files
    .map((file) => {
      const beside = isAside(file.path, { scope: '', symbol: null })
      return { file, isAside: beside, rank: beside ? 2 : Number(kindOfPath(file.path) !== 'code') }
    })
    .sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1))
}

/** Looks through files for chunks that match, the source before all else, until it has enough of them or no more time. */
export async function scanChunks(
  database: Database,
  orgId: string,
  files: readonly SearchedFile[],
  matches: TextMatch,
  { limit, monotonicMs, maxMs = MAX_SCAN_MS }: { limit: number; monotonicMs: () => number; maxMs?: number },
): Promise<ExactScan> {
  const deadline = monotonicMs() + maxMs
  const sorted = inScanOrder(files)
  const found: ExactScan['found'][number][] = []
  for (let from = 0; from < sorted.length; from += PAGE_BLOBS) {
    const page = sorted.slice(from, from + PAGE_BLOBS)
    const sources = await readSources(
      database,
      orgId,
      page.map(({ file }) => file.blob),
    )
    for (const [at, { file, isAside }] of page.entries()) {
      const source = sources.get(file.blob)
      const text = source === undefined ? '' : zstdDecompressSync(source).toString('utf8')
      for (const [chunk, { offset, length }] of file.segment.chunks.entries() as Iterable<[number, SegmentChunk]>) {
        if (monotonicMs() > deadline) return { found, searchedFiles: from + at, isCutShort: true }
        if (matches(text.slice(offset, offset + length))) found.push({ file, chunk, isAside })
        if (found.length >= limit) return { found, searchedFiles: from + at + 1, isCutShort: false }
      }
      await setImmediate()
    }
  }
  return { found, searchedFiles: sorted.length, isCutShort: false }
}
