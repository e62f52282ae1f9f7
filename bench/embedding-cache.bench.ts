import { crc32 } from 'node:zlib'
import { Redis } from 'ioredis'
import { createCachedEmbedder } from '../shared/cache/embedding-cache.ts'
import { encodeEmbedding } from '../shared/cache/embedding-frame.ts'
import { embeddingKeys } from '../shared/cache/engine/cache-keys.ts'
import { silentLog } from '../shared/observe/log.ts'
import { createMetrics } from '../shared/observe/metrics.ts'
import { type Benchmark, round } from './benchmark.ts'
import { randomVector, seededRandom } from './inputs/random-vectors.ts'
import { withCacheRedis } from './measures/bench-redis.ts'
import { float16Recall } from './measures/float16-recall.ts'

/**
 * What a hit costs: a hundred vectors read by the cache (its own memory off), by bare ioredis that makes the same keys, checks the same CRC and copies
 * the same, and as JSON text; one vector read among a thousand entries and among a million; and what float16 does to a search.
 */

const ORG = 'bench'
const PREFIX = 'bench'
const BATCH = 100
const ROUNDS = 400
const READS_PER_RUN = 50
/** The first reads of a run pay for what the way before it left behind. */
const UNTIMED_READS = 10
const DIMS = 1_536
const HEADER_BYTES = 16
const FEW = 1_000
const MANY = 1_000_000
const SMALL_DIMS = 8
const LATENCY_ROUNDS = 4_000
const ENTRIES_PER_WRITE = 2_000

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withCacheRedis(async ({ url }) => {
      const connections = [0, 1].map((db) => new Redis(url, { db }))
      const [few, many] = connections as [Redis, Redis]
      try {
        const reads = await compareReads(few)
        await few.flushdb()
        const latency = await compareLatency(few, many)
        return { ...reads, ...latency, float16RecallAt10: round(float16Recall()) }
      } finally {
        for (const one of connections) one.disconnect()
      }
    }),
}
export default benchmark

async function compareReads(redis: Redis) {
  const texts = Array.from(
    { length: BATCH },
    (_, index) => `Text ${index}: ${'some words that say something. '.repeat(8)}`,
  )
  const embedder = embedderOn(redis, DIMS)
  const { vectors } = await embedder.embedMany(ORG, texts, {})
  const keysOf = (all: readonly string[]) => all.map(embeddingKeys(PREFIX, { orgId: ORG }, modelOf(DIMS)))
  const jsonKeysOf = (all: readonly string[]) => keysOf(all).map((key) => `json:${key}`)
  for (const [index, key] of jsonKeysOf(texts).entries())
    await redis.set(key, JSON.stringify([...(vectors[index] as Float32Array)]))

  const ways = {
    cache: async () => (await embedder.embedMany(ORG, texts, {})).vectors,
    raw: async () => (await redis.mgetBuffer(keysOf(texts))).map((frame) => copyChecked(frame as Buffer)),
    json: async () => (await redis.mget(jsonKeysOf(texts))).map((json) => JSON.parse(json as string) as number[]),
  }
  const times = await quietTimes(ways, ROUNDS)
  const bytes = await Promise.all([keysOf(texts), jsonKeysOf(texts)].map(async ([key]) => redis.strlen(key as string)))
  const [frameBytes = 0, jsonBytes = 1] = bytes
  console.log(`${BATCH} cached vectors of ${DIMS} numbers, the lower quartile of ${ROUNDS} reads:`)
  console.log(
    `  the cache ${times.cache.toFixed(3)} ms, ${frameBytes} bytes each; misses: ${embedder.stats().misses - BATCH}`,
  )
  console.log(
    `  bare ioredis ${times.raw.toFixed(3)} ms; JSON text ${times.json.toFixed(3)} ms, ${jsonBytes} bytes each`,
  )
  const figures = {
    readRatio: round(times.cache / times.raw),
    jsonTimeRatio: round(times.cache / times.json),
    jsonBytesRatio: round(frameBytes / jsonBytes),
  }
  console.log(
    `  time to bare ${figures.readRatio}x, to JSON ${figures.jsonTimeRatio}x; bytes ${figures.jsonBytesRatio}x`,
  )
  return figures
}

/** The least that a careful reader must do by hand. */
function copyChecked(frame: Buffer): Float32Array {
  const checksum = crc32(frame.subarray(HEADER_BYTES), crc32(frame.subarray(0, 12)))
  if (checksum !== frame.readUInt32LE(12)) throw new Error('a damaged frame')
  const copy = Buffer.allocUnsafeSlow(frame.length - HEADER_BYTES)
  frame.copy(copy, 0, HEADER_BYTES)
  return new Float32Array(copy.buffer)
}

async function compareLatency(few: Redis, many: Redis) {
  await fill(few, FEW)
  await fill(many, MANY)
  const random = seededRandom(1)
  const readerOf = (redis: Redis, entries: number) => {
    const embedder = embedderOn(redis, SMALL_DIMS)
    return () => embedder.embedMany(ORG, [textAt(Math.floor(random() * entries))], {})
  }
  const times = await quietTimes({ few: readerOf(few, FEW), many: readerOf(many, MANY) }, LATENCY_ROUNDS)
  const hitLatencyRatio = round(times.many / times.few)
  console.log(
    `One hit among ${FEW} entries ${times.few.toFixed(4)} ms, among ${await many.dbsize()} ${times.many.toFixed(4)} ms: ${hitLatencyRatio}x`,
  )
  return { hitLatencyRatio, hitMsAmong1k: round(times.few), hitMsAmong1m: round(times.many) }
}

async function fill(redis: Redis, entries: number): Promise<void> {
  const keyOf = embeddingKeys(PREFIX, { orgId: ORG }, modelOf(SMALL_DIMS))
  const frame = encodeEmbedding({ vector: randomVector(seededRandom(2), SMALL_DIMS), tokens: 1 }, 'float32')
  for (let from = 0; from < entries; from += ENTRIES_PER_WRITE) {
    const count = Math.min(ENTRIES_PER_WRITE, entries - from)
    await redis.mset(Array.from({ length: count }, (_, index) => [keyOf(textAt(from + index)), frame]).flat())
  }
}

const textAt = (index: number) => `text ${index}`
const modelOf = (dims: number) => ({ provider: 'bench', model: 'bench', dims })

/** An embedder without memory of its own, whose model costs nothing: what is measured is the cache. */
function embedderOn(redis: Redis, dims: number) {
  const random = seededRandom(3)
  const embed = async (texts: readonly string[]) => ({
    vectors: texts.map(() => randomVector(random, dims)),
    usage: { calls: 1, inputTokens: texts.length, outputTokens: 0 },
  })
  const provider = { embeddingModel: modelOf(dims), embed }
  return createCachedEmbedder({
    redis,
    provider,
    keyPrefix: PREFIX,
    ttlSeconds: 86_400,
    memoryBytes: 0,
    format: 'float32',
    usdPerMillionTokens: 0,
    log: silentLog,
    metrics: createMetrics(),
  })
}

/** Each way does its work in short runs, one way after the other: a busy moment of the machine meets all, and one way's garbage only itself. */
async function quietTimes<Way extends string>(
  ways: Record<Way, () => Promise<unknown>>,
  rounds: number,
): Promise<Record<Way, number>> {
  const entries = Object.entries(ways) as [Way, () => Promise<unknown>][]
  const times = new Map<Way, number[]>(entries.map(([way]) => [way, []]))
  for (let done = 0; done < rounds; done += READS_PER_RUN - UNTIMED_READS)
    for (const [way, read] of entries) {
      for (let turn = 0; turn < READS_PER_RUN; turn += 1) {
        const startedMs = performance.now()
        await read()
        if (turn >= UNTIMED_READS) times.get(way)?.push(performance.now() - startedMs)
      }
    }
  // What else runs on the machine only adds: the lower quartile says what the work itself takes.
  const quartile = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 2] as number
  return Object.fromEntries(entries.map(([way]) => [way, quartile(times.get(way) ?? [])])) as Record<Way, number>
}
