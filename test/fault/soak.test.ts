import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterEach, expect, inject, it } from 'vitest'
import { QUEUE_NAMES } from '../../queues/catalog.ts'
import { systemClock } from '../../shared/clock.ts'
import { createKillSwitch } from '../../shared/control/kill-switch.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { countTurns } from '../../shared/store/turns/turns.ts'
import { turn } from '../helpers/memory/turns.ts'
import { until } from '../helpers/until.ts'
import { startWorld, type World } from './world/world.ts'

/**
 * Nothing grows while the fleet goes about its day: one conversation that is never quiet, an org that is halted all the time, and a provider that
 * is dead for half of each round. `npm run soak -- --minutes 15` for longer.
 */

const WORKERS = ['memory-digest', 'memory-extraction']
const MINUTE_MS = 60_000
const SHORT_ROUNDS = 8
const HALTED_WORKSTREAMS = 20
const TURNS_PER_ROUND = 12
const DEAD_MS = 1_500
const GAP_MS = 120
/** Until each job has been kept once, each page has been filled and each connection opened. */
const WARM_UP_SHARE = 0.4
/** Flights and timers that are there at one look and not at another. */
const KEY_SLACK = 12
/** A process has its own ups and downs; growth by use would pass any share. It has collected its garbage a round before it is looked at. */
const RSS_SLACK = 1.1
/** Until the code of the workers is compiled. */
const RSS_FROM_MINUTES = 5
const MINUTES = Number(process.env.FAULT_MINUTES || 0)
/** Tables with rows for each turn: their rows per turn must not grow. Those of all others must not grow at all. */
const GROWING = ['turns', 'messages', 'memories', 'memory_sources', 'vectors', 'vector_codes', 'postings', 'events']
const PER_TURN_SLACK = 1.1
/** A row for each queue and minute, kept for a while. */
const HISTORY = 'fleet_minutes'

type Sample = {
  readonly turns: number
  readonly keys: number
  /** Entries of lists, sets and sorted sets, but for finished jobs. */
  readonly entries: number
  readonly redisMb: number
  readonly rows: number
  readonly rowsPerTurn: number
  readonly rssMb: readonly number[]
}

let world: World
afterEach(() => world.stop())

it('keys, rows and memory stay flat', { timeout: 2 * MINUTES * MINUTE_MS + 4 * MINUTE_MS }, async ({ task }) => {
  world = await startWorld({ workers: WORKERS, pgliteTemplateDir: inject('pgliteTemplateDir') })
  const { runtime, model, database, config } = world
  const redis = new Redis(world.durable.url)
  await haltOrg(redis, 'halted')
  for (let number = 0; number < HALTED_WORKSTREAMS; number += 1)
    await runtime.memory.recordTurn(turn(number, { orgId: 'halted', workstreamId: `ws-${number}` }))

  const endMs = performance.now() + MINUTES * MINUTE_MS
  const samples: Sample[] = []
  let said = 0
  const converse = async (gapMs: number) => {
    const input = turn(said, { orgId: 'busy' })
    said += 1
    await runtime.memory.recordTurn(input)
    await runtime.memory.extractNow({ orgId: 'busy', workstreamId: input.workstreamId, turnId: input.turnId })
    await new Promise((resolve) => setTimeout(resolve, gapMs))
  }
  /** As their fall-back does after minutes. */
  const wakeHalted = async () => {
    for (const job of await runtime.queues.queue('memory-digest').getDelayed())
      if (job.data.orgId === 'halted') await job.promote().catch(() => {})
  }
  for (let round = 0; MINUTES > 0 ? performance.now() < endMs : round < SHORT_ROUNDS; round += 1) {
    await wakeHalted()
    model.fault({ status: 503, times: Number.POSITIVE_INFINITY })
    for (let left = TURNS_PER_ROUND / 2; left > 0; left -= 1) await converse(DEAD_MS / (TURNS_PER_ROUND / 2))
    model.reset()
    for (let left = TURNS_PER_ROUND / 2; left > 0; left -= 1) await converse(GAP_MS)
    await until(
      () => countTurns(database, 'busy'),
      ({ pending }) => pending === 0,
    )
    await until(
      () => Promise.all(WORKERS.map((name) => runtime.queues.queue(name).getJobCountByTypes('waiting', 'active'))),
      (counts) => counts.every((count) => count === 0),
    )
    samples.push(await look(redis, config.redisKeyPrefix as string))
  }
  await redis.quit()
  task.meta.report = describe(samples)
  expect(violationsOf(samples), task.meta.report).toEqual([])
})

async function haltOrg(redis: Redis, orgId: string): Promise<void> {
  const { database, config } = world
  const keyPrefix = config.redisKeyPrefix as string
  const killSwitch = createKillSwitch({ database, redis: () => redis, keyPrefix, clock: systemClock, log: silentLog })
  await killSwitch.turnOn({ by: 'the soak', orgId })
}

async function look(redis: Redis, keyPrefix: string): Promise<Sample> {
  const { database, workers } = world
  let [keys, entries] = [0, 0]
  for await (const found of redis.scanStream({ match: `${keyPrefix}:*` })) {
    // The progress of a job is kept for an hour.
    const lasting = (found as string[]).filter((key) => !key.startsWith(`${keyPrefix}:progress:`))
    keys += lasting.length
    for (const key of lasting) entries += await countEntries(redis, key)
  }
  // Of finished jobs a fixed number is kept.
  let finished = 0
  for (const queue of QUEUE_NAMES)
    for (const set of ['completed', 'failed']) finished += await redis.zcard(`${keyPrefix}:${queue}:${set}`)
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
    order by table_name`.execute(database)
  let [rows, growing] = [0, 0]
  for (const { name } of tables) {
    const counted = await sql<{ count: number }>`select count(*)::int as count from ${sql.table(name)}`.execute(
      database,
    )
    const count = counted.rows[0]?.count ?? 0
    if (GROWING.includes(name)) growing += count
    else if (name !== HISTORY) rows += count
  }
  const { extracted } = await countTurns(database, 'busy')
  const rssMb = workers.map(({ pid }) => rssMbOf(pid()))
  for (const worker of workers) worker.collect()
  const [, usedBytes] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? []
  return {
    turns: extracted,
    keys: keys - finished,
    entries: entries - finished,
    redisMb: Number(usedBytes) / 2 ** 20,
    rows,
    rowsPerTurn: growing / extracted,
    rssMb,
  }
}

async function countEntries(redis: Redis, key: string): Promise<number> {
  const type = await redis.type(key)
  if (type === 'zset') return redis.zcard(key)
  if (type === 'set') return redis.scard(key)
  return type === 'list' ? redis.llen(key) : 0
}

function rssMbOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1_024
}

/** The growth from the earlier half of the warm samples to the later one. The least counts: what comes and goes shows in the most. */
function violationsOf(samples: readonly Sample[]): string[] {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE))
  const half = Math.floor(warm.length / 2)
  const [before, after] = [warm.slice(0, half), warm.slice(-half)]
  const least = (of: readonly Sample[], figure: (sample: Sample) => number) => Math.min(...of.map(figure))
  const violations: string[] = []
  const expectFlat = (name: string, figure: (sample: Sample) => number, slack: (value: number) => number) => {
    const [first, last] = [least(before, figure), least(after, figure)]
    if (last > slack(first)) violations.push(`${name} grew from ${first.toFixed(1)} to ${last.toFixed(1)}`)
  }
  expectFlat(
    'keys in Redis',
    ({ keys }) => keys,
    (keys) => keys + KEY_SLACK,
  )
  expectFlat(
    'entries in Redis',
    ({ entries }) => entries,
    (entries) => entries + KEY_SLACK,
  )
  expectFlat(
    'rows of the tables that have none for each turn',
    ({ rows }) => rows,
    (rows) => rows,
  )
  expectFlat(
    'rows per turn',
    ({ rowsPerTurn }) => rowsPerTurn,
    (rows) => rows * PER_TURN_SLACK,
  )
  if (MINUTES < RSS_FROM_MINUTES) return violations
  for (const [index, name] of WORKERS.entries())
    expectFlat(
      `MB of ${name}`,
      ({ rssMb }) => rssMb[index] as number,
      (mb) => mb * RSS_SLACK,
    )
  return violations
}

/** A table of at most twenty lines. */
function describe(samples: readonly Sample[]): string {
  const step = Math.ceil(samples.length / 20)
  const lines = samples
    .map(({ turns, keys, entries, redisMb, rows, rowsPerTurn, rssMb }, round) => {
      const cells = [
        round,
        turns,
        keys,
        entries,
        redisMb.toFixed(1),
        rows,
        rowsPerTurn.toFixed(1),
        ...rssMb.map(Math.round),
      ]
      return cells.map((cell) => String(cell).padStart(9)).join('')
    })
    .filter((_, round) => round % step === 0 || round === samples.length - 1)
  const head = ['round', 'turns', 'keys', 'entries', 'Redis MB', 'rows', 'per turn', 'RSS MB'].map((name) =>
    name.padStart(9),
  )
  return [`soak: ${samples.length} rounds`, head.join(''), ...lines].join('\n')
}
