import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse as parseToml } from 'smol-toml'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import { describeSettings, readConfig } from '../../../shared/config.ts'

/** The files for Heroku, Fly, Render and a Compose with a standby: no process is forgotten, no setting is invented. None of them is run here. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(`${ROOT}/${file}`, 'utf8')
/** What a platform runs: `store` is for machines without a PostgreSQL. */
const PROCESSES = [...QUEUE_NAMES, 'messages', 'web'].sort()
const KNOWN = [...describeSettings().map(({ variable }) => variable), 'NODE_EXTRA_CA_CERTS']
/** How long after the drain a process may take to close. */
const CLOSE_MS = 10_000

it('the Procfile of Heroku has the lines of the checkout, without a store and with a release step', () => {
  const lines = read('Procfile').trim().split('\n')
  const expected = ['release: npm start -- migrate', ...lines.filter((line) => !line.startsWith('store:'))]
  expect(read('deploy/heroku/Procfile').trim().split('\n').sort()).toEqual(expected.sort())
  const { env, formation } = JSON.parse(read('deploy/heroku/app.json')) as {
    env: Record<string, { value?: string }>
    formation: object
  }
  expect(Object.keys(formation).sort()).toEqual(PROCESSES)
  for (const variable of Object.keys(env)) expect(KNOWN).toContain(variable)
  const killedAfterMs = 30_000
  expect(Number(env.DRAIN_TIMEOUT_MS?.value) + CLOSE_MS).toBeLessThan(killedAfterMs)
})

it('Fly runs each process, migrates first, and waits for the drain', () => {
  const fly = parseToml(read('deploy/fly/fly.toml')) as {
    processes: Record<string, string>
    env: Record<string, string>
    kill_timeout: number
    deploy: { release_command: string }
    http_service: { internal_port: number; processes: string[] }
    metrics: { port: number }
  }
  expect(fly.processes).toEqual(Object.fromEntries(PROCESSES.map((name) => [name, name])))
  expect(fly.deploy.release_command).toBe('migrate')
  for (const variable of Object.keys(fly.env)) expect(KNOWN).toContain(variable)
  expect(fly.kill_timeout * 1_000).toBeGreaterThan(Number(fly.env.DRAIN_TIMEOUT_MS) + CLOSE_MS)
  expect([String(fly.http_service.internal_port), fly.http_service.processes]).toEqual([fly.env.PORT, ['web']])
  expect(String(fly.metrics.port)).toBe(fly.env.METRICS_PORT)
})

it('Render runs each process, migrates first, and waits for the drain', () => {
  type Service = {
    type: string
    name: string
    dockerCommand?: string
    preDeployCommand?: string
    maxShutdownDelaySeconds?: number
    maxmemoryPolicy?: string
    envVars?: { key?: string }[]
  }
  const { services, envVarGroups } = parse(read('deploy/render/render.yaml')) as {
    services: Service[]
    envVarGroups: { envVars: { key: string; value?: string }[] }[]
  }
  const ours = services.filter(({ type }) => type !== 'keyvalue')
  expect(ours.map(({ name }) => name).sort()).toEqual(PROCESSES)
  const common = envVarGroups.flatMap(({ envVars }) => envVars)
  const drainMs = Number(common.find(({ key }) => key === 'DRAIN_TIMEOUT_MS')?.value)
  for (const { type, name, dockerCommand, preDeployCommand, maxShutdownDelaySeconds, envVars } of ours) {
    expect(type).toBe(name === 'web' ? 'web' : 'worker')
    expect(dockerCommand).toMatch(new RegExp(` dist/cli/afterturn\\.js ${name}$`))
    if (name === 'web') expect(preDeployCommand).toMatch(/ migrate$/)
    expect(Number(maxShutdownDelaySeconds) * 1_000).toBeGreaterThan(drainMs + CLOSE_MS)
    for (const { key } of [...(envVars ?? []), ...common]) if (key !== undefined) expect(KNOWN).toContain(key)
  }
  expect(services.flatMap(({ maxmemoryPolicy }) => maxmemoryPolicy ?? []).sort()).toEqual(['allkeys-lru', 'noeviction'])
})

it('Compose with a standby adds sentinels for every process, and replicas that evict nothing', () => {
  type Compose = {
    services: Record<string, { environment?: Record<string, string>; image?: string; volumes?: string[] }>
    configs: Record<string, { content: string }>
    volumes: object
  }
  const tag = { tag: '!override', collection: 'seq' as const, resolve: (value: unknown) => value }
  const ha = parse(read('deploy/compose.ha.yml'), { merge: true, customTags: [tag as never] }) as Compose
  const base = parse(read('docker-compose.yml'), { merge: true }) as Compose
  const ours = Object.entries(base.services).flatMap(([name, { image }]) =>
    image === 'afterturn' && name !== 'migrate' ? [name] : [],
  )
  for (const name of ours) {
    const variables = ha.services[name]?.environment ?? {}
    for (const variable of Object.keys(variables)) expect(KNOWN).toContain(variable)
    // The login of the servers stays that of the parts.
    const plain = Object.entries(base.services[name]?.environment ?? {}).filter(([, value]) => !value.includes('${'))
    const environment = { ...Object.fromEntries(plain), ...variables, REDIS_PASSWORD: 'secret' }
    expect(
      readConfig({ ...environment, DATABASE_URL: 'postgresql://x/y', DASHBOARD_PASSWORD: 'a-password' }),
    ).toMatchObject({
      redisSentinelMaster: 'mymaster',
      redisSentinels: variables.REDIS_SENTINELS,
    })
    for (const host of variables.REDIS_SENTINELS?.split(',') ?? [''])
      expect(ha.services).toHaveProperty([host.replace(/:26379$/, '')])
  }
  const servers = Object.entries(ha.configs).filter(([name]) => name.startsWith('redis-'))
  expect(servers.length).toBe(3)
  for (const [name, { content }] of servers) {
    for (const line of base.configs['redis-durable']?.content.trim().split('\n') ?? [])
      expect(content, name).toContain(line)
    expect(content).toContain('masterauth')
  }
  expect(ha.configs.sentinel?.content).toContain('sentinel monitor mymaster redis 6379 2')
  const mounted = Object.values(ha.services).flatMap(({ volumes = [] }) => volumes.map((one) => one.split(':')[0]))
  expect(mounted.sort()).toEqual(Object.keys(ha.volumes).sort())
})
