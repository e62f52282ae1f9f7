import { z } from 'zod'
import type { ModelProvider } from '../ai/model-provider.ts'
import { loadTokenCounter } from '../ai/tokens/token-count.ts'
import type { CachedEmbedder } from '../cache/embedding-cache.ts'
import { embedQuery } from '../cache/query-vector.ts'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import { redactSecrets } from '../redact/redact-secrets.ts'
import { readSources, unpackTexts } from '../store/code/code-blobs.ts'
import { readServedIndexes, type ServedIndex } from '../store/code/code-served.ts'
import type { Database } from '../store/database.ts'
import { formatModelName } from '../store/search-index/vector-space.ts'
import { cutMiddle } from '../text/cut-middle.ts'
import { MAX_SCAN_MS, matchPattern, matchPhrases, quotedPhrases, scanChunks, type TextMatch } from './exact-search.ts'
import { explainFiles, explainRefs, filterFiles } from './filter-files.ts'
import type { ChunkKind } from './index-format/code-chunk.ts'
import type { SegmentChunk } from './index-format/code-segment.ts'
import type { LoadedCode, LoadedFile, LoadedIndex, SearchedFile } from './index-format/loaded-code.ts'
import { languagesNamed, similarLanguage } from './languages.ts'
import { preferPasted } from './pasted-text.ts'
import { asksForAside } from './ranking/aside-path.ts'
import { codeQueryTerms } from './ranking/code-terms.ts'
import { englishWordsFor } from './ranking/foreign-words.ts'
import { joinNeighbours } from './ranking/join-neighbours.ts'
import { askedName } from './ranking/named-definitions.ts'
import { askedPlace } from './ranking/named-places.ts'
import { type CodeScoreParts, LOCAL_ARM_WEIGHTS, MODEL_ARM_WEIGHTS, rankChunks } from './ranking/rank-chunks.ts'
import { permalinkOf, refSchema } from './repo-source.ts'

/** Owns search of code: candidates by meaning, words, symbols and paths, fused, neighbours joined. Guarantees: one org only, of each index one commit. */

export type CodeScope = {
  readonly orgId: string
  /** @default all repositories of the org */
  readonly repoIds?: readonly string[]
  /** `WORKING_TREE` for what `watch` indexes. @default HEAD where it is indexed, else the ref that was indexed first */
  readonly ref?: string
  /**
   * Paths as git's patterns name them, for example `src/**\/*.ts`: a name without a slash at any depth, a directory for what lies in it, `{a,b}`
   * for either. Names of just these letters come first, as `app/[slug]/page.tsx`; where nothing matches, upper and lower case are
   * alike, and `\\` stands for `/`, which `notes` then say.
   */
  readonly pathGlob?: string
  /** A name or an alias of a language, in any case: `typescript` and `ts` find `.tsx` too, `c++`, `golang`, `py`. */
  readonly language?: string
}

export type CodeSearchInput = CodeScope & {
  /** In words; a phrase in double quotes comes first where it stands. With `mode: 'regex'` a regular expression in the syntax of RE2, or `/x/i`. */
  readonly query: string
  /** By meaning, words, names and paths, or by a regular expression, which a chunk has to match. @default 'words' */
  readonly mode?: 'words' | 'regex'
  /** Whose hits stand together, the one with the best hit first. @default each hit by its score */
  readonly groupBy?: 'repository' | 'file'
  /** @default 10 */
  readonly limit?: number
  /** What the texts may have together; a hit that does not fit any more is left out. @default no bound */
  readonly budgetTokens?: number
}

/** Where something stands, for people and for tools. */
export type CodePlace = {
  readonly repoId: string
  readonly ref: string
  /** Null for a working tree. */
  readonly commit: string | null
  readonly path: string
  readonly language: string | null
  /** 1-based, both included. */
  readonly startLine: number
  readonly endLine: number
  /** The id of git's blob. */
  readonly blobId: string
  readonly permalink: string
}

export type CodeHit = CodePlace & {
  readonly kind: ChunkKind
  readonly symbol: string | null
  readonly scope: string
  readonly text: string
  /** Of `text`, in the encoding of OpenAI's embedding models. */
  readonly tokens: number
  /** Compares within one search only. */
  readonly score: number
  readonly why: CodeScoreParts
}

/** What was found: the hits, best first, and where they cluster. */
export type CodeSearchResult = {
  readonly hits: readonly CodeHit[]
  readonly repos: readonly {
    readonly repoId: string
    readonly score: number
    readonly files: readonly { readonly path: string; readonly score: number; readonly hits: number }[]
  }[]
  /** Notes on the caller's filters and bounds, as that a glob matches no path, or that the budget left something out. */
  readonly notes: readonly string[]
  /** Whether the embedding model was away or slow, so that only words, symbols and paths were searched. */
  readonly isWordsOnly: boolean
}

export type CodeSearchServices = {
  readonly database: Database
  readonly provider: Pick<ModelProvider, 'similarity' | 'embeddingModel'>
  readonly embedder: CachedEmbedder
  readonly config: Pick<Config, 'searchEmbeddingTimeoutMs'>
  readonly loadedCode: LoadedCode
}

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 100
const MAX_QUERY_LENGTH = 4_000
const MAX_QUERY_TERMS = 256
const MAX_GLOB_LENGTH = 200
/** Each costs time for every path. */
const MAX_GLOB_STARS = 8

export const scopeFields = {
  orgId: idSchema,
  repoIds: z.array(idSchema).min(1).max(1_000).optional(),
  ref: refSchema.optional(),
  pathGlob: z
    .string()
    .min(1)
    .max(MAX_GLOB_LENGTH)
    .refine((glob) => glob.replaceAll('**', '*').split('*').length <= MAX_GLOB_STARS + 1, 'expected fewer stars')
    .optional(),
  language: z
    .string()
    .min(1)
    .max(40)
    .transform((name, context) => {
      const languages = languagesNamed(name)
      if (languages !== undefined) return languages
      const similar = similarLanguage(name)
      const advice = similar === undefined ? 'as typescript, ts or c++' : `did you mean ${JSON.stringify(similar)}?`
      context.addIssue(`expected the name of a language, got ${JSON.stringify(name)}; ${advice}`)
      return z.NEVER
    })
    .optional(),
}

const searchSchema = z.strictObject({
  ...scopeFields,
  query: z
    .string()
    .refine(
      (query) => query.trim() !== '' && query.isWellFormed() && !query.includes('\0'),
      'expected well-formed text',
    )
    .transform((query) => cutMiddle(query, MAX_QUERY_LENGTH)),
  mode: z.enum(['words', 'regex']).default('words'),
  groupBy: z.enum(['repository', 'file']).optional(),
  limit: z.number().int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT),
  budgetTokens: z.number().int().min(1).max(1_000_000).optional(),
})

type ParsedScope = z.infer<z.ZodObject<typeof scopeFields>>
type Candidate = {
  readonly file: SearchedFile
  readonly chunk: number
  readonly score: number
  readonly why: CodeScoreParts
}

/**
 * Searches the code of an org.
 * @throws INPUT_INVALID, REPO_UNKNOWN, and the codes of the store; a model that fails throws nothing: then `isWordsOnly`
 */
export async function searchCode(services: CodeSearchServices, input: CodeSearchInput): Promise<CodeSearchResult> {
  const { query: asked, mode, groupBy, limit, budgetTokens, ...scope } = parseInput(searchSchema, input, 'search')
  const pattern = mode === 'regex' ? await matchPattern(asked) : undefined
  // A query goes to the embedding model as well.
  const { text: query } = redactSecrets(asked)
  // The first search needs it: loaded while the store reads the index. Who needs it hears of a failure.
  loadTokenCounter('cl100k').catch(() => {})
  const indexes = await readIndexesInScope(services, scope)
  const corpus = await services.loadedCode.corpusOf(scope.orgId, indexes, scope)
  const { files } = corpus
  const isExplained = files.length === 0 || scope.pathGlob !== undefined
  const ofFilter = isExplained ? explainFiles(await loadAll(services, scope, indexes), scope) : []
  const ofPlace = [...explainRefs(indexes, scope.ref), ...ofFilter]
  if (files.length === 0) return { hits: [], repos: [], notes: ofPlace, isWordsOnly: false }
  if (pattern !== undefined) {
    const { candidates, notes } = await scan(services, scope.orgId, files, pattern, limit)
    const found = await assemble(services, scope.orgId, candidates, { limit, budgetTokens, groupBy })
    return { ...found, notes: [...ofPlace, ...notes, ...found.notes], isWordsOnly: true }
  }
  const model = services.provider.embeddingModel
  const isOfModel = (index: ServedIndex) => index.model === formatModelName(model) && index.dims === model.dims
  const used = new Set<ServedIndex>()
  for (const { index } of files) used.add(index)
  const isEmbedded = [...used].some(isOfModel)
  const inEnglish = `${englishWordsFor(query)} ${query}`.trim()
  const isOfWords = services.provider.similarity === 'words'
  const meant = isOfWords ? inEnglish : query
  const vector = isEmbedded
    ? await embedQuery(services.embedder, scope.orgId, meant, services.config.searchEmbeddingTimeoutMs)
    : undefined
  const terms = codeQueryTerms(inEnglish).slice(0, MAX_QUERY_TERMS)
  const weights = isOfWords ? LOCAL_ARM_WEIGHTS : MODEL_ARM_WEIGHTS
  // Vectors of other models are not compared.
  const ranking = { terms, asksForAside: asksForAside(query), name: askedName(query), place: askedPlace(query) }
  const ranked = rankChunks(corpus, { ...ranking, vector: [...used].every(isOfModel) ? vector : undefined }, weights)
  const found = ranked.map(({ file, ...one }): Candidate => ({ file: files[file] as SearchedFile, ...one }))
  const candidates = await preferPasted(services.database, scope.orgId, query, found)
  const phrases = quotedPhrases(query)
  const quoted = phrases.length > 0 ? await scan(services, scope.orgId, files, matchPhrases(phrases), limit) : undefined
  const best = quoted ? holdersFirst(quoted.candidates, candidates) : candidates
  const assembled = await assemble(services, scope.orgId, best, { limit, budgetTokens, groupBy })
  return {
    ...assembled,
    notes: [...ofPlace, ...(quoted?.notes ?? []), ...assembled.notes],
    isWordsOnly: isEmbedded && vector === undefined,
  }
}

/** The chunks that have what is looked for as it stands, and what the caller should know of it. */
async function scan(
  services: CodeSearchServices,
  orgId: string,
  files: readonly SearchedFile[],
  matches: TextMatch,
  limit: number,
): Promise<{ candidates: Candidate[]; notes: string[] }> {
  const monotonicMs = () => performance.now()
  const scanned = await scanChunks(services.database, orgId, files, matches, { limit, monotonicMs })
  const candidates = scanned.found.map(({ file, chunk, isAside }): Candidate => {
    const priority = isAside ? 0.6 : 1
    const why = { meaning: 0, keyword: 1, symbol: 0, scope: 0, path: 0, file: 0, priority }
    return { file, chunk, score: priority, why }
  })
  if (scanned.isCutShort)
    return {
      candidates,
      notes: [`Stopped after ${MAX_SCAN_MS} ms: ${scanned.searchedFiles} of ${files.length} files were searched.`],
    }
  return {
    candidates,
    notes: candidates.length === 0 ? [`No text of the ${files.length} files has it as written.`] : [],
  }
}

/** Chunks that have the quoted phrases, in the order of the others where these name them; then the others. */
function holdersFirst(holders: readonly Candidate[], ranked: readonly Candidate[]): Candidate[] {
  const keyOf = ({ file, chunk }: Candidate) => `${file.blob} ${chunk}`
  const held = new Set(holders.map(keyOf))
  const [first, rest] = [ranked.filter((one) => held.has(keyOf(one))), ranked.filter((one) => !held.has(keyOf(one)))]
  const known = new Set(first.map(keyOf))
  const best = ranked[0]?.score ?? 0
  const all = [...first, ...holders.filter((one) => !known.has(keyOf(one)))]
  // Above what has them not, whatever that scores.
  return [...all.map((one, at) => ({ ...one, score: best + 1 + (all.length - at) / all.length })), ...rest]
}

/** The files that a scope lets through, of whole generations. @throws REPO_UNKNOWN */
export async function filesInScope(
  services: Pick<CodeSearchServices, 'database' | 'loadedCode'>,
  scope: ParsedScope,
): Promise<SearchedFile[]> {
  return filterFiles(await loadAll(services, scope, await readIndexesInScope(services, scope)), scope)
}

async function loadAll(
  { loadedCode }: Pick<CodeSearchServices, 'loadedCode'>,
  { orgId }: ParsedScope,
  indexes: readonly ServedIndex[],
): Promise<LoadedIndex[]> {
  const loaded: LoadedIndex[] = []
  for (const index of indexes) loaded.push(await loadedCode.load(orgId, index))
  return loaded
}

/** @throws REPO_UNKNOWN */
async function readIndexesInScope({ database }: Pick<CodeSearchServices, 'database'>, scope: ParsedScope) {
  const indexes = await readServedIndexes(database, scope.orgId, scope)
  const missing = scope.repoIds?.filter((id) => !indexes.some(({ repoId }) => repoId === id)) ?? []
  if (missing.length > 0)
    throw new AfterturnError(
      'REPO_UNKNOWN',
      `Expected indexed repositories, got ${JSON.stringify(missing)}${scope.ref === undefined ? '' : ` with the ref ${JSON.stringify(scope.ref)}`}.`,
    )
  return indexes
}

type AssembleOptions = {
  readonly limit: number
  readonly budgetTokens: number | undefined
  readonly groupBy: 'repository' | 'file' | undefined
}

async function assemble(
  services: CodeSearchServices,
  orgId: string,
  candidates: readonly Candidate[],
  { limit, budgetTokens = Number.POSITIVE_INFINITY, groupBy }: AssembleOptions,
): Promise<Omit<CodeSearchResult, 'isWordsOnly'>> {
  const best = candidates.slice(0, limit)
  const [texts, countTokens] = await Promise.all([
    readSources(services.database, orgId, [...new Set(best.map(({ file }) => file.blob))]).then(unpackTexts),
    loadTokenCounter('cl100k'),
  ])
  const joined = joinNeighbours(best, {
    limit,
    budgetTokens,
    sourceOf: ({ blob }) => texts.get(blob) ?? '',
    countTokens,
  })
  const hits = joined.map(({ file, chunk, first, last, text, tokens, score, why }): CodeHit => {
    // Several chunks are called after the best of them.
    const { kind, symbol, scope } = file.segment.chunks[chunk] as SegmentChunk
    return {
      ...placeOf(file.index, file, first.startLine, last.endLine),
      kind,
      symbol,
      scope,
      text,
      tokens,
      score,
      why,
    }
  })
  const leftOut = best.length - joined.reduce((sum, { chunks }) => sum + chunks, 0)
  const notes =
    leftOut > 0
      ? [
          `The budget of ${budgetTokens} tokens left out ${leftOut} of ${best.length} pieces of code; ask with a larger one for them.`,
        ]
      : []
  return { hits: groupBy === undefined ? hits : grouped(hits, groupBy), repos: clusters(hits), notes }
}

/** Groups stand in the order of their best hits, and so do the hits of each. */
function grouped(hits: readonly CodeHit[], by: 'repository' | 'file'): CodeHit[] {
  const groups = Map.groupBy(hits, ({ repoId, path }) => JSON.stringify(by === 'file' ? [repoId, path] : [repoId]))
  return [...groups.values()].flat()
}

/** A place in a file of an index. */
export function placeOf(
  index: ServedIndex,
  file: Omit<LoadedFile, 'segment' | 'blob' | 'pathTerms'>,
  startLine: number,
  endLine: number,
): CodePlace {
  const { repoId, ref, commit, source } = index
  const { path, oid, language } = file
  return {
    repoId,
    ref,
    commit,
    path,
    language: language === '' ? null : language,
    startLine,
    endLine,
    blobId: oid,
    permalink: permalinkOf(source, { repoId, commit, path, startLine, endLine }),
  }
}

function clusters(hits: readonly CodeHit[]): CodeSearchResult['repos'] {
  return [...Map.groupBy(hits, ({ repoId }) => repoId)].map(([repoId, ofRepo]) => ({
    repoId,
    score: ofRepo[0]?.score ?? 0,
    files: [...Map.groupBy(ofRepo, ({ path }) => path)].map(([path, ofFile]) => ({
      path,
      score: ofFile[0]?.score ?? 0,
      hits: ofFile.length,
    })),
  }))
}
