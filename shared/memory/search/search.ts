import { stem } from '../../ai/local/stem.ts'
import { faintWordsOf, queryTermsOf } from '../../ai/local/terms.ts'
import { wordsOf } from '../../ai/local/words.ts'
import type { ModelProvider } from '../../ai/model-provider.ts'
import type { CachedEmbedder } from '../../cache/embedding-cache.ts'
import { embedQuery } from '../../cache/query-vector.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { redactSecrets } from '../../redact/redact-secrets.ts'
import { audiencesOf } from '../../store/audiences.ts'
import type { Database } from '../../store/database.ts'
import type { HeldCodes } from '../../store/search-index/held-codes.ts'
import { findTurnsByMetadata } from '../../store/turns/turn-metadata.ts'
import { readInTime } from '../../store/with-store-errors.ts'
import type { Query, SearchEffort } from './candidates.ts'
import { fitToBudget } from './fit-to-budget.ts'
import { LOCAL_FUSION_WEIGHTS, MODEL_FUSION_WEIGHTS } from './fusion.ts'
import { type ParsedSearch, parseSearch, type SearchInput } from './search-input.ts'
import { type AskedSearch, type Hits, type MemoryHit, searchMemories } from './search-memories.ts'
import { searchTurns, type TurnHit } from './search-turns.ts'
import { timesIn } from './times/query-times.ts'

/** Owns search: candidates by words, meaning, neighbours and time, fused. Guarantees: one org only; items without a vector of the current model are found by their words. */

/** Two lists, best first. */
export type SearchResult = {
  readonly memories: readonly MemoryHit[]
  readonly turns: readonly TurnHit[]
  /** Whether the embedding model was away or slow, so that only words and times were searched. */
  readonly isWordsOnly: boolean
}

export type SearchServices = {
  readonly database: Database
  readonly heldCodes: HeldCodes
  readonly clock: Clock
  readonly provider: Pick<ModelProvider, 'similarity' | 'embeddingModel'>
  readonly embedder: Pick<CachedEmbedder, 'embedMany'>
  readonly config: Pick<Config, 'searchEmbeddingTimeoutMs'>
}

/** Of more words, as many spread over the query: pairs of characters of a long question in Chinese are some hundred. */
const MAX_QUERY_WORDS = 256
const EFFORT: SearchEffort = { candidatesPerArm: 200 }
/** Where filters leave too few hits, so many times as many candidates are looked at, and again. */
const WIDER = 16
const MAX_CANDIDATES_PER_ARM = 200 * WIDER * WIDER

/**
 * Searches an org's memories and turns.
 * @throws INPUT_INVALID, and the codes of the store. A model that fails throws nothing: then `isWordsOnly`.
 */
export async function searchMemory(
  services: SearchServices,
  input: SearchInput,
  effort: SearchEffort = EFFORT,
): Promise<SearchResult> {
  const search = parseSearch(input)
  const now = services.clock.now()
  const query = await prepareQuery(services, search, now)
  const weights = services.provider.similarity === 'words' ? LOCAL_FUSION_WEIGHTS : MODEL_FUSION_WEIGHTS
  const { database, heldCodes } = services
  const asked = { database, heldCodes, search, query, weights, now }
  const { memories, turns } = await readInTime(find(asked, effort), effort.timeoutMs)
  const fitting = await fitToBudget({ memories, turns }, search.budgetTokens)
  return { ...fitting, isWordsOnly: query.vector === undefined }
}

/** Both at once: only the order of turns waits for the memories, which say what turns hold what was asked for. */
async function find(given: Omit<AskedSearch, 'turnsWithin'>, effort: SearchEffort) {
  const { only, limit, orgId, metadata } = given.search
  const turnsWithin = metadata && (await findTurnsByMetadata(given.database, orgId, metadata, MAX_TURNS_WITHIN))
  const asked = { ...given, turnsWithin }
  const nothing = Promise.resolve(NOTHING)
  const memories = only === 'turns' ? nothing : widen(limit, effort, (wider) => searchMemories(asked, wider))
  const turns = only === 'memories' ? nothing : widen(limit, effort, (wider) => searchTurns(asked, wider, memories))
  const found = await Promise.all([memories, turns])
  return { memories: found[0].hits, turns: found[1].hits }
}

/** A filter that more turns pass leaves enough of the candidates that words and meaning find. */
const MAX_TURNS_WITHIN = 1_000
const NOTHING = { hits: [], isCut: false, best: [] }

async function prepareQuery(services: SearchServices, search: ParsedSearch, now: Date): Promise<Query> {
  const { orgId } = search
  // A query goes to the embedding model as well.
  const { text } = redactSecrets(search.query)
  const faint = faintWordsOf(text)
  // Vectors of words are as near as the words that two texts share, the small ones too.
  const meant = services.provider.similarity === 'words' ? withoutWords(text, faint) : text
  const vector = await embedQuery(services.embedder, orgId, meant, services.config.searchEmbeddingTimeoutMs)
  return {
    orgId,
    viewer: search,
    text,
    terms: spread(queryTermsOf(text), MAX_QUERY_WORDS),
    faint: new Set([...faint].map(stem)),
    vector,
    model: services.provider.embeddingModel,
    audiences: audiencesOf(search),
    times: timesIn(text, now, search.timeZone),
  }
}

function withoutWords(text: string, words: ReadonlySet<string>): string {
  if (words.size === 0) return text
  const isLeft = (token: string) => wordsOf(token).some((word) => !words.has(word))
  return text.split(/\s+/).filter(isLeft).join(' ')
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, all.length / count)
  return all.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

async function widen<Found extends Hits<unknown>>(
  limit: number,
  effort: SearchEffort,
  run: (effort: SearchEffort) => Promise<Found>,
): Promise<Found> {
  const found = await run(effort)
  const candidatesPerArm = effort.candidatesPerArm * WIDER
  if (found.hits.length >= limit || !found.isCut || candidatesPerArm > MAX_CANDIDATES_PER_ARM) return found
  return widen(limit, { ...effort, candidatesPerArm }, run)
}
