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
    const parsed = new URL(read.redisUrl)
    expect(decodeURIComponent(parsed.password)).toBe('REDIS_PASSWORD' in parts ? (parts.REDIS_PASSWORD as string) : '')
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
    for (const variable of ['DIGEST_WINDOW_MS', 'LOG_LEVEL', 'MEMORY_DIGEST_CONCURRENCY', 'REDIS_URL', 'DATABASE_URL'])
      expect(fault.message).toContain(`set ${variable}`)
    expect(fault.message).toContain('5 fault(s)')
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
        expect(key).toMatch(/(Ms|Seconds|Bytes|Size|Dims|Concurrency|Port|max[A-Z]\w+Per[A-Z]\w+)$/)
  })

  it('that holds a password or a key is a secret', () => {
    expect(settings.filter(({ secret }) => secret).map(({ key }) => key)).toEqual([
      'redisUrl',
      'cacheRedisUrl',
      'databaseUrl',
      'openaiApiKey',
      'dashboardPassword',
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
