import type { ModelProvider } from '../ai/model-provider.ts'
import type { CachedEmbedder } from '../cache/embedding-cache.ts'
import type { Clock } from '../clock.ts'
import { audiencesOf } from '../store/audiences.ts'
import type { Database } from '../store/database.ts'
import { type MemoryRow, readMemories } from '../store/memories.ts'
import { readTurns } from '../store/turns.ts'
import { findCandidates, type Query, type SearchEffort } from './candidates.ts'
import {
  type FusionWeights,
  fuse,
  LOCAL_FUSION_WEIGHTS,
  MODEL_FUSION_WEIGHTS,
  type ScoreParts,
  speakerMatcher,
} from './fusion.ts'
import { type ParsedSearch, parseSearch, type SearchInput } from './search-input.ts'
import { termsOf } from './terms.ts'
import { spokenMessages, turnText } from './turn-text.ts'

/** Owns search: candidates by words and by meaning, fused. Guarantees: one org only; items without a vector of the current model are found by their words. */

type Hit = { readonly score: number; readonly why: ScoreParts }
export type MemoryHit = MemoryRow & Hit
export type TurnHit = Hit & {
  readonly workstreamId: string
  readonly turnId: string
  readonly at: Date
  readonly text: string
}

/** Two lists, best first. Scores compare within a list of one search only. */
export type SearchResult = { readonly memories: readonly MemoryHit[]; readonly turns: readonly TurnHit[] }

export type SearchServices = {
  readonly database: Database
  readonly clock: Clock
  readonly provider: Pick<ModelProvider, 'name' | 'embeddingModel'>
  readonly embedder: CachedEmbedder
}

const MAX_QUERY_TERMS = 64
const EFFORT: SearchEffort = { candidatesPerArm: 200 }

/**
 * Searches an org's memories and turns.
 * @throws INPUT_INVALID, and what the embedding model throws.
 */
export async function searchMemory(
  services: SearchServices,
  input: SearchInput,
  effort: SearchEffort = EFFORT,
): Promise<SearchResult> {
  const search = parseSearch(input)
  const query = await prepareQuery(services, search)
  const weights = services.provider.name === 'local' ? LOCAL_FUSION_WEIGHTS : MODEL_FUSION_WEIGHTS
  const [memories, turns] = await Promise.all([
    searchMemories(services, search, query, weights, effort),
    searchTurns(services, search, query, weights, effort),
  ])
  return { memories, turns }
}

async function prepareQuery(services: SearchServices, search: ParsedSearch): Promise<Query> {
  const { orgId, query: text } = search
  const { vectors } = await services.embedder.embedMany(orgId, [text], {})
  return {
    orgId,
    text,
    terms: [...new Set(termsOf(text))].slice(0, MAX_QUERY_TERMS),
    vector: vectors[0] as Float32Array,
    model: services.provider.embeddingModel,
    audiences: audiencesOf(search),
  }
}

async function searchMemories(
  { database }: SearchServices,
  { orgId, limit }: ParsedSearch,
  query: Query,
  weights: FusionWeights,
  effort: SearchEffort,
): Promise<MemoryHit[]> {
  const found = await findCandidates(database, query, 'memory', effort)
  const ranked = fuse(
    found.items.map(({ id, ...match }) => ({ item: id, ...match, isBySpeaker: false })),
    weights,
  ).slice(0, limit)
  const rows = await readMemories(database, orgId, { ids: ranked.map(({ item }) => item) })
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ranked.flatMap(({ item, score, why }) => {
    const row = byId.get(item)
    return row ? [{ ...row, score, why }] : []
  })
}

async function searchTurns(
  { database }: SearchServices,
  { orgId, limit }: ParsedSearch,
  query: Query,
  weights: FusionWeights,
  effort: SearchEffort,
): Promise<TurnHit[]> {
  const found = await findCandidates(database, query, 'turn', effort)
  const candidates = found.items.map(({ id, ...match }) => ({ item: id, ...match, isBySpeaker: false }))
  const ranked = fuse(candidates, weights)
  // Who spoke is known of turns that were read, and only these need to be read that it can lift among the first.
  const last = ranked[limit - 1]?.score ?? Number.NEGATIVE_INFINITY
  const contenders = ranked.filter(({ score }) => score + weights.speaker * Math.max(0, score) >= last)
  const rows = await readTurns(
    database,
    orgId,
    contenders.map(({ item }) => item),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const names = speakerMatcher(query.text)
  const isBySpeaker = (id: number) => byId.get(id)?.messages.some(({ name }) => name !== null && names(name)) ?? false
  return fuse(
    candidates.map((candidate) => ({ ...candidate, isBySpeaker: isBySpeaker(candidate.item) })),
    weights,
  )
    .flatMap(({ item, score, why }) => {
      const row = byId.get(item)
      // A neighbour may hold no word: an image, a call.
      if (!row || spokenMessages(row.messages).length === 0) return []
      return [
        {
          workstreamId: row.workstreamId,
          turnId: row.turnId,
          at: row.occurredAt,
          text: turnText(row.messages),
          score,
          why,
        },
      ]
    })
    .slice(0, limit)
}
