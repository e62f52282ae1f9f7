import { describe, expect, it } from 'vitest'
import { describeSettings, isSecret, parseConfig, readConfig, variableOf } from '../../../shared/config.ts'
import { AfterturnError } from '../../../shared/errors.ts'

const DATABASE = { DATABASE_URL: 'postgresql://u@db/x' }

function faultOf(run: () => unknown): AfterturnError {
  try {
    run()
  } catch (error) {
    if (error instanceof AfterturnError) return error
    throw error
  }
  throw new Error('expected a fault')
}

describe('the waterfall', () => {
  const services = { redisUrl: 'redis://s:1', cacheRedisUrl: 'redis://s:2', databaseUrl: 'pglite:///s' }

  it('takes REDIS_URL before REDIS_HOST before the services beside it', () => {
    const url = { REDIS_URL: 'redis://url:1', REDIS_HOST: 'host' }
    expect(readConfig({ ...url, ...DATABASE }, services).redisUrl).toBe('redis://url:1')
    expect(readConfig({ REDIS_HOST: 'host', ...DATABASE }, services).redisUrl).toBe('redis://host:6379/0')
    expect(readConfig({}, services)).toMatchObject(services)
  })

  it('does not cache in the services’ Redis when the queues are elsewhere', () => {
    expect(readConfig({ REDIS_URL: 'redis://own:1' }, services).cacheRedisUrl).toBeUndefined()
    expect(readConfig({ REDIS_HOST: 'own' }, services).cacheRedisUrl).toBeUndefined()
    expect(readConfig({ REDIS_URL: 'redis://own:1', CACHE_REDIS_URL: 'redis://own:2' }, services).cacheRedisUrl).toBe(
      'redis://own:2',
    )
  })

  it('counts an empty variable as absent', () => {
    const read = readConfig({ REDIS_URL: '', REDIS_HOST: '', DATABASE_URL: '', DIGEST_WINDOW_MS: '' }, services)
    expect(read).toMatchObject({ ...services, digestWindowMs: 900_000 })
  })

  it('reads a test environment as development', () => {
    expect(readConfig({ NODE_ENV: 'test' }, services).environment).toBe('development')
    expect(readConfig({ NODE_ENV: 'staging' }, services).environment).toBe('production')
  })

  it.each([
    [{ REDIS_PORT: '7000', REDIS_DB: '3' }, 'redis://h:7000/3'],
    [{ REDIS_PASSWORD: 'p:a@s/s#%' }, `redis://:${encodeURIComponent('p:a@s/s#%')}@h:6379/0`],
    [{ REDIS_USERNAME: 'ü@x', REDIS_PASSWORD: 'p' }, 'redis://%C3%BC%40x:p@h:6379/0'],
    [{ REDIS_TLS: 'true' }, 'rediss://h:6379/0'],
    [{ REDIS_TLS: 'false' }, 'redis://h:6379/0'],
  ])('puts a Redis together from its parts: %j', (parts, url) => {
    const read = readConfig({ REDIS_HOST: 'h', ...parts, ...DATABASE })
    expect(read.redisUrl).toBe(url)
    const parsed = new URL(read.redisUrl as string)
    expect(decodeURIComponent(parsed.password)).toBe('REDIS_PASSWORD' in parts ? (parts.REDIS_PASSWORD as string) : '')
  })

  it('takes a Redis that sentinels or a cluster name, with the login of the parts, and none beside it', () => {
    const listed = { REDIS_SENTINELS: 's1:26379,s2:26379', REDIS_PASSWORD: 'p:w', ...DATABASE }
    const named = readConfig(listed, services)
    expect(named).toMatchObject({
      redisSentinels: 's1:26379,s2:26379',
      redisSentinelMaster: 'mymaster',
      redisUrl: 'redis://:p%3Aw@s1:6379/0',
    })
    expect(named.cacheRedisUrl).toBeUndefined()
    const clustered = readConfig({ REDIS_CLUSTER: 'rediss://u:p@[::1]:7000,n2', ...DATABASE }, services)
    expect(clustered.redisUrl).toBeUndefined()
    expect(clustered.redisKeyPrefix).toBe('{afterturn}')
    expect(parseConfig(clustered)).toEqual(clustered)
  })

  it('needs no Redis: an app that only records and searches has none', () => {
    expect(readConfig(DATABASE).redisUrl).toBeUndefined()
  })

  it('puts an IPv6 address in brackets', () => {
    expect(readConfig({ REDIS_HOST: '::1', ...DATABASE }).redisUrl).toBe('redis://[::1]:6379/0')
  })
})

describe('faults', () => {
  it('are reported all at once, each with its variable', () => {
    const fault = faultOf(() =>
      readConfig({ DIGEST_WINDOW_MS: 'soon', LOG_LEVEL: 'loud', MEMORY_DIGEST_CONCURRENCY: '0' }),
    )
    expect(fault.code).toBe('CONFIG_INVALID')
    for (const variable of ['DIGEST_WINDOW_MS', 'LOG_LEVEL', 'MEMORY_DIGEST_CONCURRENCY', 'DATABASE_URL'])
      expect(fault.message).toContain(`set ${variable}`)
    expect(fault.message).toContain('4 fault(s)')
    expect(fault.message).toContain('"soon"')
  })

  it('never show a secret', () => {
    const fault = faultOf(() =>
      readConfig({
        REDIS_URL: 'http://:hunter2@h',
        CACHE_REDIS_URL: 'hunter2',
        DATABASE_URL: 'mysql://u:hunter2@h',
        DASHBOARD_PASSWORD: 'hunter2',
        OPENAI_API_KEY: ' ',
      }),
    )
    expect(fault.message).toContain('5 fault(s)')
    expect(fault.message).not.toContain('hunter2')
  })

  it.each([
    [{ REDIS_PORT: 'abc' }, 'REDIS_PORT: expected a whole number from 1 to 65535, got "abc"; set REDIS_PORT'],
    [{ REDIS_PORT: '0' }, 'REDIS_PORT: expected'],
    [{ REDIS_PORT: '70000' }, 'REDIS_PORT: expected'],
    [{ REDIS_DB: 'main' }, 'REDIS_DB: expected'],
    [{ REDIS_DB: '1.5' }, 'REDIS_DB: expected'],
    [{ REDIS_TLS: 'maybe' }, 'REDIS_TLS: expected true or false, got "maybe"'],
    [{ REDIS_HOST: '[::1' }, 'REDIS_HOST: expected'],
    [{ REDIS_HOST: 'redis://h' }, 'REDIS_HOST: expected'],
    [{ REDIS_HOST: '', REDIS_PORT: '7000' }, 'REDIS_PORT: expected REDIS_HOST beside it, got nothing; set REDIS_HOST'],
    [{ REDIS_HOST: '', REDIS_PASSWORD: 'hunter2' }, 'REDIS_PASSWORD: expected REDIS_HOST beside it'],
  ])('name the part of an address: %j', (parts, expected) => {
    const fault = faultOf(() => readConfig({ REDIS_HOST: 'h', ...parts, ...DATABASE }))
    expect(fault.message).toContain(`1 fault(s):\n  ${expected}`)
    expect(fault.message).not.toContain('hunter2')
  })

  it.each([
    [
      { REDIS_CLUSTER: 'h', REDIS_KEY_PREFIX: 'mine' },
      'redisKeyPrefix: expected braces around it on a cluster, {mine}',
    ],
    [{ CACHE_REDIS_CLUSTER: 'h', REDIS_KEY_PREFIX: 'mine' }, 'redisKeyPrefix: expected braces around it on a cluster'],
    [{ REDIS_CLUSTER: 'h', REDIS_KEY_PREFIX: '{}' }, 'redisKeyPrefix: expected a-z, 0-9 and -'],
    [{ REDIS_CLUSTER: 'h', REDIS_URL: 'redis://h/3' }, 'redisUrl: expected database 0 beside redisCluster'],
    [{ REDIS_CLUSTER: 'h', REDIS_SENTINELS: 'h' }, 'redisCluster: expected nothing beside redisSentinels, got both'],
    [{ REDIS_SENTINELS: 'redis://:hunter2@h/1' }, 'redisSentinels: expected HOST:PORT,HOST:PORT'],
    [{ REDIS_SENTINELS: 'h:1,,h:2' }, 'redisSentinels: expected'],
    [{ REDIS_SENTINELS: 'h:70000' }, 'redisSentinels: expected'],
    [{ REDIS_CLUSTER: 'h:1 h:2' }, 'redisCluster: expected'],
  ])('name what is wrong with a topology: %j', (parts, expected) => {
    const fault = faultOf(() => readConfig({ ...parts, ...DATABASE }))
    expect(fault.message).toContain(`1 fault(s):\n  ${expected}`)
    expect(fault.message).not.toContain('hunter2')
  })

  it('in the parts of an address do not count beside a whole one', () => {
    expect(readConfig({ REDIS_URL: 'redis://h', REDIS_PORT: 'tcp://10.0.0.1:6379', ...DATABASE }).redisUrl).toBe(
      'redis://h',
    )
  })

  it.each([
    'redis://[::1',
    'redis://h:abc',
    'redis://h:99999',
    'redis://h/main',
    'redis://h/1.5',
    'redis://h/-1',
    'redis://h?db=main',
    'redis://',
    'redis:///1',
    'redis://:100%@h',
    'redis://:p#hunter2@h',
    'redis://a b',
    'http://h',
    'h:6379',
  ])('refuse %s as a Redis, and mask it', (REDIS_URL) => {
    const fault = faultOf(() => readConfig({ REDIS_URL, ...DATABASE }))
    expect(fault.message).toMatch(/1 fault.*redisUrl: expected redis:.*, got another form \(masked\); set REDIS_URL$/s)
    expect(fault.message).not.toContain('hunter2')
  })

  it.each([
    'pglite://%zz',
    'pglite:///tmp/%',
    'pglite://',
    'postgresql://u@[::1/x',
    'postgresql://u@h:port/x',
    'postgresql://u:%e9@h/x',
    'mysql://h/x',
    'postgresql',
  ])('refuse %s as a store, and mask it', (DATABASE_URL) => {
    const fault = faultOf(() => readConfig({ REDIS_URL: 'redis://h', DATABASE_URL }))
    expect(fault.message).toMatch(/1 fault.*databaseUrl: expected .*, got another form \(masked\); set DATABASE_URL$/s)
  })

  it.each([
    'postgresql://u:p@h:5433/x?sslmode=require',
    'postgres://u:100%@h/x',
    'postgresql://u@/x?host=/var/run/postgresql',
    'postgresql:///x',
    'postgresql://%2Fvar%2Frun/x',
    'pglite:///tmp/a%20b',
  ])('let %s through, as the driver does', (DATABASE_URL) => {
    expect(readConfig({ REDIS_URL: 'rediss://u:p%40@[::1]:7000/3', DATABASE_URL }).databaseUrl).toBe(DATABASE_URL)
  })

  it('say what came in the words of a person, and where an address may come from', () => {
    const missing = faultOf(() => readConfig({})).message
    expect(missing).toMatch(/databaseUrl: expected .*, got nothing; set DATABASE_URL, or .*\.data\/services\.json/)
    expect(missing).not.toMatch(/undefined|received|Invalid/)
    expect(faultOf(() => readConfig({ NODE_ENV: 'production' })).message).not.toContain('npm run dev')
    const wrong = { REDIS_URL: 'redis://h', ...DATABASE, LOG_LEVEL: 'loud', ALLOW_EVICTING_REDIS: 'perhaps' }
    expect(faultOf(() => readConfig({ ...wrong, OPENAI_BASE_URL: 'ftp://x', DASHBOARD_PORT: '70000' })).message).toBe(
      [
        'The configuration has 4 fault(s):',
        'logLevel: expected one of silent, error, warn, info, debug, got "loud"; set LOG_LEVEL',
        'allowEvictingRedis: expected true or false, got "perhaps"; set ALLOW_EVICTING_REDIS',
        'openaiBaseUrl: expected http://… or https://…, got "ftp://x"; set OPENAI_BASE_URL',
        'dashboardPort: expected a whole number from 0 to 65535, got "70000"; set DASHBOARD_PORT',
      ].join('\n  '),
    )
  })

  it.each([null, true, '', ' ', '0x10', [8], {}, new Date(8), 10n])('are for %s as a number', (databasePoolSize) => {
    const config = { redisUrl: 'redis://h', databaseUrl: 'pglite:///x', databasePoolSize }
    expect(faultOf(() => parseConfig(config)).message).toContain('databasePoolSize: expected a whole number from 1 to')
  })

  it('are settings that nobody knows, without their values', () => {
    const config = { redisUrl: 'redis://h', databaseUrl: 'pglite:///x', digestWindow: 5, openAiApiKey: 'hunter2' }
    const { message } = faultOf(() => parseConfig(config))
    expect(message).toContain('2 fault(s)')
    expect(message).toMatch(/digestWindow: expected a known setting.*openAiApiKey: expected a known setting/s)
    expect(message).not.toContain('hunter2')
  })

  it('are not found in what was parsed before', () => {
    const config = readConfig({ REDIS_URL: 'redis://h', ...DATABASE, DATABASE_POOL_SIZE: ' 3 ' })
    expect(parseConfig({ ...config, digestWindowMs: 1_000 })).toEqual({
      ...config,
      databasePoolSize: 3,
      digestWindowMs: 1_000,
    })
  })

  it('name a digest that could never wait for its window', () => {
    const fault = faultOf(() =>
      readConfig({ REDIS_URL: 'redis://h', ...DATABASE, DIGEST_WINDOW_MS: '5000', DIGEST_MAX_WAIT_MS: '4000' }),
    )
    expect(fault.message).toContain('DIGEST_MAX_WAIT_MS')
  })

  it.each([undefined, null, 'redis://h', 7, []])('are faults and not crashes for %j', (input) => {
    expect(faultOf(() => parseConfig(input)).code).toBe('CONFIG_INVALID')
  })

  it.each(['1.5', 'NaN', '-1', '1e99', '0x', 'Infinity'])('refuse %s as a number', (value) => {
    expect(
      faultOf(() => readConfig({ REDIS_URL: 'redis://h', ...DATABASE, DATABASE_POOL_SIZE: value })).message,
    ).toContain('DATABASE_POOL_SIZE')
  })
})

describe('every setting', () => {
  const settings = describeSettings()

  it('says what it is', () => {
    for (const { key, description } of settings) expect(description, key).toMatch(/\S{2,}/)
  })

  it('has a variable of its own', () => {
    expect(new Set(settings.map(({ variable }) => variable)).size).toBe(settings.length)
    expect(variableOf('openaiBaseUrl')).toBe('OPENAI_BASE_URL')
  })

  it('that is a number has its unit in its name', () => {
    for (const { key, default: value } of settings)
      if (typeof value === 'number')
        expect(key).toMatch(
          /(Ms|Seconds|Bytes|Tokens|Percent|Size|Dims|Concurrency|Port|UsdPerMillionTokens|Versions|Entries|Hours|max[A-Z]\w+Per[A-Z]\w+)$/,
        )
  })

  it('that holds a password or a key is a secret', () => {
    expect(settings.filter(({ secret }) => secret).map(({ key }) => key)).toEqual([
      'redisUrl',
      'redisSentinels',
      'redisCluster',
      'cacheRedisUrl',
      'cacheRedisSentinels',
      'cacheRedisCluster',
      'databaseUrl',
      'directDatabaseUrl',
      'openaiApiKey',
      'embeddingApiKey',
      'repoProxy',
      'dashboardPassword',
      'dashboardPasswords',
      'secretKeys',
    ])
    expect(isSecret('digestWindowMs')).toBe(false)
  })

  it('has a default that it would accept itself', () => {
    const defaults = Object.fromEntries(
      settings.flatMap(({ key, default: value }) => (value === undefined ? [] : [[key, value]])),
    )
    const parsed = parseConfig({ ...defaults, redisUrl: 'redis://h', databaseUrl: 'pglite:///x' })
    expect(parsed).toMatchObject(defaults)
  })
})
