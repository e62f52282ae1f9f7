import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { createProvider } from '../shared/ai/create-provider.ts'
import { type Config, describeSettings, readConfig } from '../shared/config.ts'
import { printFailure } from '../shared/lifecycle.ts'
import { maskUrl } from '../shared/observe/log.ts'
import { faultsOfCacheRedis, faultsOfDurableRedis, readRedisFacts } from '../shared/redis/redis-checks.ts'
import { readServiceAddresses, SERVICES_FILE } from '../shared/service-addresses.ts'
import { isPgliteUrl, openDatabase } from '../shared/store/database.ts'
import { checkSchema } from '../shared/store/migrations.ts'
import { countLackingVectors } from '../shared/store/vectors.ts'
import { type Check, printChecks, printSettings, type Setting } from './doctor-report.ts'

/** A door: `npm run doctor` shows the configuration in force and examines each service; it changes nothing. Exit 1 when something is wrong. */

const CONNECT_TIMEOUT_MS = 3_000

try {
  const services = readServiceAddresses()
  const config = readConfig(process.env, services)
  printSettings(
    settingsOf(config),
    Object.keys(services).length > 0 ? `addresses from ${SERVICES_FILE}` : 'no services file',
  )
  const checks = [
    ...(await checkRedis('Durable Redis', config.redisUrl, config)),
    ...(await checkCache(config)),
    ...(await checkStore(config)),
    checkProvider(config),
  ]
  printChecks(checks)
  process.exit(checks.every((check) => check.isGood) ? 0 : 1)
} catch (error) {
  printFailure(error)
  process.exit(1)
}

function settingsOf(config: Config): Setting[] {
  return describeSettings().map(({ key, variable, default: byDefault, secret }) => {
    const value = config[key]
    const shown = value === undefined ? '–' : secret ? maskSecret(String(value)) : String(value)
    return { variable, value: shown, isDefault: value === undefined || value === byDefault }
  })
}

function maskSecret(value: string): string {
  return /^[a-z]+:\/\//i.test(value) ? maskUrl(value) : '***'
}

async function checkRedis(name: string, url: string, config: Config, isCache = false): Promise<Check[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  // The failure comes out of connect() too.
  redis.on('error', () => {})
  try {
    await redis.connect()
    const facts = await readRedisFacts(redis)
    const faults = isCache ? faultsOfCacheRedis(facts) : faultsOfDurableRedis(facts, config)
    const megabytes = (facts.usedMemoryBytes / 1_048_576).toFixed(1)
    const summary = `version ${facts.version}, ${facts.evictionPolicy ?? 'policy not told'}, ${megabytes} MB, ${facts.clients} clients`
    return [{ name, isGood: faults.length === 0, finding: faults.length === 0 ? summary : faults.join('; ') }]
  } catch (error) {
    return [{ name, isGood: false, finding: `${maskUrl(url)}: ${(error as Error).message}` }]
  } finally {
    redis.disconnect()
  }
}

async function checkCache(config: Config): Promise<Check[]> {
  if (config.cacheRedisUrl === undefined)
    return [{ name: 'Cache Redis', isGood: true, finding: 'none: nothing is cached, and nothing else changes' }]
  return checkRedis('Cache Redis', config.cacheRedisUrl, config, true)
}

async function checkStore(config: Config): Promise<Check[]> {
  const database = openDatabase({ url: config.databaseUrl, poolSize: 1 })
  const ask = async (name: string, question: () => Promise<string>): Promise<Check> =>
    question().then(
      (finding) => ({ name, isGood: true, finding }),
      (error: Error) => ({ name, isGood: false, finding: error.message }),
    )
  try {
    const store = await ask('Store', async () => {
      const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(
        database,
      )
      return `${isPgliteUrl(config.databaseUrl) ? 'PGlite' : 'PostgreSQL'} ${rows[0]?.version}`
    })
    if (!store.isGood) return [store]
    return [
      store,
      await ask('pgvector', async () => {
        const { rows } = await sql<{
          version: string
        }>`select extversion as version from pg_extension where extname = 'vector'`.execute(database)
        if (!rows[0]) throw new Error('not installed; the migrations create it, if the server has it')
        return rows[0].version
      }),
      await ask('Migrations', () => checkSchema(database).then(() => 'up to date')),
      await ask('Vectors', async () => {
        const { embeddingModel } = createProvider(config)
        const lacking = await countLackingVectors(database, embeddingModel)
        const model = `${embeddingModel.model}, ${embeddingModel.dims} dimensions`
        return lacking === 0
          ? `all of the current model (${model})`
          : `${lacking} lack the current model's (${model}); memory-reembedding makes them, meanwhile words find`
      }),
    ]
  } finally {
    await database.destroy()
  }
}

function checkProvider(config: Config): Check {
  const provider = createProvider(config)
  const finding =
    provider.name === 'local'
      ? 'local: rules and hashed words, offline; set OPENAI_API_KEY or OPENAI_BASE_URL for an LLM'
      : `${config.openaiBaseUrl ?? 'OpenAI'}: ${provider.completionModel}, ${provider.embeddingModel.model} (not called)`
  return { name: 'Model', isGood: true, finding }
}
