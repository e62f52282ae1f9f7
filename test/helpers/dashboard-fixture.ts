import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Queue, UnrecoverableError, Worker } from 'bullmq'
import { type Dashboard, type DashboardOptions, startDashboard } from '../../dashboard/dashboard.ts'
import type { Overview } from '../../dashboard/overview/overview.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { redisProgram } from './services/redis-server.ts'

/** Owns what the dashboard's tests stand on: a Redis of their own on a Unix socket, two queues with jobs in them, a plain HTTP client. */

export const USER = 'ops'
export const PASSWORD = 'correct horse'
/** What a job must not show. */
export const SECRET = 'sk-live-0123456789'

export const OVERVIEW: Overview = {
  turns: { pending: 37, extracted: 12_345, deadLettered: 0 },
  memories: 4_321,
  heldMemories: 2,
  oldestPendingMs: 754_000,
  oldestFailure: null,
  lateAfterMs: 3_900_000,
  deadLetters: 0,
  newestDeadLetters: [],
  halts: [],
  queues: [
    { name: 'memory-extraction', waiting: 1, active: 0, delayed: 0, completed: 1, failed: 0 },
    { name: 'memory-digest', waiting: 0, active: 0, delayed: 1, completed: 0, failed: 0 },
  ],
  newestContexts: [
    {
      subject: 'support-42 of acme',
      tokensBefore: 64_020,
      tokensAfter: 22_333,
      coveredMessages: 1_204,
      upTo: '388.0',
      by: 'rules',
      at: new Date('2026-03-02T18:00:00Z'),
    },
  ],
  model: { provider: 'local rules', isLocal: true, calls: 678, tokens: 91_011 },
  hasCache: false,
  durableMemoryRatio: null,
}

export type FilledQueues = { readonly queues: readonly Queue[]; stop(): Promise<void> }

/** Starts a Redis and fills it: one job that completed, one that failed with a password in its reason, one that is delayed. */
export async function startFilledQueues(): Promise<FilledQueues> {
  const directory = await mkdtemp(join(tmpdir(), 'afterturn-'))
  const path = join(directory, 'redis.sock')
  const program = redisProgram()
  const server = spawn(program.path, ['-'], { stdio: ['pipe', 'pipe', 'inherit'], env: program.env })
  server.stdin.end(`port 0\nunixsocket ${path}\nsave ""\nappendonly no\n`)
  for await (const line of createInterface(server.stdout)) if (/ready to accept connections/i.test(line)) break
  server.stdout.resume()

  const connection = { path }
  const extraction = new Queue('memory-extraction', { connection })
  const digest = new Queue('memory-digest', { connection })
  await extraction.add('extract', { v: 1, orgId: 'acme', turnId: 't1', apiKey: SECRET }, { jobId: 'done' })
  await extraction.add('extract', { v: 1, orgId: 'acme', turnId: 't2' }, { jobId: 'broken' })
  await digest.add('digest', { v: 1, orgId: 'acme' }, { jobId: 'later', delay: 3_600_000 })
  await runAll(connection)

  return {
    queues: [extraction, digest],
    async stop() {
      await Promise.all([extraction.close(), digest.close()])
      server.kill('SIGTERM')
      await once(server, 'exit')
      await rm(directory, { recursive: true })
    },
  }
}

async function runAll(connection: { path: string }): Promise<void> {
  const worker = new Worker('memory-extraction', async (job) => extractOrFail(job.id), { connection })
  await new Promise<void>((resolve) => worker.on('drained', resolve))
  await worker.close()
}

function extractOrFail(jobId: string | undefined): { memories: number } {
  if (jobId === 'broken') throw new UnrecoverableError(`postgresql://app:${SECRET}@db:5432/app refused`)
  return { memories: 3 }
}

/** Starts a dashboard on a free loopback port. */
export function startTestDashboard(
  queues: readonly Queue[],
  options: Partial<DashboardOptions> = {},
): Promise<Dashboard> {
  const boards = queues.map((queue) => ({ queue, title: queue.name.replace('-', ' '), description: 'What it does' }))
  return startDashboard({
    host: '127.0.0.1',
    port: 0,
    user: USER,
    password: PASSWORD,
    environment: 'development',
    boards,
    overview: async () => OVERVIEW,
    log: silentLog,
    ...options,
  })
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
type Call = { method?: string; headers?: Record<string, string>; body?: string }

/** Sends one request exactly as it is given: `fetch` would add and refuse headers. */
export function call(url: string, { method = 'GET', headers = {}, body = '' }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = httpRequest(url, { method, agent: false, headers: { ...length, ...headers } }, async (response) => {
      response.setEncoding('utf8')
      let text = ''
      for await (const chunk of response) text += chunk
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Posts the form as a browser on the same page does. */
export function logIn(
  url: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  return call(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: url, ...headers },
    body: new URLSearchParams({ user: USER, password: PASSWORD, ...fields }).toString(),
  })
}

/** The cookie of an answer, as a browser sends it back. */
export function cookieOf(answer: Answer): string {
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}
