import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { zstdCompressSync } from 'node:zlib'
import { sql } from 'kysely'
import type { States } from '../shared/state/states.ts'
import { type Database, openDatabase } from '../shared/store/database.ts'
import { bindTestStates } from '../test/helpers/states.ts'
import { type Benchmark, round } from './benchmark.ts'
import { createMessages, type GrowingState, stateOf, withMessages } from './inputs/growing-state.ts'
import { medianTimes, withPostgres } from './measures/bench-postgres.ts'

/**
 * What versions of a state cost on PostgreSQL 17, beside full copies with Zstandard and as jsonb; how long a save and a load take, beside statements with
 * the same bytes; and whether updates of one state from several processes all arrive.
 */

const ORG = 'bench'
const STATE_BYTES = 100_000
const MESSAGE_CHARS = 250
const APPENDS = 60
const ROUNDS = 300
const SAVES_BEFORE_RESET = 40
const TURNS = 500
const TURN_CHARS = 950
const PROCESSES = 4
const CALLERS = 5
const UPDATES = 50
const UPDATER = fileURLToPath(new URL('../test/helpers/processes/states-process.ts', import.meta.url))

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withPostgres(async (url) => {
      const database = openDatabase({ url, poolSize: 4 })
      try {
        const { states } = bindTestStates(database, {}, { memoryBytes: 64_000_000 })
        const figures = {
          ...(await measureAppends(database, states)),
          ...(await measureChanges(states)),
          ...(await measureLoads(database, states)),
          ...(await measureSaves(database, states)),
          ...(await measureHistory(states)),
          ...(await measureUpdates(url)),
        }
        for (const [name, value] of Object.entries(figures)) console.log(`${name}: ${value}`)
        return figures
      } finally {
        await database.destroy()
      }
    }),
}
export default benchmark

const storedBytes = async (states: States, orgId: string) => (await states.stats({ orgId })).storedBytes

async function walPosition(database: Database): Promise<number> {
  const { rows } = await sql<{
    bytes: string
  }>`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`.execute(database)
  return Number(rows[0]?.bytes)
}

async function measureAppends(database: Database, states: States) {
  const next = createMessages(1, MESSAGE_CHARS)
  let state = stateOf(STATE_BYTES, next)
  const key = { orgId: `${ORG}-append`, stateId: 'agent', keepVersions: 1_000 }
  await states.save({ ...key, state })
  const [bytesBefore, walBefore] = [await storedBytes(states, key.orgId), await walPosition(database)]
  for (let turn = 0; turn < APPENDS; turn++) {
    state = withMessages(state, [next(), next()])
    await states.save({ ...key, state })
  }
  return {
    appendBytes: round(((await storedBytes(states, key.orgId)) - bytesBefore) / APPENDS),
    walBytes: round(((await walPosition(database)) - walBefore) / APPENDS),
    fullCopyBytes: zstdCompressSync(JSON.stringify(state)).length,
  }
}

/** What other changes cost, as a share of a full copy. */
async function measureChanges(states: States) {
  const next = createMessages(2, MESSAGE_CHARS)
  const state = stateOf(STATE_BYTES, next)
  const middle = Math.floor(state.messages.length / 2)
  const changes: Record<string, GrowingState> = {
    middleFieldBytes: {
      ...state,
      messages: state.messages.with(middle, { ...(state.messages[middle] as object), role: 'tool' } as never),
    },
    firstRemovedBytes: { ...state, messages: state.messages.slice(1) },
    endSummarisedBytes: withMessages(
      { ...state, messages: state.messages.slice(0, Math.floor(state.messages.length * 0.7)) },
      [next()],
    ),
    farApartBytes: withMessages({ ...state, agent: 'sales' }, [next(), next()]),
  }
  const figures: Record<string, number> = {}
  for (const [name, changed] of Object.entries(changes)) {
    const key = { orgId: `${ORG}-${name}`, stateId: 'agent' }
    await states.save({ ...key, state })
    const before = await storedBytes(states, key.orgId)
    await states.save({ ...key, state: changed })
    figures[name] = (await storedBytes(states, key.orgId)) - before
  }
  return figures
}

async function measureLoads(database: Database, states: States) {
  const next = createMessages(3, MESSAGE_CHARS)
  let state = stateOf(STATE_BYTES, next)
  const key = { orgId: `${ORG}-load`, stateId: 'agent', keepVersions: 1_000 }
  for (let turn = 0; turn < 64; turn++) {
    await states.save({ ...key, state })
    state = withMessages(state, [next(), next()])
  }
  const raw = Buffer.from(JSON.stringify(state))
  await sql`create table bench_raw (id text primary key, raw bytea)`.execute(database)
  await sql`alter table bench_raw alter column raw set storage external`.execute(database)
  await sql`insert into bench_raw values ('agent', ${raw})`.execute(database)
  const { orgId, stateId } = key
  const cold = bindTestStates(database, {}, { memoryBytes: 1 }).states
  const times = await medianTimes(
    {
      plain: () => sql`select raw from bench_raw where id = ${'agent'}`.execute(database),
      load: () => states.load({ orgId, stateId }),
      cold: () => cold.load({ orgId, stateId }),
    },
    ROUNDS,
  )
  return {
    loadRatio: round(times.load / times.plain),
    coldLoadRatio: round(times.cold / times.plain),
    loadMs: round(times.load),
    coldLoadMs: round(times.cold),
    plainSelectMs: round(times.plain),
  }
}

async function measureSaves(database: Database, states: States) {
  const next = createMessages(4, MESSAGE_CHARS)
  const first = stateOf(STATE_BYTES, next)
  let state = first
  const key = { orgId: `${ORG}-save`, stateId: 'agent', keepVersions: 20 }
  await states.save({ ...key, state })
  await sql`create table bench_heads (id int primary key, version bigint, saved_at timestamptz) with (fillfactor = 70)`.execute(
    database,
  )
  await sql`create table bench_versions (id int, version bigint, chain bigint, position int, saved_at timestamptz, primary key (id, version))`.execute(
    database,
  )
  await sql`create table bench_frames (id int, chain bigint, position int, frame bytea, digest bytea, primary key (id, chain, position))`.execute(
    database,
  )
  await sql`insert into bench_heads values (1, 0, now())`.execute(database)
  const [frame, digest] = [Buffer.alloc(330, 'x'), Buffer.alloc(32)]
  const times = await medianTimes(
    {
      // The same rows with the same bytes, and as many go as come, in one statement.
      plain: () =>
        sql`with head as (update bench_heads set version = version + 1, saved_at = now() where id = 1 returning version),
          gone as (delete from bench_versions where id = 1 and version = (select version - 20 from head)),
          framed as (insert into bench_frames select 1, version / 64, version % 64, ${frame}, ${digest} from head)
          insert into bench_versions select 1, version, version / 64, version % 64, now() from head`.execute(database),
      // Two messages more each time, and back to the first state now and then.
      save: async (index) => {
        state = index % SAVES_BEFORE_RESET === 0 ? first : withMessages(state, [next(), next()])
        await states.save({ ...key, state })
      },
    },
    ROUNDS,
  )
  return { saveRatio: round(times.save / times.plain), saveMs: round(times.save), plainStatementMs: round(times.plain) }
}

async function measureHistory(states: States) {
  const next = createMessages(5, TURN_CHARS)
  let state = stateOf(1, next)
  const key = { orgId: `${ORG}-history`, stateId: 'agent', keepVersions: 10_000 }
  let copyBytes = 0
  for (let turn = 0; turn < TURNS; turn++) {
    state = withMessages(state, [next(), next()])
    await states.save({ ...key, state })
    copyBytes += zstdCompressSync(JSON.stringify(state)).length
  }
  const bytes = await storedBytes(states, key.orgId)
  return {
    historyRatio: round(bytes / copyBytes),
    historyBytes: bytes,
    copiesBytes: copyBytes,
    stateBytes: JSON.stringify(state).length,
  }
}

async function measureUpdates(url: string) {
  const children = Array.from({ length: PROCESSES }, () =>
    fork(UPDATER, [url, `${ORG}-update`, `${CALLERS}`, `${UPDATES}`]),
  )
  const answers = await Promise.all(
    children.map(
      (child) =>
        new Promise<{ versions: number[]; failures: string[] }>((resolve) =>
          child.on('message', (message: { versions: number[]; failures: string[] }) => {
            if (message.versions) resolve(message)
          }),
        ),
    ),
  )
  const versions = answers.flatMap((answer) => answer.versions)
  const expected = PROCESSES * CALLERS * UPDATES
  return {
    updates: expected,
    lost: expected - Math.max(0, ...versions),
    doubled: versions.length - new Set(versions).size,
    conflicts: answers.flatMap((answer) => answer.failures).length,
  }
}
