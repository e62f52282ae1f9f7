import { z } from 'zod'
import { describeValue } from './describe-value.ts'
import { AfterturnError } from './errors.ts'
import { commandText } from './processes/command-text.ts'
import { SERVICES_FILE, type ServiceAddresses } from './processes/service-addresses.ts'
import { redisUrlFromParts } from './processes/service-urls.ts'
import { accessSettings } from './settings/access-settings.ts'
import { cacheSettings } from './settings/cache-settings.ts'
import { contextSettings } from './settings/context-settings.ts'
import { eventSettings } from './settings/event-settings.ts'
import { jobSettings } from './settings/job-settings.ts'
import { modelSettings } from './settings/model-settings.ts'
import { processSettings } from './settings/process-settings.ts'
import { repoSettings } from './settings/repo-settings.ts'
import { retentionSettings } from './settings/retention-settings.ts'
import { stateSettings } from './settings/state-settings.ts'
import { storeSettings } from './settings/store-settings.ts'
import { turnSettings } from './settings/turn-settings.ts'
import { webSettings } from './settings/web-settings.ts'

/**
 * Owns how settings are read; `settings/` lists them: name, type, unit, default and meaning. A setting `digestWindowMs` is read from the
 * variable `DIGEST_WINDOW_MS`.
 * Guarantees: all faults of a configuration are reported at once. Must not read the environment itself: doors pass it in.
 */

const configSchema = z.strictObject({
  ...processSettings,
  ...storeSettings,
  ...modelSettings,
  ...cacheSettings,
  ...turnSettings,
  ...jobSettings,
  ...repoSettings,
  ...contextSettings,
  ...retentionSettings,
  ...stateSettings,
  ...eventSettings,
  ...webSettings,
  ...accessSettings,
})

/** Every setting, resolved. The fields and their defaults are listed in `docs/configuration.md`. */
export type Config = z.infer<typeof configSchema>
/** What a caller gives: only what has no default is required. */
export type ConfigInput = z.input<typeof configSchema>
type ConfigKey = keyof Config

const CLUSTER_KEY_PREFIX = '{afterturn}'

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
  const isElsewhere = Boolean(environment.REDIS_SENTINELS || environment.REDIS_CLUSTER)
  if (parts.url !== undefined || isElsewhere) {
    given.redisUrl = parts.url
    // A cache found beside another fleet's Redis must not serve ours.
    if (!environment.CACHE_REDIS_URL) delete given.cacheRedisUrl
  }
  if (given.environment === 'test') given.environment = 'development'
  // Other tools have names of their own in NODE_ENV, such as "staging": what may be public is as strict as production.
  else if (given.environment !== undefined && given.environment !== 'development') given.environment = 'production'
  return resolve(given, parts.faults)
}

/** `redisFaults` are those of the parts of `REDIS_URL`: while there are some, the URL itself is none. */
function resolve(input: unknown, redisFaults: readonly string[]): Config {
  const result = configSchema.safeParse(withClusterPrefix(input))
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

/** On a cluster the keys of a fleet lie in one slot, that of the text in braces. */
function withClusterPrefix(input: unknown): unknown {
  const { redisCluster, cacheRedisCluster, redisKeyPrefix } = (input ?? {}) as ConfigInput
  return (redisCluster ?? cacheRedisCluster) !== undefined && redisKeyPrefix === undefined
    ? { ...(input as object), redisKeyPrefix: CLUSTER_KEY_PREFIX }
    : input
}

function crossFaults(config: Config): string[] {
  const faults: string[] = []
  if ((config.redisCluster ?? config.cacheRedisCluster) !== undefined && !config.redisKeyPrefix.startsWith('{')) {
    faults.push(
      `redisKeyPrefix: expected braces around it on a cluster, {${config.redisKeyPrefix}}, so that all keys lie in one slot, got ${JSON.stringify(config.redisKeyPrefix)}; set REDIS_KEY_PREFIX`,
    )
  }
  if (config.redisCluster !== undefined && /\/0*[1-9]\d*(?:\?|$)/.test(config.redisUrl ?? ''))
    faults.push('redisUrl: expected database 0 beside redisCluster, which has no other, got another; set REDIS_URL')
  for (const [sentinels, cluster, variable] of [
    ['redisSentinels', 'redisCluster', 'REDIS_CLUSTER'],
    ['cacheRedisSentinels', 'cacheRedisCluster', 'CACHE_REDIS_CLUSTER'],
  ] as const)
    if (config[sentinels] !== undefined && config[cluster] !== undefined)
      faults.push(`${cluster}: expected nothing beside ${sentinels}, got both; unset one, set ${variable} or the other`)
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
  return `, or start \`${commandText('dev')}\` in this directory: it writes it to ${SERVICES_FILE}`
}

function isKnown(key: string): key is ConfigKey {
  return Object.hasOwn(configSchema.shape, key)
}
