import { readSources, unpackTexts } from '../store/code/code-blobs.ts'
import type { Database } from '../store/database.ts'
import { matchPhrases, plainText } from './exact-search.ts'
import type { SegmentChunk } from './index-format/code-segment.ts'
import type { SearchedFile } from './index-format/loaded-code.ts'
import type { CodeScoreParts } from './ranking/rank-chunks.ts'

/**
 * Owns queries that somebody pasted, such as messages of errors and pieces of code: whoever has the words in a row, or all as it stands, comes before
 * whoever has the words. What a program puts into its message breaks only the runs around it. Guarantees: linear in the texts of some candidates.
 */

type Ranked = {
  readonly file: SearchedFile
  readonly chunk: number
  readonly score: number
  readonly why: Pick<CodeScoreParts, 'priority'>
}

/** Questions have few of these. With sentences that end in a period among them, recall at five fell by .04 and .005 on two repositories. */
const PASTED = /[`"“”%<>{}[\]\n]|(?<![\p{L}\p{N}])['‘]|['’](?![\p{L}\p{N}])|\p{L}[:!](?:\s|$)/u
const RUN_WORDS = 3
const NONE: ReadonlySet<string> = new Set()
const CHECKED = 50
/** Of the words of a short piece of code there are many. */
const CHECKED_AS_IS = 200
const MAX_PIECE_CHARS = 60
const OPERATOR = /[=<>(){}[\]@#$%&|~*\\^]/
/** A hyphen joins words of prose, but those of `X-Header`. */
const JOINED = /[\p{L}\p{N}_](?:[.:/]{1,2}|-(?=\p{Lu}))[\p{L}\p{N}_]/u
/** More than all that a chunk can have of the words: it is what was named, and nothing else is looked for. */
const NAMED_SCORE = 4
/** As much as all that a chunk can have of the words themselves, for one that has the whole message. */
const WHOLE_SCORE = 2.5
/** Of one line among several: as many are a message, whatever values and frames of a stack stand beside it. */
const MESSAGE_RUNS = 6

/** The candidates, those first that have runs of the query's words, where the query may be a message. */
export async function preferPasted<Candidate extends Ranked>(
  database: Database,
  orgId: string,
  query: string,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const lines = query.split('\n').map(wordRuns)
  const longest = Math.max(...lines.map(({ size }) => size))
  const isMessage = longest > 0 && PASTED.test(query)
  const isCode = isPieceOfCode(query) && (candidates[0]?.score ?? 0) < NAMED_SCORE
  if (!isMessage && !isCode) return candidates
  const hasAsIs = matchPhrases([plainText(query)])
  const whole = lines.length > 1 ? Math.min(MESSAGE_RUNS, longest) : longest
  const checked = candidates.slice(0, isCode ? CHECKED_AS_IS : CHECKED)
  const texts = await unpackTexts(
    await readSources(database, orgId, [...new Set(checked.map(({ file }) => file.blob))]),
  )
  const weighed = checked.map((candidate, at) => {
    const { offset, length } = candidate.file.segment.chunks[candidate.chunk] as SegmentChunk
    const text = (texts.get(candidate.file.blob) ?? '').slice(offset, offset + length)
    const own = isMessage && at < CHECKED ? wordRuns(text) : NONE
    const most = Math.max(...lines.map((line) => [...line].filter((run) => own.has(run)).length))
    const share = isCode && hasAsIs(text) ? 1 : Math.min(1, most / (whole || 1))
    return { ...candidate, score: candidate.score + WHOLE_SCORE * share * candidate.why.priority }
  })
  return [...weighed.sort((a, b) => b.score - a.score), ...candidates.slice(checked.length)]
}

/** True for a query that may be a piece of code, which is looked for as it stands: `@app`, `process.env`, `c.JSON(200`. */
function isPieceOfCode(query: string): boolean {
  const text = query.trim()
  return text.length <= MAX_PIECE_CHARS && (OPERATOR.test(text) || (JOINED.test(text) && !/\s/.test(text)))
}

function wordRuns(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return new Set(words.slice(RUN_WORDS - 1).map((_, at) => words.slice(at, at + RUN_WORDS).join(' ')))
}
