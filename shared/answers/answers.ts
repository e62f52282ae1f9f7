import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { EmbeddingModel } from '../ai/model-provider.ts'
import type { CachedEmbedder } from '../cache/embedding-cache.ts'
import type { CacheStats } from '../cache/engine/cache-counts.ts'
import { entryKey, entryPattern, erasureMarkKey, tagMarkKey } from '../cache/engine/cache-keys.ts'
import type { LoadedCache } from '../cache/engine/loaded-cache.ts'
import { idSchema, parseInput } from '../parse-input.ts'
import {
  deleteAnswersThatDepend,
  findSimilarAnswers,
  insertAnswer,
  readBucket,
  readStoreTime,
  type StoredAnswer,
  settleAnswer,
  updateBucket,
} from '../store/answers.ts'
import type { Database } from '../store/database.ts'
import { addVerdict } from './error-bound.ts'
import { guardedParts, mayShareAnswer, normaliseQuestion } from './question-guards.ts'

/**
 * Owns answers that are given again. A guarantee first, a hit rate second: everything but the last question must be equal, the question equal in its words or, once that is proven right often enough
 * for this org and model, similar. Guarantees: closed until proven (`error-bound.ts`); no answer crosses orgs, or users unless shared; a failure of cache, embedder or store is a call of the model.
 */
export type Answers = {
  /** The answer, from the model or from before. @throws INPUT_INVALID, and what `call` throws */
  complete(question: Question): Promise<Answer>
  /** Ends every answer of an org that depends on something, such as a version of a document. */
  invalidate(what: {
    readonly orgId: string
    readonly dependsOn: string
  }): Promise<{ readonly deleted: number; readonly reached: boolean }>
  stats(): CacheStats & Served
}

export type Served = { readonly similar: number; readonly checks: number; readonly wrong: number }

export type Question = {
  readonly orgId: string
  readonly userId?: string
  /** `org`: answers may be shared between its users. @default 'user' */
  readonly audience?: 'user' | 'org'
  /** The model and its version. */
  readonly model: string
  readonly system?: string
  readonly tools?: readonly unknown[]
  /** Temperature and whatever else changes the answer; above 0 nothing is given again. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** The last one is the question. */
  readonly messages: readonly { readonly role: string; readonly content: string }[]
  /** What the answer rests on: versions of documents, memories, the day. */
  readonly dependsOn?: readonly string[]
  /** `learn` always calls the model and counts verdicts; `serve` gives what is proven. @default 'exact' */
  readonly mode?: 'exact' | 'learn' | 'serve'
  /** @default 0.01, and never more */
  readonly maxErrorRate?: number
  readonly signal?: AbortSignal
  call(options: { readonly signal: AbortSignal }): Promise<ModelAnswer>
  /** Whether an older answer would have done. @default the same words, or the same JSON */
  judge?(answers: { readonly question: string; readonly fresh: string; readonly cached: string }): Promise<boolean>
}

export type ModelAnswer = {
  readonly text: string
  /** Anything but `stop` is not given again. @default 'stop' */
  readonly finishReason?: string
  readonly toolCalls?: readonly unknown[]
}

export type Answer = {
  readonly text: string
  readonly source: 'model' | 'exact' | 'similar'
  readonly similarity?: number
}

type AnswersServices = {
  readonly cache: LoadedCache
  readonly keyPrefix: string
  readonly database: Database
  readonly embedder: Pick<CachedEmbedder, 'embedMany'>
  /** Vectors of different models are never compared. */
  readonly embeddingModel: EmbeddingModel
  /** @default Math.random */
  readonly random?: () => number
}

const DEFAULT_MAX_ERROR_RATE = 0.01
const TTL_SECONDS = 3_600
export const ANSWER_LIFE = { freshMs: TTL_SECONDS * 1_000, revalidateMs: 0, staleIfErrorMs: 0 }
/** In place of an answer that is its caller's alone. */
const NOT_SHARED = false
const NO_LIFE = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }
const SIMILARITY_FLOOR = 0.8
export const BUCKETS = 10
const CANDIDATES = 5
/** An open bucket goes on checking this share of its hits. */
const CHECKED_SHARE = 0.02
/** A shared answer reaches others only after this many agreeing verdicts. */
const SHARED_AGREEMENTS = 3
const MAX_QUESTION_CHARS = 32_000

const text = z.string().max(1_000_000)
const questionSchema = z.object({
  orgId: idSchema,
  userId: idSchema.optional(),
  audience: z.enum(['user', 'org']).optional(),
  model: z.string().min(1).max(500),
  system: text.optional(),
  messages: z
    .array(z.object({ role: z.string().max(100), content: text }))
    .min(1)
    .max(10_000),
  dependsOn: z.array(idSchema).max(100).optional(),
  mode: z.enum(['exact', 'learn', 'serve']).optional(),
  maxErrorRate: z.number().min(0).max(DEFAULT_MAX_ERROR_RATE).optional(),
})

/** Which bucket a similarity belongs to; undefined below the floor. */
export function bucketOf(similarity: number): number | undefined {
  if (!(similarity >= SIMILARITY_FLOOR)) return undefined
  return Math.min(BUCKETS - 1, Math.floor(((similarity - SIMILARITY_FLOOR) / (1 - SIMILARITY_FLOOR)) * BUCKETS))
}

export function createAnswers(services: AnswersServices): Answers {
  const { cache, keyPrefix, database, embedder, embeddingModel, random = Math.random } = services
  const served = { similar: 0, checks: 0, wrong: 0 }

  async function ask(question: Question, signal: AbortSignal) {
    const answer = await question.call({ signal })
    const isGiven = (answer.finishReason ?? 'stop') === 'stop' && (answer.toolCalls?.length ?? 0) === 0
    return { text: answer.text, isGiven }
  }

  /** Asks the model, or gives what is proven; undefined where nothing similar can be looked for. */
  async function lookForSimilar(
    question: Question,
    signal: AbortSignal,
  ): Promise<(Answer & { readonly isGiven: boolean }) | undefined> {
    const { orgId, userId, dependsOn = [], mode, audience, maxErrorRate = DEFAULT_MAX_ERROR_RATE } = question
    const asked = question.messages.at(-1)?.content ?? ''
    const { provider, model, dims } = embeddingModel
    const space = [provider, model, String(dims)]
    const place = { orgId, partition: digest([space, partitionOf(question).toString('base64url')]) }
    const family = familyOf(question)
    const [askedAt, embedding] = await Promise.all([
      readStoreTime(database),
      embedder
        .embedMany(orgId, [asked], { purpose: 'query', signal })
        .then(({ vectors }) => vectors[0] as Float32Array),
    ])
    const similar = await findSimilarAnswers(database, place, embedding, CANDIDATES)
    const candidate = similar.find((one) => mayShareAnswer(one.question, asked))
    const bucket = candidate && bucketOf(candidate.similarity)
    if (candidate && bucket !== undefined && mode === 'serve') {
      const evidence = await readBucket(database, { orgId, family, bucket })
      const isShared = audience === 'org' && candidate.agreements < SHARED_AGREEMENTS
      if (evidence && evidence.bound <= maxErrorRate && !isShared && random() >= CHECKED_SHARE) {
        served.similar += 1
        return { text: candidate.answer, source: 'similar', similarity: candidate.similarity, isGiven: false }
      }
    }
    const fresh = await ask(question, signal)
    if (candidate && bucket !== undefined && fresh.isGiven) await check(question, candidate, bucket, fresh.text)
    if (fresh.isGiven)
      await insertAnswer(database, {
        ...place,
        userId,
        family,
        dependsOn,
        question: asked,
        answer: fresh.text,
        embedding,
        ttlSeconds: TTL_SECONDS,
        askedAt,
      })
    return { ...fresh, source: 'model' }
  }

  async function check(question: Question, { id, answer }: StoredAnswer, bucket: number, fresh: string): Promise<void> {
    const { orgId, judge } = question
    const asked = question.messages.at(-1)?.content ?? ''
    const isRight =
      isSameAnswer(fresh, answer) || ((await judge?.({ question: asked, fresh, cached: answer })) ?? false)
    served.checks += 1
    if (!isRight) served.wrong += 1
    await settleAnswer(database, orgId, id, isRight)
    await updateBucket(database, { orgId, family: familyOf(question), bucket }, (row) =>
      addVerdict(row, isRight, BUCKETS),
    )
  }

  return {
    async complete(question) {
      const { orgId, userId, audience, model, system, messages, dependsOn = [], mode, maxErrorRate, signal } = question
      parseInput(
        questionSchema,
        { orgId, userId, audience, model, system, messages, dependsOn, mode, maxErrorRate },
        'question',
      )
      const asked = messages.at(-1)?.content ?? ''
      const own = signal ?? new AbortController().signal
      if (Number(question.parameters?.temperature ?? 0) > 0 || asked.length > MAX_QUESTION_CHARS)
        return { text: (await ask(question, own)).text, source: 'model' }
      const partition = partitionOf(question).toString('base64url')
      const marks = dependsOn.map((dependency) => tagMarkKey(keyPrefix, orgId, ['answers', dependency]))
      let answered: Answer | undefined
      const { value } = await cache.get<string | typeof NOT_SHARED>(
        {
          key: entryKey(keyPrefix, 'cache:llm', orgId, [[partition, normaliseQuestion(asked), guardedParts(asked)]]),
          markKeys: [erasureMarkKey(keyPrefix, { orgId }), ...marks],
        },
        async (loadSignal) => {
          let failure: unknown
          const once = {
            ...question,
            call: (options: { signal: AbortSignal }) =>
              question.call(options).catch((error) => {
                failure = error
                throw error
              }),
          }
          const isLookedFor = mode === 'learn' || mode === 'serve'
          const found = isLookedFor
            ? await lookForSimilar(once, loadSignal).catch(() => {
                if (failure !== undefined) throw failure
                return undefined
              })
            : undefined
          // The embedder or the store is away: as without a cache.
          const {
            text: given,
            isGiven,
            ...rest
          } = found ?? { ...(await ask(once, loadSignal)), source: 'model' as const }
          answered = { text: given, source: rest.source, ...('similarity' in rest && { similarity: rest.similarity }) }
          const isOwn = rest.source === 'model' && !isGiven
          return { value: isOwn ? NOT_SHARED : given, life: isGiven ? ANSWER_LIFE : NO_LIFE }
        },
        { signal },
      )
      if (answered) return answered
      // Whoever waited for a call of a tool, or for an answer that was cut, asks for one of its own.
      if (value === NOT_SHARED) return { text: (await ask(question, own)).text, source: 'model' }
      return { text: value ?? '', source: 'exact' }
    },
    async invalidate({ orgId, dependsOn }) {
      parseInput(z.object({ orgId: idSchema, dependsOn: idSchema }), { orgId, dependsOn }, 'answers to invalidate')
      const deleted = await deleteAnswersThatDepend(database, orgId, dependsOn)
      const { reached } = await cache.invalidate(
        tagMarkKey(keyPrefix, orgId, ['answers', dependsOn]),
        entryPattern(keyPrefix, 'cache:llm', orgId, []),
      )
      return { deleted, reached }
    },
    stats: () => ({ ...cache.stats(), ...served }),
  }
}

/** Everything but the question, as a hash: no vector is ever compared across it. */
function partitionOf(question: Question): Buffer {
  const { audience = 'user', userId = '', messages, dependsOn = [] } = question
  const whose = audience === 'org' ? ['org'] : ['user', userId]
  return digest([whose, familyParts(question), messages.slice(0, -1), messages.at(-1)?.role, [...dependsOn].sort()])
}

function familyOf(question: Question): Buffer {
  return digest(familyParts(question))
}

function familyParts({ model, system = '', tools = [], parameters = {} }: Question): unknown[] {
  return [model, system, tools, Object.entries(parameters).sort()]
}

function digest(parts: unknown): Buffer {
  return hash('sha256', Buffer.from(JSON.stringify(parts), 'utf16le'), 'buffer')
}

function isSameAnswer(one: string, other: string): boolean {
  if (normaliseQuestion(one) === normaliseQuestion(other)) return true
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other))
  } catch {
    return false
  }
}
