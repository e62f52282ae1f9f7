import { z } from 'zod'
import type { EmbeddingModel, ModelProvider } from '../ai/model-provider.ts'
import type { CachedEmbedder } from '../cache/embedding-cache.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import { type MemoryRow, readMemories } from '../store/memories.ts'
import { type Occurrence, readCorpus, readMemoryOccurrences, readTurnOccurrences } from '../store/postings.ts'
import type { ItemKind } from '../store/schema.ts'
import { findTurnsAt, readTurns } from '../store/turns.ts'
import { cosinesOf, nearestItems } from '../store/vectors.ts'
import { LONE_WEIGHTS, scoreKeywords } from './bm25.ts'
import {
  fuse,
  LOCAL_FUSION_WEIGHTS,
  MODEL_FUSION_WEIGHTS,
  type Ranked,
  type ScoreParts,
  speakerMatcher,
} from './fusion.ts'
import { termsOf } from './terms.ts'
import { spokenMessages, turnText } from './turn-text.ts'

/** Owns search: candidates by words and by meaning, fused. Guarantees: one org only; items without a vector of the current model are found by their words. */

export type SearchInput = {
  readonly orgId: string
  readonly query: string
  /** The number of memories and of turns at most. @default 10 */
  readonly limit?: number
}

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

type SearchServices = {
  readonly database: Database
  readonly provider: Pick<ModelProvider, 'name' | 'embeddingModel'>
  readonly embedder: CachedEmbedder
}

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 200
const MAX_QUERY_LENGTH = 4_000
const MAX_QUERY_TERMS = 64
/** The best of each arm that go into the fusion. */
const CANDIDATES_PER_ARM = 200

const searchSchema = z.strictObject({
  orgId: idSchema,
  query: z
    .string()
    .max(MAX_QUERY_LENGTH)
    .refine(
      (query) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0'),
      'expected well-formed text',
    ),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
})

/** A query as both arms need it. */
type Query = {
  readonly orgId: string
  readonly text: string
  readonly terms: readonly string[]
  readonly vector: Float32Array
  readonly model: EmbeddingModel
}

/**
 * Searches an org's memories and turns.
 * @throws INPUT_INVALID, and what the embedding model throws.
 */
export async function searchMemory(services: SearchServices, input: SearchInput): Promise<SearchResult> {
  const { orgId, query: text, limit } = parseInput(searchSchema, input, 'search')
  const { vectors } = await services.embedder.embedMany(orgId, [text], {})
  const terms = [...new Set(termsOf(text))].slice(0, MAX_QUERY_TERMS)
  const query: Query = {
    orgId,
    text,
    terms,
    vector: vectors[0] as Float32Array,
    model: services.provider.embeddingModel,
  }
  const weights = services.provider.name === 'local' ? LOCAL_FUSION_WEIGHTS : MODEL_FUSION_WEIGHTS
  const [memories, turns] = await Promise.all([
    memoryCandidates(services.database, query),
    turnCandidates(services.database, query),
  ])
  return {
    memories: fuse(memories, weights).slice(0, limit).map(withoutItem),
    turns: fuse(turns, weights).slice(0, limit).map(withoutItem),
  }
}

async function memoryCandidates(database: Database, query: Query) {
  const occurrences = await readMemoryOccurrences(database, query.orgId, query.terms)
  const keywords = await keywordScores(database, query, 'memory', occurrences, LONE_WEIGHTS)
  const byItem = new Map(keywords.map(({ sequence, score }) => [Number(sequence), score]))
  const cosines = await cosinesOfCandidates(database, query, 'memory', [...byItem.keys()].slice(0, CANDIDATES_PER_ARM))
  const rows = await readMemories(database, query.orgId, { ids: [...cosines.keys()] })
  return rows.map((item) => ({
    item,
    keyword: byItem.get(item.id) ?? 0,
    cosine: cosines.get(item.id),
    isBySpeaker: false,
  }))
}

async function turnCandidates(database: Database, query: Query) {
  const occurrences = await readTurnOccurrences(database, query.orgId, query.terms)
  const keywords = await keywordScores(database, query, 'turn', occurrences)
  const byPlace = new Map(keywords.map(({ sequence, position, score }) => [placeOf(String(sequence), position), score]))
  const places = keywords
    .slice(0, CANDIDATES_PER_ARM)
    .map(({ sequence, position }) => ({ workstreamId: String(sequence), seq: position }))
  const found = await findTurnsAt(database, query.orgId, places)
  const cosines = await cosinesOfCandidates(
    database,
    query,
    'turn',
    found.map((turn) => turn.id),
  )
  const names = speakerMatcher(query.text)
  const turns = await readTurns(database, query.orgId, [...cosines.keys()])
  // A neighbour may hold no word: an image, a call.
  const worded = turns.filter(({ messages }) => spokenMessages(messages).length > 0)
  return worded.map((turn) => ({
    item: { workstreamId: turn.workstreamId, turnId: turn.turnId, at: turn.occurredAt, text: turnText(turn.messages) },
    keyword: byPlace.get(placeOf(turn.workstreamId, turn.seq)) ?? 0,
    cosine: cosines.get(turn.id),
    isBySpeaker: turn.messages.some(({ name }) => name !== null && names(name)),
  }))
}

async function keywordScores(
  database: Database,
  query: Query,
  kind: ItemKind,
  occurrences: readonly Occurrence[],
  weights?: readonly number[],
) {
  return scoreKeywords(occurrences, await readCorpus(database, query.orgId, kind), weights)
}

/** The nearest items, and those that the words found: each with its cosine, or undefined where it has no vector yet. */
async function cosinesOfCandidates(
  database: Database,
  query: Query,
  kind: ItemKind,
  found: readonly number[],
): Promise<Map<number, number | undefined>> {
  const nearest = await nearestItems(database, query.orgId, kind, query.model, query.vector, CANDIDATES_PER_ARM)
  const cosines = new Map<number, number | undefined>(nearest.map(({ item, cosine }) => [item, cosine]))
  const missing = found.filter((item) => !cosines.has(item))
  const others = await cosinesOf(database, query.orgId, kind, query.model, query.vector, missing)
  for (const item of missing) cosines.set(item, others.get(item))
  return cosines
}

function withoutItem<T extends object>({ item, score, why }: Ranked<T>): T & Hit {
  return { ...item, score, why }
}

/** Positions hold no colon, so a place is one string whatever the workstream's id holds. */
function placeOf(workstreamId: string, position: number): string {
  return `${position}:${workstreamId}`
}
