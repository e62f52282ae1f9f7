import type { Redis } from 'ioredis'
import { sql } from 'kysely'
import { createProvider } from '../../shared/ai/create-provider.ts'
import { type Config, describeSettings, readConfig } from '../../shared/config.ts'
import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { pricesOf } from '../../shared/memory/org-budget.ts'
import { maskUrl, silentLog } from '../../shared/observe/log.ts'
import { commandText } from '../../shared/processes/command-text.ts'
import { readServiceAddresses, SERVICES_FILE, type ServiceAddresses } from '../../shared/processes/service-addresses.ts'
import { faultsOfCacheRedis, faultsOfDurableRedis } from '../../shared/redis/redis-checks.ts'
import {
  FULL_WARNING_RATIO,
  memoryRatioOf,
  type RedisFacts,
  readRedisFacts,
  readRoleStats,
} from '../../shared/redis/redis-stats.ts'
import { findTlsMismatch } from '../../shared/redis/tls-mismatch.ts'
import { createRedisOpener } from '../../shared/redis/topology/open-redis.ts'
import {
  addressToTry,
  describeTopology,
  endpointText,
  type RedisRole,
  topologyOf,
} from '../../shared/redis/topology/topology.ts'
import { haltedError, readKillSwitches } from '../../shared/store/control/kill-switches.ts'
import { type Database, isPgliteUrl, openDatabase } from '../../shared/store/database.ts'
import { countHeldMemories, readHeldByOrg } from '../../shared/store/memories/held-memories.ts'
import { checkSchema } from '../../shared/store/migrations.ts'
import { countSpentOrgs } from '../../shared/store/models/day-spend.ts'
import { readServerQuirks, type ServerQuirk } from '../../shared/store/models/server-quirks.ts'
import { countLackingVectors } from '../../shared/store/search-index/vectors.ts'
import { runOperatorCommand } from '../operator-command.ts'
import { oneLine } from '../output/plain-table.ts'
import { describeRedis } from './describe-redis.ts'
import { checkGit } from './doctor-git.ts'
import { checkModels } from './doctor-model.ts'
import { describeError, remedyForRedis, remedyForStore } from './doctor-remedies.ts'
import { type Check, printChecks, printFindings, printSettings, type Setting } from './doctor-report.ts'
import { tryWritingRedis, tryWritingStore } from './doctor-writing.ts'

/** A door: `doctor` shows the configuration in force and tries each service; it leaves nothing behind. Exit code 1 if something is wrong. */

const CONNECT_TIMEOUT_MS = 3_000
/** A service that accepts the connection and then stays silent must not block the other checks. */
const ANSWER_TIMEOUT_MS = 8_000
const MINIMUM_POSTGRES_MAJOR = 15
const REDIS_ADDRESSES = ['REDIS_URL', 'REDIS_HOST', 'REDIS_SENTINELS', 'REDIS_CLUSTER']
/** No fault of a configuration, but of no use to whoever sets up a fleet. */
const NO_REDIS = `redisUrl: no Redis is named, without which no worker starts; set REDIS_URL, or start \`${commandText('dev')}\` in this directory`
const SHOWN_ORGS = 5

export async function runDoctor(args: readonly string[]): Promise<void> {
  await runOperatorCommand('doctor', args, (command) => {
    command
      .description(
        'Shows the configuration in force, checks each service and calls each model once; it leaves nothing behind.',
      )
      .option('--no-call', 'call no model')
      .option('--json', 'print the findings as JSON')
      .action(async ({ call, json = false }: { call: boolean; json?: boolean }) => {
        if (!(await examine(call, json))) process.exitCode = 1
      })
  })
  // A service that does not respond must not keep the process alive.
  process.exit()
}

async function examine(isCalled: boolean, isJson: boolean): Promise<boolean> {
  const services = readServiceAddresses()
  const config = readConfigOrSay(services, isJson)
  if (!config) return false
  const hasFile = Object.keys(services).length > 0
  const settings = settingsOf(config)
  if (!isJson)
    printSettings(settings, hasFile ? `addresses that no variable sets are from ${SERVICES_FILE}` : 'no services file')
  const checks = [
    await checkDurable(config),
    await checkCache(config),
    ...(await checkStore(config)),
    ...(await checkModels(config, { isCalled, known: await readQuirks(config) })),
    await checkGit(),
  ]
  if (isJson) return printFindings(settings, checks)
  console.log()
  printChecks('Services', checks)
  return checks.every((check) => check.isGood)
}

function readConfigOrSay(services: Partial<ServiceAddresses>, isJson: boolean): Config | undefined {
  try {
    return readConfig(process.env, services)
  } catch (error) {
    if (!isAfterturnError(error, 'CONFIG_INVALID')) throw error
    const [title = '', ...faults] = error.message.split('\n')
    const hasRedis = REDIS_ADDRESSES.some((variable) => process.env[variable]) || services.redisUrl !== undefined
    const checks = [
      ...(hasRedis ? [] : [{ name: '', isGood: true, isWarning: true, finding: NO_REDIS }]),
      ...faults.map((fault) => ({ name: '', isGood: false, finding: fault.trim() })),
    ]
    if (isJson) printFindings([], checks)
    else printChecks(`${error.code}: ${title}`, checks)
    return undefined
  }
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

type RedisCheck = {
  readonly name: string
  readonly role: RedisRole
  readonly config: Config
  faultsOf(facts: RedisFacts): string[]
}

async function checkRedis({ name, role, config, faultsOf }: RedisCheck): Promise<Check> {
  const topology = topologyOf(config, role)
  const { url, variable } = addressToTry(topology, role) as { url: string; variable: string }
  const opener = createRedisOpener(topology, 'afterturn:doctor', silentLog)
  const redis = opener.open({
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  // connect() reports only that the connection was closed; this event has the reason.
  let reason: Error | undefined
  redis.on('error', (error) => {
    reason = error
  })
  try {
    const facts = await answerOf(redis.connect().then(() => readRedisFacts(redis)))
    const faults = faultsOf(facts)
    const isGood = faults.length === 0
    const summary = `version ${facts.version}, ${facts.evictionPolicy ?? 'policy unknown'}`
    const where = topology.kind === 'single' ? [] : [`${describeTopology(config, role)}; primary ${primaryOf(redis)}`]
    const details = [...where, ...describeRedis(await answerOf(readRoleStats(redis, config.redisKeyPrefix)))]
    if (isGood) await answerOf(tryWritingRedis(redis, config.redisKeyPrefix))
    return { name, isGood, finding: isGood ? summary : faults.join('; '), details: isGood ? details : [] }
  } catch (error) {
    const cause = reason ?? (error as Error)
    const finding = `${describeTopology(config, role)}: ${describeError(cause)}`
    const mismatch = await findTlsMismatch(url, variable)
    return { name, isGood: false, finding, remedy: mismatch?.remedy ?? remedyForRedis(cause, variable) }
  } finally {
    redis.disconnect()
    opener.close()
  }
}

function primaryOf({ stream }: Redis): string {
  return endpointText({ host: stream.remoteAddress ?? 'unknown', port: stream.remotePort ?? 0 })
}

async function checkDurable(config: Config): Promise<Check> {
  const name = 'Durable Redis'
  if (topologyOf(config, 'durable').kind === 'none') {
    const remedy = 'Workers and the kill switch need one: set REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER.'
    return { name, isGood: true, isWarning: true, finding: 'none; turns are recorded and searched only', remedy }
  }
  let facts: RedisFacts | undefined
  const check = await checkRedis({
    name,
    role: 'durable',
    config,
    faultsOf(found) {
      facts = found
      return faultsOfDurableRedis(found, config)
    },
  })
  const ratio = facts && memoryRatioOf(facts)
  if (!check.isGood || ratio === undefined || ratio < FULL_WARNING_RATIO) return check
  const remedy = 'Once full, it refuses jobs: raise maxmemory, or find the growing queue on the dashboard.'
  return { ...check, isWarning: true, remedy }
}

async function checkCache(config: Config): Promise<Check> {
  const name = 'Cache Redis'
  if (topologyOf(config, 'cache').kind === 'none')
    return { name, isGood: true, finding: 'none; model results are not cached' }
  return checkRedis({ name, role: 'cache', config, faultsOf: faultsOfCacheRedis })
}

async function checkStore(config: Config): Promise<Check[]> {
  const database = openDatabase({ url: config.databaseUrl, poolSize: 1 })
  const ask = async (name: string, question: () => Promise<string>): Promise<Check> => {
    try {
      return { name, isGood: true, finding: await answerOf(question()) }
    } catch (error) {
      const known = isAfterturnError(error) ? error.remedy : remedyForStore(error as Error)
      return { name, isGood: false, finding: describeError(error as Error), remedy: known }
    }
  }
  try {
    const store = await ask('Store', () => readServer(database, config.databaseUrl))
    if (!store.isGood) return [{ ...store, finding: `${maskUrl(config.databaseUrl)}: ${store.finding}` }]
    return [
      store,
      await ask('pgvector', () => readPgvectorVersion(database)),
      await ask('Migrations', () => checkSchema(database).then(() => 'up to date')),
      await ask('Writing', () => tryWritingStore(database)),
      await ask('Kill switch', () => describeKillSwitches(database)),
      await ask('Vectors', () => describeVectors(database, config)),
      await ask('Held', () => describeHeld(database)),
      await ask('Budgets', () => describeBudgets(database, config)),
    ]
  } finally {
    void database.destroy()
  }
}

async function describeKillSwitches(database: Database): Promise<string> {
  const [first] = await readKillSwitches(database)
  if (first) throw haltedError(first)
  return 'off'
}

async function readServer(database: Database, url: string): Promise<string> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(database)
  const version = rows[0]?.version ?? ''
  if (Number.parseInt(version, 10) < MINIMUM_POSTGRES_MAJOR)
    throw new AfterturnError('SETUP_FAILED', `expected PostgreSQL >= ${MINIMUM_POSTGRES_MAJOR}, got ${version}`, {
      remedy: `Use a newer server, or unset DATABASE_URL: \`${commandText('dev')}\` brings its own store.`,
    })
  return `${isPgliteUrl(url) ? 'PGlite' : 'PostgreSQL'} ${version}`
}

async function readPgvectorVersion(database: Database): Promise<string> {
  const { rows } = await sql<{
    version: string
  }>`select extversion as version from pg_extension where extname = 'vector'`.execute(database)
  if (rows[0]) return rows[0].version
  throw new AfterturnError('SETUP_FAILED', 'not installed in this database', {
    remedy: 'Install pgvector on the server, then run `npm start -- migrate`, which creates it in the database.',
  })
}

async function describeVectors(database: Database, config: Config): Promise<string> {
  const { embeddingModel } = createProvider(config)
  const lacking = await countLackingVectors(database, embeddingModel)
  const model = `${embeddingModel.model}, ${embeddingModel.dims} dimensions`
  return lacking === 0
    ? `all of the current model (${model})`
    : `${lacking} are missing for the current model (${model}); memory-reembedding adds them, and until then search uses words`
}

async function describeHeld(database: Database): Promise<string> {
  const held = await countHeldMemories(database)
  if (held === 0) return 'no memory waits for review'
  const orgs = (await readHeldByOrg(database, SHOWN_ORGS)).map(({ orgId, count }) => `${oneLine(orgId)} ${count}`)
  const waits = held === 1 ? 'memory waits' : 'memories wait'
  return `${held} ${waits} for review (${orgs.join(', ')}): \`${commandText('review', 'list --org ID')}\``
}

async function describeBudgets(database: Database, config: Config): Promise<string> {
  if (config.orgDailyUsd === undefined) return 'no limit a day (ORG_DAILY_USD)'
  const spent = await countSpentOrgs(database, new Date(), pricesOf(config), config.orgDailyUsd)
  return spent === 0
    ? `no org has spent its ${config.orgDailyUsd} USD today`
    : `${spent} ${spent === 1 ? 'org has' : 'orgs have'} spent ${config.orgDailyUsd} USD today; their turns wait until the next day of UTC`
}

/** What processes have found out about servers; nothing where the store cannot be asked, which has a check of its own. */
async function readQuirks({ databaseUrl }: Config): Promise<ServerQuirk[]> {
  const database = openDatabase({ url: databaseUrl, poolSize: 1 })
  try {
    return await answerOf(readServerQuirks(database, new Date()))
  } catch {
    return []
  } finally {
    void database.destroy()
  }
}

function answerOf<T>(answer: Promise<T>): Promise<T> {
  return withinDeadline(answer, ANSWER_TIMEOUT_MS, () => new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`))
}
