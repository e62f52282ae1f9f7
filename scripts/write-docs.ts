import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeOpenApi } from '../api/http/openapi.ts'
import { OPERATIONS } from '../api/operations/catalog.ts'
import { clientRoutes } from '../api/operations/client-routes.ts'
import { concurrencySetting } from '../queues/apply-settings.ts'
import { CATALOG, QUEUE_NAMES } from '../queues/catalog.ts'
import { describeSettings } from '../shared/config.ts'
import { ERROR_CATALOGUE } from '../shared/errors.ts'
import { COUNTERS, GAUGES, HISTOGRAMS } from '../shared/observe/metric-catalogue.ts'
import {
  CONNECTION_BUDGET,
  CONNECTIONS,
  countConnections,
  type ProcessKind,
} from '../shared/redis/connection-catalogue.ts'
import { KEY_CATALOGUE } from '../shared/redis/key-catalogue.ts'
import { accessSettings } from '../shared/settings/access-settings.ts'
import { cacheSettings } from '../shared/settings/cache-settings.ts'
import { contextSettings } from '../shared/settings/context-settings.ts'
import { eventSettings } from '../shared/settings/event-settings.ts'
import { jobSettings } from '../shared/settings/job-settings.ts'
import { modelSettings } from '../shared/settings/model-settings.ts'
import { processSettings } from '../shared/settings/process-settings.ts'
import { repoSettings } from '../shared/settings/repo-settings.ts'
import { retentionSettings } from '../shared/settings/retention-settings.ts'
import { stateSettings } from '../shared/settings/state-settings.ts'
import { storeSettings } from '../shared/settings/store-settings.ts'
import { webSettings } from '../shared/settings/web-settings.ts'
import { PROFILES } from '../test/helpers/models/profiles/profiles.ts'
import type { ServerProfile } from '../test/helpers/models/profiles/server-profile.ts'

/** A door: `npm run docs` writes the pages that the code itself knows best; with `--check` it fails when one is out of date. */

const PAGES = () => ({
  '../docs/connections.md': connectionsPage(),
  '../docs/configuration.md': configurationPage(),
  '../docs/errors.md': errorsPage(),
  '../docs/keys.md': keysPage(),
  '../docs/metrics.md': metricsPage(),
  '../docs/providers.md': providersPage(),
  '../docs/openapi.json': `${JSON.stringify(writeOpenApi(OPERATIONS), null, 1)}\n`,
  '../client/routes.ts': routesModule(),
})

/** The settings by topic, in the order in which a reader needs them. */
const TOPICS = [
  ['Services', storeSettings],
  ['Process', processSettings],
  ['Models', modelSettings],
  ['Caching of model results', cacheSettings],
  ['Jobs and digests', jobSettings],
  ['Conversations', contextSettings],
  ['States', stateSettings],
  ['Code search', repoSettings],
  ['Retention', retentionSettings],
  ['Events', eventSettings],
  ['Metrics, dashboard and API', webSettings],
  ['Access', accessSettings],
] as const

const MS_UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const
const SECOND_UNITS = MS_UNITS.map(([size, name]) => [size / 1_000, name] as const)
const BYTE_UNITS = [
  [1_024 ** 3, 'GiB'],
  [1_024 ** 2, 'MiB'],
  [1_024, 'KiB'],
] as const

const isCheck = process.argv.includes('--check')
for (const [path, text] of Object.entries(PAGES())) {
  const file = fileURLToPath(new URL(path, import.meta.url))
  if (isCheck && readIfThere(file) !== text) {
    console.error(`${path.slice(3)} is out of date: run \`npm run docs\`.`)
    process.exitCode = 1
  }
  if (!isCheck) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function configurationPage(): string {
  return `# Configuration

<!-- Written by \`npm run docs\` from shared/settings. -->

Every setting is an environment variable; the same names in camelCase are the fields of \`createRuntime(config)\`. An empty variable
counts as absent. All faults of a configuration are reported at once, and \`npm run doctor\` shows what is in force.

${TOPICS.map(([title, settings]) => `## ${title}\n\n${settingsTable(settings)}`).join('\n\n')}

## Where an address comes from

1. The variable: \`REDIS_URL\`, \`CACHE_REDIS_URL\`, \`DATABASE_URL\`.
2. For \`REDIS_URL\`, its parts: \`REDIS_HOST\`, \`REDIS_PORT\` (6379), \`REDIS_USERNAME\`, \`REDIS_PASSWORD\`, \`REDIS_DB\` (0), \`REDIS_TLS\` (\`true\` for TLS).
3. \`.data/services.json\` in the working directory, which \`npm run dev\` writes. Its cache is not used with a Redis of your own.
`
}

function settingsTable(settings: object): string {
  const rows = describeSettings().filter(({ key }) => key in settings)
  return table(
    ['variable', 'field', 'default', 'meaning'],
    rows.map((setting) => [
      code(setting.variable),
      code(setting.key),
      showDefault(setting),
      `${setting.description}${setting.secret ? ' (secret: masked in logs and messages)' : ''}`,
    ]),
  )
}

/** A default as people read it, by the unit in the setting's name. A setting that overrides a contract has the contract's value. */
function showDefault(setting: { readonly key: string; readonly default: unknown }): string {
  const queue = QUEUE_NAMES.find((name) => concurrencySetting(name) === setting.key)
  const value = queue ? CATALOG[queue].concurrency : setting.default
  if (value === undefined) return ''
  if (typeof value !== 'number' || value === 0) return code(String(value))
  const units = /Ms$/.test(setting.key)
    ? MS_UNITS
    : /Seconds$/.test(setting.key)
      ? SECOND_UNITS
      : /Bytes$/.test(setting.key)
        ? BYTE_UNITS
        : []
  const unit = units.find(([size]) => value % size === 0)
  return unit ? `${value / unit[0]} ${unit[1]} (${code(String(value))})` : code(String(value))
}

function errorsPage(): string {
  return `# Errors

<!-- Written by \`npm run docs\` from shared/errors.ts. -->

Every failure that a caller can meet is an \`AfterturnError\` with one of these codes. \`retryable\` says whether the same call may succeed
later. Errors of a write also carry \`recorded\`: \`yes\`, \`no\`, or \`unknown\`; after \`unknown\`, repeat the call with the same id.

${table(
  ['code', 'retryable', 'what to do'],
  Object.entries(ERROR_CATALOGUE).map(([name, entry]) => [code(name), entry.retryable ? 'yes' : 'no', entry.remedy]),
)}
`
}

function connectionsPage(): string {
  const kinds: readonly ProcessKind[] = ['app', 'worker', 'dashboard', 'api']
  const fleet = (role: 'durable' | 'cache') =>
    QUEUE_NAMES.length * countConnections('worker', role) +
    countConnections('dashboard', role) +
    countConnections('api', role)
  const counts = (role: 'durable' | 'cache') => kinds.map((kind) => String(countConnections(kind, role)))
  return `# Connections to Redis

<!-- Written by \`npm run docs\` from shared/redis/connection-catalogue.ts. -->

What each process opens at most, whatever its concurrency. \`app\` is a process that embeds the runtime to record and search; a worker serves
one queue, as in the Procfile, and has one \`blocking\` connection more for each further queue. \`store\` and \`migrate\` know no Redis.

${table(
  ['connection', 'role', ...kinds, 'for'],
  Object.entries(CONNECTIONS).map(([purpose, { role, openedBy, meaning }]) => [
    code(purpose),
    role,
    ...kinds.map((kind) => ((openedBy as readonly ProcessKind[]).includes(kind) ? '1' : '')),
    meaning,
  ]),
)}
| **in all** | durable | ${counts('durable').join(' | ')} | |
| **in all** | cache | ${counts('cache').join(' | ')} | |

One process of each queue, the dashboard and the API have ${fleet('durable')} connections to the durable Redis and ${fleet('cache')} to the cache, of a budget of
${CONNECTION_BUDGET} on each; ${Math.floor((CONNECTION_BUDGET - countConnections('dashboard', 'durable') - countConnections('api', 'durable')) / countConnections('worker', 'durable'))} workers fit into it. A Redis lists them as \`afterturn:PROCESS:CONNECTION\`, \`blocking\` as
\`PREFIX:QUEUE:w:PROCESS\` with the queue in base64. \`runtime.redis.stats()\`, the metric \`afterturn_redis_clients\` and \`npm run doctor\`
count them by process; a name of your own is the option \`processName\` of \`createRuntime\`.
`
}

function keysPage(): string {
  return `# Keys in Redis

<!-- Written by \`npm run docs\` from shared/redis/key-catalogue.ts. -->

Every key of the fleet. A word in capitals stands for one part: \`PREFIX\` is \`REDIS_KEY_PREFIX\`, an id is percent-encoded (a long one
is cut and hashed), a hash shows nothing of what it stands for. No key and no value on the durable role holds the text of a turn; what has
no time to live is bounded by what it counts.

${table(
  ['key', 'role', 'type', 'expires', 'written by', 'meaning'],
  KEY_CATALOGUE.map((entry) => [
    code(entry.pattern),
    entry.role,
    entry.type,
    entry.expires,
    entry.owner === 'bullmq' ? 'BullMQ' : `[${entry.owner}](../${entry.owner})`,
    entry.meaning,
  ]),
)}
`
}

function metricsPage(): string {
  const rows = (kind: string, metrics: Record<string, { labels: readonly string[]; help: string }>) =>
    Object.entries(metrics).map(([name, { labels, help }]) => [code(name), kind, labels.map(code).join(' '), help])
  return `# Metrics and traces

<!-- Written by \`npm run docs\` from shared/observe/metric-catalogue.ts. -->

With \`METRICS_PORT\` each process serves \`/metrics\` for Prometheus on \`METRICS_HOST\`, without a login: keep it on loopback or on a
private network. Counters and histograms are per process. Gauges are of the whole fleet: the dashboard's process exports them and
reads them on each scrape. A host that embeds the runtime adds \`await runtime.metrics.text()\` to a page of its own. Beside these
there are prom-client's metrics of the process.

${table(
  ['name', 'kind', 'labels', 'meaning'],
  [...rows('counter', COUNTERS), ...rows('histogram', HISTOGRAMS), ...rows('gauge', GAUGES)],
)}

With \`TRACING=true\` spans run from \`recordTurn\` through the job to the model calls and the commit. They go to the OpenTelemetry SDK
that the process has loaded, for example with \`NODE_OPTIONS="--import @opentelemetry/auto-instrumentations-node/register"\`. A digest
belongs to the trace of the turn that queued it.
`
}

function providersPage(): string {
  return `# Model servers

<!-- Written by \`npm run docs\` from test/helpers/models/profiles. -->

Any server that speaks OpenAI's chat API serves. What one refuses, ignores or renames is found out by asking: first with a JSON schema, then
for any JSON object, then with the schema in the prompt alone; a parameter that is refused by name is left out from then on. The tests imitate
the servers below, each by its public documentation, and run the same contract against all of them: extract, reconcile, summarise and embed,
wrong keys, rate limits, overload, cut answers, thoughts, and prompts and texts that are too long.

${table(
  ['server', 'base path', 'structured output', 'thoughts', 'prompt too long', 'embeddings'],
  PROFILES.map(({ name, basePath, chat, embeddings }) => [
    name,
    code(basePath),
    structuredOutput(chat),
    chat.thought,
    chat.tooLong === 'cut in silence'
      ? 'cut in silence, noticed by its usage'
      : `${chat.tooLong.status}, asked in parts`,
    'dims' in embeddings ? 'yes' : 'none: search by words, or EMBEDDING_BASE_URL',
  ]),
)}

Where a server has no embeddings, nothing waits for them: memories are extracted and found by their words. \`EMBEDDING_BASE_URL\` names
another server for them; once there is one, \`memory-reembedding\` adds the vectors.

## What each does in its own way

${PROFILES.map(({ name, quirks }) => `### ${name}\n\n${quirks.map(({ says, source }) => `- ${says} ([source](${source}))`).join('\n')}`).join('\n\n')}
`
}

function structuredOutput({ honours, refuses = [] }: ServerProfile['chat']): string {
  const refused = refuses.flatMap(({ field, value }) => (field === 'response_format' && value ? [value] : []))
  const taken = honours === 'nothing' ? 'ignored: schema in the prompt' : code(honours)
  return refused.length > 0 ? `${taken}; ${refused.map(code).join(', ')} is refused` : taken
}

function routesModule(): string {
  const routes = Object.entries(clientRoutes(OPERATIONS)).map(
    ([name, route]) => `  ${JSON.stringify(name)}: ${JSON.stringify(route)},`,
  )
  return `/** Written by \`npm run docs\` from the operations of the API: where each function of the client is. */
export type ClientRoute = {
  readonly method: string
  readonly path: string
  readonly returns?: string
  readonly isPaged?: boolean
  readonly isStream?: boolean
  readonly times: readonly string[]
}

export const ROUTES: { readonly [name: string]: ClientRoute } = {
${routes.join('\n')}
}
`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function code(text: string): string {
  return `\`${text}\``
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
