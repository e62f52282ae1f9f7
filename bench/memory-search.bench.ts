import { sql } from 'kysely'
import { createRuntime, type Runtime } from '../runtime.ts'
import { embedLocally, LOCAL_EMBEDDING_MODEL } from '../shared/ai/local/embedder.ts'
import { termsOf } from '../shared/ai/local/terms.ts'
import { systemClock } from '../shared/clock.ts'
import { scoreKeywords, TURN_WEIGHTS } from '../shared/memory/search/bm25.ts'
import type { SearchEffort } from '../shared/memory/search/candidates.ts'
import { searchMemory } from '../shared/memory/search/search.ts'
import { timesIn } from '../shared/memory/search/times/query-times.ts'
import { ORG_AUDIENCE } from '../shared/store/audiences.ts'
import type { Database } from '../shared/store/database.ts'
import { readMemories } from '../shared/store/memories/memories.ts'
import { migrate } from '../shared/store/migrations.ts'
import type { ItemKind } from '../shared/store/schema.ts'
import { createHeldCodes } from '../shared/store/search-index/held-codes.ts'
import { readTermIndex } from '../shared/store/search-index/postings.ts'
import { nearestItems } from '../shared/store/search-index/vectors.ts'
import { readNewestPending } from '../shared/store/turns/pending-turns.ts'
import { readFoundTurns, readNamesInTurns, readTurnsOfMemories } from '../shared/store/turns/searched-turns.ts'
import { findTurnsAt } from '../shared/store/turns/turns.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'
import { loadMemories, makeLoadable } from './inputs/load-memories.ts'
import { type MadeCorpus, makeCorpus } from './inputs/memory-corpus.ts'

/**
 * How long a search takes, by the number of memories in the org (each with a turn of its own, so twice as many items), and how many of its first ten
 * stand among the first ten when every vector and every word is compared. Sizes are arguments; with a PostgreSQL's address first there, else on PGlite.
 * With `x100` among them a hundred orgs have that many, and each query asks another one. On PostgreSQL the orgs stay, and the next run goes on with them.
 */

const DEFAULT_SIZES = [1_000, 10_000]
const QUERIES = 60
const heldCodes = createHeldCodes(2 ** 30)
const WARM_UP = 5
const COMPARED = 10
const CANDIDATES = 200
/** As many as a search for ten of each usually reads. */
const [READ_MEMORIES, BEST_MEMORIES, NAMED_TURNS] = [14, 50, 100]
const PENDING_LIMITS = { turns: 100, bytes: 64 * 1_024, messageCharacters: 4_000 }
const EVERYTHING: SearchEffort = {
  candidatesPerArm: CANDIDATES,
  maxOccurrences: 2 ** 40,
  minCompared: 2 ** 31 - 1,
  timeoutMs: 2 ** 30,
}

const benchmark: Benchmark = {
  usage: [],
  async run(args) {
    const url = args.find((arg) => arg.includes('://'))
    const sizes = args.map(Number).filter((size) => size > 0)
    const orgs = Number(args.find((arg) => /^x\d+$/.test(arg))?.slice(1) ?? 1)
    if (url !== undefined) await migrate(url)
    return withServices(async ({ addresses }) => {
      const runtime = createRuntime({ ...addresses, ...(url !== undefined && { databaseUrl: url }), logLevel: 'warn' })
      await runtime.connect()
      return measureAll(runtime, sizes.length > 0 ? sizes : DEFAULT_SIZES, orgs).finally(() => runtime.disconnect())
    })
  },
}
export default benchmark

async function measureAll(runtime: Runtime, sizes: readonly number[], orgs: number): Promise<Record<string, unknown>> {
  const p50Ms: Record<string, number> = {}
  const filteredP50Ms: Record<string, number> = {}
  const overlapAt10: Record<string, number> = {}
  for (const size of sizes) {
    const corpus = makeCorpus(size, QUERIES)
    const orgIds = Array.from({ length: orgs }, (_, org) => `bench-${size}-${org}`)
    const startedMs = performance.now()
    const loadable = makeLoadable(corpus.memories)
    for (const orgId of orgIds) await loadMemories(runtime.database, orgId, loadable)
    const seconds = (performance.now() - startedMs) / 1_000
    const figures = await measure(runtime, orgIds, corpus)
    p50Ms[size * orgs] = figures.p50Ms
    filteredP50Ms[size * orgs] = figures.filteredP50Ms
    overlapAt10[size * orgs] = figures.overlapAt10
    console.log(
      `${size} memories and ${size} turns in each of ${orgs} org(s), made in ${seconds.toFixed(1)} s: search p50 ${figures.p50Ms.toFixed(1)} ms, p95 ${figures.p95Ms.toFixed(1)} ms, with a filter ${figures.filteredP50Ms.toFixed(1)} ms, overlap@10 ${figures.overlapAt10.toFixed(3)}`,
    )
    for (const [stage, ms] of Object.entries(figures.stages))
      console.log(`  ${stage.padEnd(34)}${ms.toFixed(1).padStart(7)} ms`)
  }
  return { p50Ms, filteredP50Ms, overlapAt10 }
}

async function measure(runtime: Runtime, orgIds: readonly string[], { queries }: MadeCorpus) {
  const asked = queries.map((query, nth) => ({ query, orgId: orgOf(orgIds, nth), limit: COMPARED }))
  for (const input of asked.slice(0, WARM_UP)) await runtime.memory.search(input)
  const times: number[] = []
  const answers: Awaited<ReturnType<typeof runtime.memory.search>>[] = []
  for (const input of asked) {
    const startedMs = performance.now()
    answers.push(await runtime.memory.search(input))
    times.push(performance.now() - startedMs)
  }
  // By turns: one that a tenth of all turns pass, and one that fifty pass.
  const filtered: number[] = []
  for (const [nth, input] of asked.entries()) {
    const metadata = nth % 2 === 0 ? { team: nth % 10 } : { ticket: { gte: nth, lte: nth } }
    const startedMs = performance.now()
    await runtime.memory.search({ ...input, metadata })
    filtered.push(performance.now() - startedMs)
  }
  // After what is timed: to compare everything leaves the store and the heap busy.
  const overlaps: number[] = []
  for (const [nth, input] of asked.entries()) {
    const exact = await searchMemory({ ...runtime, heldCodes, clock: systemClock }, input, EVERYTHING)
    const { memories = [], turns = [] } = answers[nth] ?? {}
    overlaps.push(
      overlapOf(
        memories.map(({ id }) => id),
        exact.memories.map(({ id }) => id),
      ),
      overlapOf(turns.map(turnName), exact.turns.map(turnName)),
    )
  }
  const sorted = times.sort((a, b) => a - b)
  const median = (all: number[]) => round(all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] as number)
  return {
    p50Ms: median(times),
    filteredP50Ms: median(filtered),
    p95Ms: round(sorted[Math.floor(sorted.length * 0.95)] as number),
    overlapAt10: round(overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length),
    stages: await timeStages(runtime.database, asked),
  }
}

function turnName({ turnId, workstreamId }: { readonly turnId: string; readonly workstreamId: string }): string {
  return `${turnId} ${workstreamId}`
}

/** Spread over all of them, so that what is asked is not what was just written or read. */
function orgOf(orgIds: readonly string[], nth: number): string {
  return orgIds[Math.floor((nth * orgIds.length) / QUERIES)] as string
}

function overlapOf<T>(found: readonly T[], exact: readonly T[]): number {
  return exact.length === 0 ? 1 : exact.filter((one) => found.includes(one)).length / exact.length
}

/** Where the time goes: the parts of a search on their own, one after the other, as medians. In a search the two kinds are read side by side. */
async function timeStages(
  database: Database,
  asked: readonly { readonly query: string; readonly orgId: string }[],
): Promise<Record<string, number>> {
  const times = new Map<string, number[]>()
  const timed = async <T>(stage: string, run: () => T | Promise<T>): Promise<T> => {
    const startedMs = performance.now()
    const result = await run()
    times.set(stage, [...(times.get(stage) ?? []), performance.now() - startedMs])
    return result
  }
  const audiences = [ORG_AUDIENCE]
  const now = new Date()
  for (const { query, orgId } of asked) {
    await timed('an empty statement', () => sql`select 1`.execute(database))
    const vector = await timed('embed the query', () => embedLocally(query))
    await timed('find the times that it names', () => timesIn(query, now, 'UTC'))
    await timed('look for turns that wait', () => readNewestPending(database, orgId, {}, PENDING_LIMITS))
    const found = new Map<ItemKind, number[]>()
    for (const kind of ['memory', 'turn'] as const) {
      const { terms, corpus } = await timed(`read the ${kind} index`, () =>
        readTermIndex(database, orgId, kind, [...new Set(termsOf(query))], { audiences }),
      )
      const scores = await timed(`score ${kind} words`, () =>
        scoreKeywords(terms, corpus, kind === 'turn' ? TURN_WEIGHTS : [1], CANDIDATES),
      )
      const between = scores.filter(({ item }) => item === undefined)
      if (kind === 'turn') await timed('turns between others', () => findTurnsAt(database, orgId, between))
      const alsoItems = scores.flatMap(({ item }) => item ?? [])
      const space = { orgId, kind, model: LOCAL_EMBEDDING_MODEL, audiences }
      await timed(`nearest ${kind} codes`, () => heldCodes.nearest(database, space, vector, CANDIDATES))
      const nearest = await timed(`${kind} codes and vectors`, () =>
        nearestItems(database, heldCodes, space, vector, CANDIDATES, { alsoItems }),
      )
      found.set(kind, [...alsoItems, ...nearest.map(({ item }) => item)])
    }
    const [memories = [], turns = []] = [found.get('memory'), found.get('turn')]
    await timed('read memories', () => readMemories(database, orgId, { ids: memories.slice(0, READ_MEMORIES) }))
    await timed('turns of the best memories', () =>
      readTurnsOfMemories(database, orgId, memories.slice(0, BEST_MEMORIES), now),
    )
    await timed('names in turns', () => readNamesInTurns(database, orgId, turns.slice(0, NAMED_TURNS), {}))
    await timed('read turns', () => readFoundTurns(database, orgId, turns.slice(0, COMPARED), {}, now))
  }
  return Object.fromEntries(
    [...times].map(([stage, all]) => [stage, all.sort((a, b) => a - b)[Math.floor(all.length / 2)] as number]),
  )
}
