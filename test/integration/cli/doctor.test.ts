import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openDatabase } from '../../../shared/store/database.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useCommands } from '../../helpers/processes/commands.ts'
import { fillRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'

/** `npm run doctor` as a person reads it, in a directory without a services file. */

const COLUMNS = 80
const TIMEOUT_MS = 120_000

const store = useStore()
const run = useCommands()
let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'afterturn-doctor-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** What it says, its lines joined again, and its exit code. */
async function examine(
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = [],
): Promise<{ code: number; said: string; widest: number }> {
  const { code, stdout, stderr } = await run(
    ['doctor', ...args],
    { ...BARE_ENVIRONMENT, COLUMNS: String(COLUMNS), NO_COLOR: '1', ...environment },
    directory,
  )
  const text = stdout + stderr
  return { code, said: text.replace(/\s+/g, ' '), widest: Math.max(...text.split('\n').map((line) => line.length)) }
}

const good = () => ({
  REDIS_URL: inject('redisUrl'),
  CACHE_REDIS_URL: inject('cacheRedisUrl'),
  DATABASE_URL: store.url,
})

describe('the doctor', () => {
  it(
    'is content with good services, and shows no password',
    async () => {
      const { code, said, widest } = await examine(good())
      expect([code, said]).toEqual([
        0,
        expect.stringMatching(
          /✓ Durable Redis version [\d.]+, noeviction memory [\d.]+ MB .*clients \d+.*✓ Cache Redis .*✓ Store .*✓ Migrations up to date .*✓ Writing tried .*✓ Model local rules and vectors/,
        ),
      ])
      expect(said).not.toContain('✗')
      expect(said).not.toContain(new URL(inject('redisUrl')).password)
      expect(widest).toBeLessThanOrEqual(COLUMNS)
    },
    TIMEOUT_MS,
  )

  it(
    'prints one JSON object for programs, also of a wrong configuration',
    async () => {
      const [right, wrong] = await Promise.all([
        examine(good(), ['--json', '--no-call']),
        examine({ ...good(), DIGEST_WINDOW_MS: 'soon' }, ['--json']),
      ])
      const found = JSON.parse(right.said)
      expect(found.isGood).toBe(true)
      expect(found.settings).toContainEqual({
        variable: 'DIGEST_WINDOW_MS',
        value: expect.any(String),
        isDefault: true,
      })
      expect(found.checks).toContainEqual(expect.objectContaining({ name: 'Cache Redis', isGood: true }))
      expect(right.said).not.toContain(new URL(inject('redisUrl')).password)
      expect(JSON.parse(wrong.said)).toMatchObject({
        isGood: false,
        checks: [{ isGood: false, finding: expect.stringMatching(/DIGEST_WINDOW_MS/) }],
      })
      expect([right.code, wrong.code]).toEqual([0, 1])
    },
    TIMEOUT_MS,
  )

  it(
    'asks each model once and says what works, or leaves them alone',
    async () => {
      const model = await startModelServer({ refuseJsonSchema: true })
      model.completionFor(() => ({ answer: 'yes' }))
      const environment = { ...good(), OPENAI_BASE_URL: model.url, EMBEDDING_DIMS: '64', COMPLETION_MODEL: 'm1' }
      const quiet = await examine(environment, ['--no-call'])
      expect([quiet.code, model.requestCount()]).toEqual([0, 0])
      expect(quiet.said).toContain('(not called)')
      const asked = await examine(environment)
      expect(asked.code).toBe(0)
      expect(asked.said).toMatch(
        /✓ Model m1 at http\S+ answers in \d+ ms, \d+ tokens\/s context unknown: .* structured output: any JSON object, with the schema in the prompt .*✓ Embeddings \S+ at http\S+ answers in \d+ ms, 64 dimensions/,
      )
      model.fault({ status: 401, message: 'Incorrect API key', times: 9, path: '/chat/completions' })
      model.fault({ status: 404, message: 'Not found', times: 9, path: '/embeddings' })
      const failed = await examine(environment)
      expect(failed.code).toBe(1)
      expect(failed.said).toMatch(
        /✗ Model m1 at .* answered 401 Incorrect API key.*! Embeddings .* → Memories are found by their words/,
      )
      await model.stop()
    },
    TIMEOUT_MS,
  )

  it(
    'tries to write: a user who may only read is no working Redis',
    async () => {
      const acl = 'user default on nopass ~* &* +@all -@write'
      const reading = await startBareRedis((port) => [`port ${port}`, acl])
      const { code, said } = await examine({ ...good(), REDIS_URL: reading.url })
      await reading.stop()
      expect(code).toBe(1)
      expect(said).toMatch(/✗ Durable Redis .*NOPERM.*→ Grant this user/)
    },
    TIMEOUT_MS,
  )

  it(
    'warns of a durable Redis that is nearly full, and is content',
    async () => {
      const full = await startBareRedis((port) => [`port ${port}`, 'maxmemory 10mb'])
      const redis = new Redis(full.url)
      await fillRedis(redis, 7.5)
      redis.disconnect()
      const { code, said, widest } = await examine({ ...good(), REDIS_URL: full.url })
      await full.stop()
      expect(code).toBe(0)
      expect(said).toMatch(/! Durable Redis .* of 10\.0 MB \((8|9)\d %\).* → Once full, it refuses jobs/)
      expect(widest).toBeLessThanOrEqual(COLUMNS)
    },
    TIMEOUT_MS,
  )

  it(
    'says who has halted the fleet',
    async () => {
      const database = openDatabase({ url: store.url, poolSize: 1 })
      const row = { org_id: '', queue: '', turned_on_by: 'ops', reason: 'fire', turned_on_at: new Date() }
      await database.insertInto('kill_switches').values(row).execute()
      const { code, said } = await examine(good())
      await database.deleteFrom('kill_switches').execute()
      await database.destroy()
      expect(code).toBe(1)
      expect(said).toMatch(/✗ Kill switch The kill switch of everything was turned on by ops: fire\./)
    },
    TIMEOUT_MS,
  )

  it(
    'names every fault of a configuration',
    async () => {
      const { code, said } = await examine({ ...good(), MODEL_CONCURRENCY: '0', DIGEST_WINDOW_MS: 'soon' })
      expect(code).toBe(1)
      expect(said).toContain('CONFIG_INVALID: The configuration has 2 fault(s)')
      for (const variable of ['MODEL_CONCURRENCY', 'DIGEST_WINDOW_MS']) expect(said).toContain(`set ${variable}`)
    },
    TIMEOUT_MS,
  )

  it(
    'says what to do when nothing is set',
    async () => {
      const { code, said, widest } = await examine({})
      expect(code).toBe(1)
      expect(said).toMatch(/set REDIS_URL, or start `npm run dev`.*set DATABASE_URL, or start `npm run dev`/)
      expect(widest).toBeLessThanOrEqual(COLUMNS)
    },
    TIMEOUT_MS,
  )

  it(
    'tells services that are down from those that refuse the login',
    async () => {
      const wrong = new URL(inject('redisUrl'))
      wrong.password = 'wrong-horse'
      const { code, said, widest } = await examine({
        REDIS_URL: 'redis://:battery@127.0.0.1:1',
        CACHE_REDIS_URL: wrong.href,
        DATABASE_URL: `pglite://${directory}/none`,
      })
      expect(code).toBe(1)
      expect(said).toMatch(
        /✗ Durable Redis redis:\/\/:\*\*\*@127\.0\.0\.1:1: connect ECONNREFUSED .* → Nothing listens there: start it, or correct REDIS_URL/,
      )
      expect(said).toMatch(/✗ Cache Redis .*WRONGPASS .* → Correct the user and password in CACHE_REDIS_URL/)
      expect(said).toMatch(/✗ Store .*ENOENT .* → Nothing listens there: start it, or correct DATABASE_URL/)
      expect(said).not.toMatch(/battery|wrong-horse/)
      expect(widest).toBeLessThanOrEqual(COLUMNS)
    },
    TIMEOUT_MS,
  )

  it(
    'does not wait for a server that accepts and says nothing, and thinks of TLS',
    async () => {
      const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
      await once(silent, 'listening')
      const { port } = silent.address() as { port: number }
      const { code, said } = await examine({ ...good(), REDIS_URL: `rediss://127.0.0.1:${port}` })
      silent.close()
      expect(code).toBe(1)
      expect(said).toMatch(/✗ Durable Redis rediss:.* → No response: .* whether it uses TLS/)
      expect(said).toContain('✓ Store')
    },
    TIMEOUT_MS,
  )

  it(
    'names a database that is newer than the program, with its own remedy',
    async () => {
      const database = openDatabase({ url: store.url, poolSize: 1 })
      await sql`insert into schema_migrations (name, checksum) values ('9999_future.sql', 'x')`.execute(database)
      await database.destroy()
      const { code, said } = await examine(good())
      expect(code).toBe(1)
      expect(said).toMatch(/✗ Migrations .*newer.*9999_future\.sql.* → Update this program/)
    },
    TIMEOUT_MS,
  )
})
