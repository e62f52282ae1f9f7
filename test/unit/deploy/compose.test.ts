import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { YOUNG_GENERATION } from '../../../cli/services/services.ts'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import { describeSettings, readConfig } from '../../../shared/config.ts'

/** The deployment files name only what exists: processes, settings, ports. No engine is needed, nothing is started but `--help`. */

type Service = {
  image: string
  build?: string
  command?: string[]
  environment?: Record<string, string>
  ports?: string[]
  volumes?: string[]
  configs?: { source: string; target: string }[]
  healthcheck?: { test: string[] }
  depends_on?: Record<string, { condition: string }>
  restart?: string
  stop_grace_period?: string
}
type Compose = {
  services: Record<string, Service>
  configs: Record<string, { content: string }>
  volumes: Record<string, unknown>
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8')

const composeText = read('docker-compose.yml')
const compose = parse(composeText, { merge: true }) as Compose
const dockerfile = read('Dockerfile')
const ours = Object.entries(compose.services).filter(([, service]) => service.image === 'afterturn')

/** The companions of REDIS_URL, which `readConfig` joins to one address. */
const REDIS_PARTS = ['REDIS_HOST', 'REDIS_PORT', 'REDIS_USERNAME', 'REDIS_PASSWORD', 'REDIS_DB', 'REDIS_TLS']
/** What the images of others read, by their documentation. */
const FOREIGN_VARIABLES = ['REDISCLI_AUTH', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']
const PASSWORDS = {
  REDIS_PASSWORD: 'durable-secret',
  CACHE_REDIS_PASSWORD: 'cache-secret',
  POSTGRES_PASSWORD: 'store-secret',
  DASHBOARD_PASSWORD: 'dashboard-secret',
}

/** As Compose does it, for the forms that the file uses; a required variable that is absent throws. */
function interpolate(text: string, environment: Record<string, string>): string {
  return text.replace(/\$\{(\w+)(:-|:\?)([^}]*)\}/g, (_, name: string, form: string, rest: string) => {
    const value = environment[name]
    if (value) return value
    if (form === ':?') throw new Error(`${name}: ${rest}`)
    return rest
  })
}

function configOf(name: string): ReturnType<typeof readConfig> {
  const entries = Object.entries(compose.services[name]?.environment ?? {})
  return readConfig(Object.fromEntries(entries.map(([key, value]) => [key, interpolate(value, PASSWORDS)])))
}

const redisLines = (name: string) =>
  interpolate(compose.configs[name]?.content ?? '', PASSWORDS)
    .trim()
    .split('\n')

it('the Procfile has one line for each process type', () => {
  const names = ['store', ...QUEUE_NAMES, 'messages', 'web']
  expect(read('Procfile').trim().split('\n')).toEqual(names.map((name) => `${name}: npm start -- ${name}`))
})

it('a process has the same bounds, whoever starts it', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  expect(scripts.start).toBe(`exec node ${YOUNG_GENERATION} cli/afterturn.ts`)
})

it('every process that the files name is one that the image starts', () => {
  const { stdout, stderr } = spawnSync(process.execPath, [`${ROOT}/cli/afterturn.ts`, '--help'], { encoding: 'utf8' })
  const known = [...(stdout + stderr).matchAll(/^ {2}(\S+) {2,}/gm)].map(([, name]) => name)
  for (const queue of QUEUE_NAMES) expect(known).toContain(queue)
  for (const line of read('Procfile').trim().split('\n')) expect(known).toContain(line.split(' ').at(-1))
  for (const [name, service] of ours) {
    expect(service.command).toEqual([name])
    expect(known).toContain(name)
  }
})

it('compose runs a service for each queue, messages, the dashboard, the API and the migrations', () => {
  expect(ours.map(([name]) => name).sort()).toEqual([...QUEUE_NAMES, 'api', 'dashboard', 'messages', 'migrate'].sort())
})

it('every variable is a setting, or belongs to the image of another', () => {
  const settings = [...describeSettings().map((setting) => setting.variable), ...REDIS_PARTS]
  for (const [name, service] of Object.entries(compose.services)) {
    const known = service.image === 'afterturn' ? settings : FOREIGN_VARIABLES
    for (const variable of Object.keys(service.environment ?? {}))
      expect(known, `${name} sets ${variable}`).toContain(variable)
  }
  const asked = [...composeText.matchAll(/\$\{(\w+)/g)].map(([, name]) => name)
  for (const name of asked) expect([...settings, ...Object.keys(PASSWORDS)]).toContain(name)
})

it('the variables make a valid configuration that reaches the services of the file', () => {
  for (const [name] of ours) {
    const config = configOf(name)
    expect(config).toMatchObject({
      environment: 'production',
      redisUrl: 'redis://:durable-secret@redis:6379/0',
      cacheRedisUrl: 'redis://:cache-secret@redis-cache:6379',
      databaseUrl: 'postgresql://afterturn:store-secret@postgres:5432/afterturn',
    })
    expect(config.openaiApiKey).toBeUndefined()
  }
  for (const host of ['redis', 'redis-cache', 'postgres']) expect(compose.services).toHaveProperty([host])
  const { POSTGRES_USER, POSTGRES_DB } = compose.services.postgres?.environment ?? {}
  expect([POSTGRES_USER, POSTGRES_DB]).toEqual(['afterturn', 'afterturn'])
})

it('the dashboard and the API are published where they listen, on this machine only', () => {
  const config = configOf('dashboard')
  expect(config).toMatchObject({ dashboardHost: '0.0.0.0', dashboardPassword: 'dashboard-secret' })
  expect(compose.services.dashboard?.ports).toEqual([`127.0.0.1:${config.dashboardPort}:${config.dashboardPort}`])
  expect(compose.services.dashboard?.healthcheck?.test.join(' ')).toContain(`:${config.dashboardPort}/healthz`)
  expect(dockerfile).toContain(`EXPOSE ${config.dashboardPort}\n`)
  const api = configOf('api')
  expect([api.apiHost, api.dashboardPassword]).toEqual(['0.0.0.0', undefined])
  expect(compose.services.api?.ports).toEqual([`127.0.0.1:${api.apiPort}:${api.apiPort}`])
  expect(compose.services.api?.healthcheck?.test.join(' ')).toContain(`:${api.apiPort}/healthz`)
  expect(dockerfile).toContain(`EXPOSE ${api.apiPort}\n`)
  const published = Object.entries(compose.services).filter(([, { ports }]) => ports)
  expect(published.map(([name]) => name)).toEqual(['dashboard', 'api'])
})

it('the durable Redis evicts nothing and writes to disk, the cache does the reverse', () => {
  expect(compose.services.redis?.configs?.map(({ source }) => source)).toEqual(['redis-durable'])
  expect(redisLines('redis-durable')).toEqual([
    'requirepass durable-secret',
    'maxmemory-policy noeviction',
    'appendonly yes',
    'appendfsync everysec',
    'save 3600 1 300 100 60 10000',
  ])
  expect(compose.services['redis-cache']?.configs?.map(({ source }) => source)).toEqual(['redis-cache'])
  expect(redisLines('redis-cache')).toEqual([
    'requirepass cache-secret',
    'maxmemory 256mb',
    'maxmemory-policy allkeys-lru',
    'appendonly no',
    'save ""',
  ])
  for (const name of ['redis', 'redis-cache']) {
    const service = compose.services[name]
    expect(service?.command?.at(-1)).toBe(service?.configs?.[0]?.target)
  }
})

it('no password has a default, stands in the file, or stands on a command line', () => {
  for (const name of Object.keys(PASSWORDS)) {
    const absent = { ...PASSWORDS, [name]: '' }
    expect(() => interpolate(composeText, absent)).toThrow(name)
  }
  for (const [name, service] of Object.entries(compose.services)) {
    const line = [...(service.command ?? []), ...(service.healthcheck?.test ?? [])].join(' ')
    expect(line, name).not.toMatch(/pass|auth|\$\{/i)
    for (const [variable, value] of Object.entries(service.environment ?? {}))
      if (/PASSWORD|AUTH|KEY/.test(variable)) expect(value, `${name}: ${variable}`).toMatch(/^\$\{\w+(:\?[^}]+|:-)\}$/)
      else expect(value.replace(/\$\{[^}]*\}/g, ''), `${name}: ${variable}`).not.toMatch(/:\/\/[^/]*:[^/@]+@/)
  }
  for (const { content } of Object.values(compose.configs)) expect(content).toMatch(/^requirepass \$\{\w+:\?[^}]+\}$/m)
  expect(dockerfile).not.toMatch(/password|secret|api_?key/i)
})

it('a process starts when what it needs is ready, and is started again when it ends', () => {
  for (const [name, { depends_on: needs, restart }] of ours) {
    if (name === 'migrate') {
      expect([needs, restart]).toEqual([{ postgres: { condition: 'service_healthy' } }, 'on-failure'])
      continue
    }
    expect(needs).toEqual({
      redis: { condition: 'service_healthy' },
      'redis-cache': { condition: 'service_healthy' },
      migrate: { condition: 'service_completed_successfully' },
    })
    expect(restart).toBe('unless-stopped')
  }
  for (const name of ['redis', 'redis-cache', 'postgres']) expect(compose.services[name]?.healthcheck).toBeDefined()
  const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes)
  expect(mounted.map((volume) => volume.split(':')[0]).sort()).toEqual(Object.keys(compose.volumes).sort())
})

it('a process that is stopped has time to drain', () => {
  for (const [name, service] of ours.filter(([name]) => name !== 'migrate')) {
    const graceMs = Number(/^(\d+)s$/.exec(service.stop_grace_period ?? '')?.[1]) * 1_000
    expect(graceMs, name).toBeGreaterThan(configOf(name).drainTimeoutMs + 5_000)
  }
})

it('the image is small, runs as nobody special, and has no Node but its own', () => {
  const [, ...stages] = dockerfile.split(/^FROM /m)
  expect(stages.every((stage) => /^(node:24-slim|base)\b/.test(stage))).toBe(true)
  expect(stages.find((stage) => stage.includes('AS dependencies'))).toContain('npm ci --omit=dev --omit=optional')
  const last = stages.at(-1) ?? ''
  expect(last).toContain('COPY --from=dependencies /app/node_modules')
  expect(last).not.toMatch(/^(RUN|ADD) |^COPY \. /m)
  expect(last).toMatch(/^USER node$/m)
  expect(last).toContain(`ENTRYPOINT ["node", "${YOUNG_GENERATION}", "dist/cli/afterturn.js"]`)
})

it('what the Dockerfile copies and the build reads is sent to the builder', () => {
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path as string)
  for (const path of allowed) expect(existsSync(`${ROOT}/${path}`), path).toBe(true)
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \.\/$/gm)].flatMap(
    ([, paths]) => paths?.split(' ') ?? [],
  )
  const built = ['tsconfig.build.json', 'tsconfig.json', ...(JSON.parse(read('tsconfig.build.json')).files as string[])]
  for (const path of [...copied, ...built]) expect(allowed).toContain(path.split('/')[0])
})
