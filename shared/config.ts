import { z } from 'zod'
import { describeValue } from './describe-value.ts'
import { AfterturnError } from './errors.ts'
import { SERVICES_FILE } from './service-addresses.ts'
import { isDatabaseUrl, isRedisUrl, redisUrlFromParts } from './service-urls.ts'

/**
 * Owns every setting: name, type, unit, default and meaning. A setting `digestWindowMs` is read from the variable `DIGEST_WINDOW_MS`.
 * Guarantees: all faults of a configuration are reported at once. Must not read the environment itself: doors pass it in.
 */

const MINUTE_MS = 60_000
const DAY_SECONDS = 86_400
/** The slots of an org in each queue, where nothing else is said. */
export const DEFAULT_ORG_CONCURRENCY = 4

// The message of every check is what was expected; `describeFault` says what came.
const text = z.string('some text').trim().min(1, 'some text')
/** Part of a row of an index, beside an org's id. */
const modelName = text.max(200, 'at most 200 characters')
const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `one of ${values.join(', ')}`)
const secret = (schema: z.ZodString) => schema.meta({ secret: true })
const redisUrl = addressOf(isRedisUrl, 'redis://[[USER]:PASSWORD@]HOST[:PORT][/DB], or rediss://… for TLS')
const databaseUrl = addressOf(
  isDatabaseUrl,
  'postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE, or pglite://DIRECTORY',
)
const flag = z.union([z.boolean(), z.stringbool()], 'true or false')

function addressOf(isRight: (url: string) => boolean, expected: string) {
  return z.string(expected).trim().regex(/^\S+$/, expected).refine(isRight, expected)
}

function count(minimum: number, maximum: number) {
  const expected = `a whole number from ${minimum} to ${maximum}`
  const digits = z.string().trim().regex(/^\d+$/).transform(Number)
  return z
    .union([z.number(), digits], expected)
    .pipe(z.number().int(expected).min(minimum, expected).max(maximum, expected))
}

function usdPerMillionTokens() {
  const expected = 'a number from 0 to 100,000'
  const decimal = z
    .string()
    .trim()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
  return z.union([z.number(), decimal], expected).pipe(z.number(expected).min(0, expected).max(100_000, expected))
}

const perMinute = count(1, 1_000_000_000)

const configSchema = z.strictObject({
  environment: oneOf('development', 'production')
    .default('development')
    .describe('`production` refuses default passwords'),
  logLevel: oneOf('silent', 'error', 'warn', 'info', 'debug')
    .default('info')
    .describe('The least severe level that is logged'),

  redisUrl: secret(redisUrl).describe('The durable Redis: queues, leases; noeviction'),
  cacheRedisUrl: secret(redisUrl)
    .optional()
    .describe('The cache Redis: allkeys-lru. Without it each process caches for itself only, and nothing else changes'),
  redisKeyPrefix: z
    .string('a-z, 0-9 and -, at most 40')
    .regex(/^[a-z0-9-]{1,40}$/, 'a-z, 0-9 and -, at most 40')
    .default('afterturn')
    .describe('In front of every key; two fleets with two prefixes share a Redis without meeting'),
  allowEvictingRedis: flag
    .default(false)
    .describe('Run queues on a Redis that evicts keys: for development only, it loses jobs'),
  databaseUrl: secret(databaseUrl).describe(
    'PostgreSQL >= 15 with pgvector, or the socket directory of a `store` process',
  ),
  databasePoolSize: count(1, 100).default(8).describe('Connections to the database per process'),

  openaiApiKey: secret(text)
    .optional()
    .describe('With a key or a base URL the OpenAI-compatible provider is used, else the offline local one'),
  openaiBaseUrl: z
    .url({ protocol: /^https?$/, error: 'http://… or https://…' })
    .optional()
    .describe('Any server that speaks the OpenAI API: vLLM, Ollama, LM Studio, Azure'),
  completionModel: modelName.default('gpt-5-mini').describe('The model that extracts memories'),
  embeddingModel: modelName.default('text-embedding-3-small').describe('The model that embeds texts'),
  embeddingDims: count(8, 4_000).default(1_536).describe('The length of its vectors'),
  modelTimeoutMs: count(100, 10 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('The time one model request may take'),
  modelConcurrency: count(1, 1_000).default(8).describe('Model requests at once per process'),
  completionCallsPerMinute: perMinute
    .optional()
    .describe(
      'Calls of the completion model a minute, over all processes; leave it out to be bounded by the provider only',
    ),
  completionTokensPerMinute: perMinute.optional().describe('… and its tokens, of both directions'),
  embeddingCallsPerMinute: perMinute.optional().describe('The same of the embedding model'),
  embeddingTokensPerMinute: perMinute.optional().describe('… and its tokens'),
  modelLimitWindowMs: count(100, 60 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('The span in which the provider counts calls and tokens; no such span exceeds its part of the budgets'),
  modelMaxWaitMs: count(0, MINUTE_MS)
    .default(5_000)
    .describe(
      'A model call waits at most so long for its turn; a job that would wait longer gives its place to others',
    ),
  embeddingCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long an embedding is kept'),
  embeddingCacheMemoryBytes: count(0, 16 * 1_024 ** 3)
    .default(32 * 1_024 * 1_024)
    .describe('What each process keeps of them in its own memory, in front of the cache Redis; 0 for nothing'),
  embeddingCacheFormat: oneOf('float32', 'float16')
    .default('float32')
    .describe('How the cache holds their numbers; `float16` halves its bytes and rounds to three digits'),
  embeddingCacheSharedScope: text
    .optional()
    .describe(
      'A name under which all orgs share their embeddings. Without it each has its own; with it an org can tell by the time whether a text is known, and erasing an org leaves them',
    ),
  embeddingUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.02)
    .describe('What they cost, for the metric of what was saved'),
  completionCache: flag
    .default(false)
    .describe(
      "Whether answers of tasks with temperature 0 are cached too, by org and exact question; they hold users' words",
    ),
  completionCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long such an answer is kept'),
  completionInputUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.25)
    .describe('What they cost, for the metric of what was saved: tokens of the question'),
  completionOutputUsdPerMillionTokens: usdPerMillionTokens().default(2).describe('… and of the answer'),

  digestWindowMs: count(10, DAY_SECONDS * 1_000)
    .default(15 * MINUTE_MS)
    .describe('A digest runs when a workstream has been quiet for this long'),
  digestMaxWaitMs: count(10, 7 * DAY_SECONDS * 1_000)
    .default(60 * MINUTE_MS)
    .describe('… or when its oldest pending turn has waited this long'),
  sweepIntervalMs: count(50, DAY_SECONDS * 1_000)
    .default(30_000)
    .describe('How often pending turns without a job are looked for'),
  enqueueTimeoutMs: count(10, MINUTE_MS)
    .default(2_000)
    .describe('The time in which `recordTurn` and every enqueue answers'),
  killSwitchPollMs: count(50, MINUTE_MS)
    .default(500)
    .describe('How often each worker process looks at the kill switch, beside being told of changes'),
  drainTimeoutMs: count(0, 60 * MINUTE_MS)
    .default(30_000)
    .describe('The time running jobs get when a process is asked to stop'),
  jobLockMs: count(1_000, 60 * MINUTE_MS)
    .default(30_000)
    .describe('How long the work of a worker that died stays reserved for it'),
  orgLockTtlMs: count(100, 10 * MINUTE_MS)
    .default(10_000)
    .describe("How long an org's memory stays locked by a process that died"),
  orgLockWaitMs: count(10, 60 * MINUTE_MS)
    .default(30_000)
    .describe("How long an org's memory lock is waited for"),
  stuckAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(2 * MINUTE_MS)
    .describe('A worker process starts again when jobs wait and it has started none for this long'),
  disconnectedAfterMs: count(100, DAY_SECONDS * 1_000)
    .default(5 * MINUTE_MS)
    .describe('… or when Redis or the store has not answered for this long'),
  maxEventLoopLagMs: count(10, DAY_SECONDS * 1_000)
    .default(5_000)
    .describe('… or when its event loop was late by this much several times in a row'),
  retryBackoffMs: count(1, 60 * MINUTE_MS)
    .default(10_000)
    .describe('The wait before the first retry of a job; it doubles with each'),
  maxMessageBytes: count(1, 64 * 1_024 * 1_024)
    .default(256 * 1_024)
    .describe('The size of one message, in UTF-8'),
  maxMessagesPerTurn: count(1, 10_000).default(200).describe('Messages in one turn'),

  orgConcurrency: count(1, 10_000)
    .default(DEFAULT_ORG_CONCURRENCY)
    .describe('Jobs of one org at once in each queue, over all processes; raise it where few orgs share the fleet'),
  memoryExtractionConcurrency: count(1, 1_000).default(8).describe('Jobs of `memory-extraction` at once per process'),
  memoryDigestConcurrency: count(1, 1_000).default(8).describe('Jobs of `memory-digest` at once per process'),
  memoryReembeddingConcurrency: count(1, 1_000).default(1).describe('Jobs of `memory-reembedding` at once per process'),

  metricsPort: count(0, 65_535)
    .optional()
    .describe('Where each process serves `/metrics`, without a login; 0 takes a free port. Without it none does'),
  metricsHost: text.default('127.0.0.1').describe('The address on which `/metrics` listens'),
  tracing: flag
    .default(false)
    .describe('Whether spans are made; they go to the OpenTelemetry SDK that the process has loaded'),

  dashboardHost: text.default('127.0.0.1').describe('The address on which the dashboard listens'),
  dashboardPort: count(0, 65_535).default(3_000).describe('Its port; 0 takes a free one'),
  dashboardUser: text.default('admin').describe('The name of its login'),
  dashboardPassword: secret(z.string('at least 8 characters').min(8, 'at least 8 characters'))
    .optional()
    .describe('Its password; required in production, made up and printed elsewhere'),
})

/** Every setting, resolved. The fields and their defaults are listed in `docs/configuration.md`. */
export type Config = z.infer<typeof configSchema>
/** What a caller gives: only what has no default is required. */
export type ConfigInput = z.input<typeof configSchema>
type ConfigKey = keyof Config

/** The addresses that `npm run dev` writes to `.data/services.json` and that apps beside it find. */
export type ServiceAddresses = Pick<ConfigInput, 'redisUrl' | 'cacheRedisUrl' | 'databaseUrl'>

/** The environment variable of a setting: `digestWindowMs` -> `DIGEST_WINDOW_MS`. */
export function variableOf(key: string): string {
  return key === 'environment' ? 'NODE_ENV' : key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
}

/** One row for each setting, for the documentation and `doctor`. */
export function describeSettings(): {
  key: ConfigKey
  variable: string
  default: unknown
  description: string
  secret: boolean
}[] {
  return Object.entries(configSchema.shape).map(([key, schema]) => ({
    key: key as ConfigKey,
    variable: variableOf(key),
    default: schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined,
    description: schema.description ?? '',
    secret: isSecret(key as ConfigKey),
  }))
}

/** Whether a setting must be masked wherever it is shown. */
export function isSecret(key: ConfigKey): boolean {
  let schema: unknown = configSchema.shape[key]
  while (schema instanceof z.ZodOptional) schema = schema.unwrap()
  return (z.globalRegistry.get(schema as z.ZodType) as { secret?: boolean } | undefined)?.secret === true
}

/**
 * Checks a configuration and fills in the defaults.
 * @throws CONFIG_INVALID naming every fault at once, each as "expected X, got Y, set Z".
 */
export function parseConfig(input: unknown): Config {
  return resolve(input, [])
}

/**
 * Reads a configuration from environment variables. The waterfall: a variable; REDIS_HOST and its companions for `REDIS_URL`; the `services`
 * that run beside this process; the default. Empty variables count as absent.
 * @throws CONFIG_INVALID as `parseConfig`.
 */
export function readConfig(
  environment: Record<string, string | undefined>,
  services: Partial<ServiceAddresses> = {},
): Config {
  const parts = environment.REDIS_URL ? { url: environment.REDIS_URL, faults: [] } : redisUrlFromParts(environment)
  const given: Record<string, unknown> = {}
  for (const key of Object.keys(configSchema.shape)) {
    const value = environment[variableOf(key)] || services[key as keyof ServiceAddresses]
    if (value) given[key] = value
  }
  if (parts.url !== undefined) {
    given.redisUrl = parts.url
    // A cache found beside another fleet's Redis must not serve ours.
    if (!environment.CACHE_REDIS_URL) delete given.cacheRedisUrl
  }
  if (given.environment === 'test') given.environment = 'development'
  return resolve(given, parts.faults)
}

/** `redisFaults` are those of the parts of `REDIS_URL`: while there are some, the URL itself is none. */
function resolve(input: unknown, redisFaults: readonly string[]): Config {
  const result = configSchema.safeParse(input)
  const byKey = new Map<string, string>()
  for (const issue of result.error?.issues ?? []) {
    for (const [key, fault] of faultsOf(issue, input)) if (!byKey.has(key)) byKey.set(key, fault)
  }
  if (redisFaults.length > 0) byKey.delete('redisUrl')
  const faults = [...redisFaults, ...byKey.values(), ...(result.success ? crossFaults(result.data) : [])]
  if (faults.length > 0)
    throw new AfterturnError(
      'CONFIG_INVALID',
      `The configuration has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`,
    )
  return result.data as Config
}

function crossFaults(config: Config): string[] {
  const faults: string[] = []
  if (config.digestMaxWaitMs < config.digestWindowMs) {
    faults.push(
      `digestMaxWaitMs: expected at least digestWindowMs (${config.digestWindowMs}), got ${config.digestMaxWaitMs}; set DIGEST_MAX_WAIT_MS`,
    )
  }
  return faults
}

/** What an issue says of each setting that it is about. */
function faultsOf(issue: z.core.$ZodIssue, input: unknown): [key: string, fault: string][] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => [
      key,
      `${key}: expected a known setting, got another name; see docs/configuration.md`,
    ])
  }
  const key = String(issue.path[0] ?? '')
  if (!isKnown(key)) return [['', `configuration: expected an object of settings, got ${describeValue(input)}`]]
  const value = (input as Record<string, unknown>)[key]
  const got = value !== undefined && isSecret(key) ? 'another form (masked)' : describeValue(value)
  return [
    [key, `${key}: expected ${issue.message}, got ${got}; set ${variableOf(key)}${hintFor(key, input as object)}`],
  ]
}

function hintFor(key: ConfigKey, input: { [Key in ConfigKey]?: unknown }): string {
  const isAddress = key === 'redisUrl' || key === 'databaseUrl'
  if (!isAddress || input[key] !== undefined || input.environment === 'production') return ''
  return `, or start \`npm run dev\` in this directory: it writes it to ${SERVICES_FILE}`
}

function isKnown(key: string): key is ConfigKey {
  return Object.hasOwn(configSchema.shape, key)
}
