import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

const skipReason = inject('servicesSkipReason')

describe.skipIf(skipReason)('PostgreSQL 17', () => {
  let client: Client

  beforeAll(async () => {
    client = new Client({ connectionString: inject('postgresUrl') })
    await client.connect()
  })

  afterAll(() => client.end())

  test('is version 17', async () => {
    const { rows } = await client.query('SHOW server_version_num')
    expect(Math.floor(Number(rows[0].server_version_num) / 10_000)).toBe(17)
  })

  test('makes the vector extension and measures with it', async () => {
    await client.query('BEGIN')
    await client.query('CREATE EXTENSION vector')
    const { rows } = await client.query(
      `SELECT extversion, '[3,4]'::vector <-> '[0,0]' AS distance FROM pg_extension WHERE extname = 'vector'`,
    )
    await client.query('ROLLBACK')
    expect(rows[0]).toMatchObject({ distance: 5, extversion: expect.stringMatching(/^0\.[89]\./) })
  })

  test('refuses a wrong password', async () => {
    const url = new URL(inject('postgresUrl'))
    url.password = 'wrong'
    await expect(new Client({ connectionString: url.href }).connect()).rejects.toThrow('password authentication failed')
  })
})

describe.skipIf(skipReason).each([
  { name: 'Redis 8', key: 'redis8Url', version: /^redis_version:8\./m },
  { name: 'Valkey 8', key: 'valkey8Url', version: /^valkey_version:8\./m },
] as const)('$name', ({ key, version }) => {
  let redis: Redis

  beforeAll(() => {
    redis = new Redis(inject(key), { retryStrategy: () => null })
  })

  afterAll(() => redis.disconnect())

  test('is that server in that version', async () => {
    expect(await redis.info('server')).toMatch(version)
  })

  test('takes both eviction policies', async () => {
    for (const policy of ['allkeys-lru', 'noeviction']) {
      await redis.config('SET', 'maxmemory-policy', policy)
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', policy])
    }
  })
})
