import { concurrencySetting } from '../../queues/apply-settings.ts'
import { CATALOG, QUEUE_NAMES } from '../../queues/catalog.ts'
import { describeSettings } from '../../shared/config.ts'
import { accessSettings } from '../../shared/settings/access-settings.ts'
import { cacheSettings } from '../../shared/settings/cache-settings.ts'
import { contextSettings } from '../../shared/settings/context-settings.ts'
import { eventSettings } from '../../shared/settings/event-settings.ts'
import { jobSettings } from '../../shared/settings/job-settings.ts'
import { modelSettings } from '../../shared/settings/model-settings.ts'
import { processSettings } from '../../shared/settings/process-settings.ts'
import { repoSettings } from '../../shared/settings/repo-settings.ts'
import { retentionSettings } from '../../shared/settings/retention-settings.ts'
import { stateSettings } from '../../shared/settings/state-settings.ts'
import { storeSettings } from '../../shared/settings/store-settings.ts'
import { turnSettings } from '../../shared/settings/turn-settings.ts'
import { webSettings } from '../../shared/settings/web-settings.ts'
import { code, markdownTable } from './markdown.ts'

/** `docs/configuration.md`: every setting by topic, with its default as people read it. */

/** The settings by topic, in the order in which a reader needs them. */
const TOPICS = [
  ['Services', storeSettings],
  ['Process', processSettings],
  ['Models', modelSettings],
  ['Caching of model results', cacheSettings],
  ['Turns', turnSettings],
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

export function configurationPage(): string {
  return `# Configuration

<!-- Written by \`npm run docs\` from shared/settings. -->

Every setting is an environment variable; the same names in camelCase are the fields of \`createRuntime(config)\`. An empty variable
counts as absent. All faults of a configuration are reported at once, and \`npm run doctor\` shows what is in force.

${TOPICS.map(([title, settings]) => `## ${title}\n\n${settingsTable(settings)}`).join('\n\n')}

## Where an address comes from

1. The variable: \`REDIS_URL\`, \`CACHE_REDIS_URL\`, \`DATABASE_URL\`.
2. For \`REDIS_URL\`, its parts: \`REDIS_HOST\`, \`REDIS_PORT\` (6379), \`REDIS_USERNAME\`, \`REDIS_PASSWORD\`, \`REDIS_DB\` (0), \`REDIS_TLS\` (\`true\` for TLS). With
   \`REDIS_SENTINELS\` or \`REDIS_CLUSTER\` no host is needed: these parts give the login, database and TLS of the servers.
3. \`.data/services.json\` in the working directory, which \`npm run dev\` writes. The cache it names is not used together with your own Redis.
`
}

function settingsTable(settings: object): string {
  const rows = describeSettings().filter(({ key }) => key in settings)
  return markdownTable(
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
