import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { createApiApp } from '../api/http/api-app.ts'
import { apiOptionsOf } from '../api/http/api-options.ts'
import { serveApi } from '../api/http/serve-api.ts'
import { TOOLS } from '../api/mcp/mcp-server.ts'
import { jsonSchemaOf } from '../api/operations/json-schema.ts'
import { environmentOf } from '../cli/services/services.ts'
import { createRuntime } from '../runtime.ts'
import { SCOPES } from '../shared/access/scopes.ts'
import { countTokens } from '../shared/ai/tokens/token-count.ts'
import { silentLog } from '../shared/observe/log.ts'
import { listen } from '../shared/processes/listen.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

/**
 * What the API adds to a call in the same process, against a bare Express route with the same body and answer, in one run; how many searches a second one
 * process serves; and how soon `afterturn mcp` answers. The calls of both routes answer at once, so that nothing else is measured.
 */

const COMMAND = fileURLToPath(new URL('../cli/afterturn.ts', import.meta.url))
const BARE = fileURLToPath(new URL('./measures/bare-api.ts', import.meta.url))
const CLIENT = new URL('../client/index.ts', import.meta.url)
const CALLS = 2_000
const WARM_UP = 500
const SEARCHES = 1_000
const AT_ONCE = 8
const BODY = JSON.stringify({ query: 'Where does Maya live?', userId: 'maya', limit: 10 })

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async ({ addresses }, stack) => {
      const runtime = createRuntime({ ...addresses, maxApiRequestsPerMinute: 100_000_000 }, { log: silentLog })
      stack.defer(() => runtime.disconnect())
      await runtime.connect()
      for (let index = 0; index < 20; index++)
        await runtime.memory.recordTurn({
          orgId: 'acme',
          userId: 'maya',
          workstreamId: 'w',
          turnId: `t${index}`,
          messages: [{ role: 'user', content: `I live in house number ${index} of Lisbon.` }],
        })
      const { key } = await runtime.keys.create({ orgId: 'acme', scopes: SCOPES })
      const found = await runtime.memory.search({ orgId: 'acme', userId: 'maya', query: 'Where does Maya live?' })
      const options = apiOptionsOf(runtime, silentLog)
      const stub = {
        ...options,
        services: { ...options.services, memory: { ...runtime.memory, search: async () => found } },
      }
      const ours = await serveApi(createApiApp(stub), { host: '127.0.0.1', port: 0 })
      const real = await serveApi(createApiApp(options), { host: '127.0.0.1', port: 0 })
      const bare = createServer(
        express().post('/search', express.json(), (_request, response) => void response.json(found)),
      )
      const bareUrl = await listen(bare, { host: '127.0.0.1', port: 0 }, 'api')
      stack.defer(async () => {
        await Promise.all([ours.stop(0), real.stop(0)])
        bare.closeAllConnections()
        await new Promise((resolve) => bare.close(resolve))
      })

      const path = '/v1/orgs/acme/memory/search'
      const callOurs = () => post(`${ours.url}${path}`, key)
      const callBare = () => post(`${bareUrl}/search`, key)
      const callAccess = async () => {
        const { keyId } = await runtime.access.authenticate(key)
        await runtime.access.requests.take(keyId)
      }
      for (const call of [callOurs, callBare, callAccess]) await time(call, WARM_UP)
      // In turns, so that a busy moment of the machine meets all of them.
      const rounds: number[][][] = []
      for (let index = 0; index < 4; index++)
        rounds.push([
          await time(callOurs, CALLS / 4),
          await time(callBare, CALLS / 4),
          await time(callAccess, CALLS / 4),
        ])
      const [oursMs = 0, bareMs = 0, accessMs = 0] = [0, 1, 2].map((at) =>
        median(rounds.flatMap((one) => one[at] as number[])),
      )
      const { perSecond, errors } = await load(`${real.url}${path}`, key)
      const mcp = await timeMcp({ ...addresses })
      const [apiRss, bareRss] = [await idleRssMb(COMMAND, ['api'], addresses), await idleRssMb(BARE, [], addresses)]
      const client = await measureClient()
      const tools = TOOLS.map(({ name, description, input, output }) => ({
        name,
        description,
        inputSchema: jsonSchemaOf(input),
        outputSchema: jsonSchemaOf(output),
      }))
      const figures = {
        overheadRatio: round(oursMs / bareMs),
        authShare: round(accessMs / oursMs),
        oursMs: round(oursMs),
        bareMs: round(bareMs),
        searchesPerSecond: Math.round(perSecond),
        searchErrors: errors,
        mcpToolTokens: await countTokens(JSON.stringify(tools)),
        mcpFirstAnswerMs: round(mcp),
        rssRatio: round(apiRss / bareRss),
        apiRssMb: Math.round(apiRss),
        clientImportMs: round(client.ms),
        clientRssMb: round(client.rssMb),
      }
      console.table(figures)
      return figures
    }),
}
export default benchmark

async function post(url: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: BODY })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
}

async function time(call: () => Promise<unknown>, count: number): Promise<number[]> {
  const times = []
  for (let index = 0; index < count; index++) {
    const startedMs = performance.now()
    await call()
    times.push(performance.now() - startedMs)
  }
  return times
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
}

async function load(url: string, key: string): Promise<{ perSecond: number; errors: number }> {
  let [left, errors] = [SEARCHES, 0]
  const startedMs = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await post(url, key).catch(() => (errors += 1))
    }),
  )
  return { perSecond: (SEARCHES * 1_000) / (performance.now() - startedMs), errors }
}

/** From the start of the process to its first answer. */
async function timeMcp(addresses: object): Promise<number> {
  const env = { PATH: process.env.PATH, ...environmentOf(addresses), AFTERTURN_ORG: 'acme' }
  const startedMs = performance.now()
  const child = spawn(process.execPath, [COMMAND, 'mcp'], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`)
  await once(createInterface({ input: child.stdout }), 'line')
  const ms = performance.now() - startedMs
  child.kill('SIGKILL')
  return ms
}

/** What a process takes once it is up and idle. */
async function idleRssMb(program: string, args: readonly string[], addresses: object): Promise<number> {
  const env = { PATH: process.env.PATH, ...environmentOf(addresses), API_PORT: '0', LOG_LEVEL: 'error' }
  const child = fork(program, args, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  await once(child, 'message')
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const line = status.split('\n').find((one) => one.startsWith('VmRSS:')) ?? ''
  return Number.parseInt(line.slice('VmRSS:'.length), 10) / 1_024
}

/** What importing the client alone costs a program. */
async function measureClient(): Promise<{ ms: number; rssMb: number }> {
  const code = `const [before, startedMs] = [process.memoryUsage().rss, performance.now()]
    await import(${JSON.stringify(CLIENT.href)})
    console.log(JSON.stringify({ ms: performance.now() - startedMs, rssMb: (process.memoryUsage().rss - before) / 2 ** 20 }))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  return JSON.parse(line as string)
}
