import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import { isRunning } from '../../../shared/processes/process-identity.mjs'
import { openDatabase } from '../../../shared/store/database.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { childrenOf } from '../../helpers/processes/child-processes.ts'
import { until } from '../../helpers/until.ts'

const COMMAND = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
/** It starts ten processes, which takes its time on a busy machine. */
const TIMEOUT_MS = 120_000
const FILE = '.data/services.json'

let dir: string
const started: ChildProcess[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'afterturn-test-dev-'))
  await mkdir(join(dir, '.data'))
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
  }
  await rm(dir, { recursive: true, force: true })
})

/** A command in a directory of its own, where nothing else is configured. */
function run(name: 'dev' | 'store', environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [COMMAND, name], {
    cwd: dir,
    env: {
      ...BARE_ENVIRONMENT,
      HOME: process.env.HOME,
      LOG_LEVEL: 'error',
      DASHBOARD_PORT: '0',
      API_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  let output = ''
  const waiting = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
      for (const look of waiting) look()
    })
  }
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return {
    pid: child.pid as number,
    exited,
    output: () => output,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    said: (text: string) =>
      Promise.race([
        new Promise<void>((resolve) => {
          const look = () => output.includes(text) && resolve()
          waiting.add(look)
          look()
        }),
        exited.then((code) => {
          if (!output.includes(text)) throw new Error(`It ended with ${code} and had said:\n${output}`)
        }),
      ]),
  }
}

const addresses = async () => JSON.parse(await readFile(join(dir, FILE), 'utf8')) as Record<string, string>

async function expectReachable({ redisUrl, cacheRedisUrl, databaseUrl }: Record<string, string>): Promise<void> {
  for (const url of [redisUrl, cacheRedisUrl]) {
    const redis = new Redis(url as string, { retryStrategy: () => null })
    expect(await redis.ping()).toBe('PONG')
    redis.disconnect()
  }
  const database = openDatabase({ url: databaseUrl as string, poolSize: 1 })
  const { rows } = await sql<{ n: number }>`select count(*) as n from turns`.execute(database)
  expect(rows).toEqual([{ n: 0 }])
  await database.destroy()
}

it(
  'dev says where its services are, is alone in its directory, and at Ctrl-C everything is gone',
  async () => {
    // Below the ports that the kernel gives away.
    const metricsPort = 20_000 + Math.floor(Math.random() * 10_000)
    const dev = run('dev', { METRICS_PORT: String(metricsPort), LOG_LEVEL: 'info' })
    await dev.said('Ctrl-C drains')
    expect(dev.output()).not.toMatch(/^\{/m)
    const metricsUrls = dev.output().match(/http:\S+\/metrics/g) ?? []
    expect(metricsUrls).toEqual(
      [...QUEUE_NAMES, 'dashboard', 'api'].map((_, index) => `http://127.0.0.1:${metricsPort + index}/metrics`),
    )
    const answers = await Promise.all(metricsUrls.map((url) => fetch(url)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const [, url, key] = /^API +(\S+)\nKey +(\S+)$/m.exec(dev.output()) ?? []
    const called = await fetch(`${url}/v1/orgs/mine/memory`, { headers: { authorization: `Bearer ${key}` } })
    expect([called.status, await called.json()]).toEqual([200, { memories: [], next: null }])
    const named = await addresses()
    expect(Object.keys(named)).toEqual(['redisUrl', 'cacheRedisUrl', 'databaseUrl'])
    expect((await stat(join(dir, FILE))).mode & 0o777).toBe(0o600)
    await expectReachable(named)

    const callMessage = (path: string, method: string, body?: object) =>
      fetch(`${url}/v1/orgs/mine/messages/m-1${path}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      })
    await callMessage('', 'PUT', { type: 'review', agent: 'elsewhere' })
    const { message } = (await (await callMessage('/take', 'POST', {})).json()) as { message: { lease: string } }
    const redis = new Redis(named.redisUrl as string)
    const completion = ['org', 'mine', 'id', 'm-1', 'lease', message.lease, 'outcome', 'completed', 'result', '1']
    await redis.xadd('afterturn:work:completions', '*', ...completion)
    redis.disconnect()
    await until(
      async () => (await callMessage('', 'GET')).json() as Promise<{ state: string; result: unknown }>,
      ({ state, result }) => state === 'completed' && result === 1,
    )

    const second = run('dev')
    expect(await second.exited).toBe(1)
    expect(second.output()).toMatch(new RegExp(`Process ${dev.pid} already runs [\\s\\S]*kill ${dev.pid}`))

    const store = run('store')
    await store.said('is left unchanged')
    store.kill('SIGTERM')
    expect(await store.exited).toBe(0)
    expect(await addresses()).toEqual(named)
    await expectReachable(named)

    const processes = childrenOf(dev.pid)
    expect(processes.length).toBeGreaterThanOrEqual(7)
    dev.kill('SIGINT')
    expect(await dev.exited).toBe(0)
    expect(dev.output()).toContain('Draining')
    expect(processes.filter(isRunning)).toEqual([])
    expect((await readdir(join(dir, '.data'))).sort()).toEqual(['dev', 'store'])
    expect(existsSync(new URL(named.databaseUrl as string).pathname)).toBe(false)
  },
  TIMEOUT_MS,
)

it(
  'a store alone names itself and nothing that was left, until it stops',
  async () => {
    await writeFile(join(dir, FILE), JSON.stringify({ redisUrl: 'redis://gone', databaseUrl: 'pglite:///gone' }))
    const store = run('store')
    await store.said('find it')
    const { databaseUrl, ...others } = await addresses()
    expect(others).toEqual({})
    expect(store.output()).toContain(databaseUrl)
    store.kill('SIGTERM')
    expect(await store.exited).toBe(0)
    expect(existsSync(join(dir, FILE))).toBe(false)
  },
  TIMEOUT_MS,
)
