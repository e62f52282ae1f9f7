import { readSources, unpackTexts } from '../store/code/code-blobs.ts'
import type { Database } from '../store/database.ts'
import type { SegmentChunk } from './index-format/code-segment.ts'
import type { SearchedFile } from './index-format/loaded-code.ts'
import type { CodeScoreParts } from './ranking/rank-chunks.ts'

/**
 * Owns queries that somebody pasted, such as messages of errors: whoever has the words in a row comes before whoever has them. What a program puts
 * into its message breaks only the runs of words around it. Guarantees: linear in the texts of a few dozen candidates.
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
const CHECKED = 50
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
  if (longest === 0 || !PASTED.test(query)) return candidates
  const whole = lines.length > 1 ? Math.min(MESSAGE_RUNS, longest) : longest
  const checked = candidates.slice(0, CHECKED)
  const texts = await unpackTexts(
    await readSources(database, orgId, [...new Set(checked.map(({ file }) => file.blob))]),
  )
  const weighed = checked.map((candidate) => {
    const { offset, length } = candidate.file.segment.chunks[candidate.chunk] as SegmentChunk
    const own = wordRuns((texts.get(candidate.file.blob) ?? '').slice(offset, offset + length))
    const most = Math.max(...lines.map((line) => [...line].filter((run) => own.has(run)).length))
    const share = Math.min(1, most / whole)
    return { ...candidate, score: candidate.score + WHOLE_SCORE * share * candidate.why.priority }
  })
  return [...weighed.sort((a, b) => b.score - a.score), ...candidates.slice(CHECKED)]
}

function wordRuns(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
  return new Set(words.slice(RUN_WORDS - 1).map((_, at) => words.slice(at, at + RUN_WORDS).join(' ')))
}
