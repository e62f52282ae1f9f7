import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { imitate } from './imitate.ts'
import {
  answerCompletion,
  answerEmbeddings,
  type ChatBody,
  factsOfTurns,
  type ModelBehaviour,
} from './model-answers.ts'
import type { ServerProfile } from './profiles/server-profile.ts'

/**
 * Owns the one fake of the tests: a real HTTP server that speaks the OpenAI API, with faults on demand.
 * Guarantees: deterministic answers; `stop` leaves no handle open. Also a process of its own: `node test/helpers/models/model-server.ts --delay-ms 200`.
 */

/** Where a request went, without the `/v1`. */
export type ModelPath = '/chat/completions' | '/embeddings'

/** A failure instead of an answer. */
export type Fault = {
  readonly status: number
  readonly headers?: Record<string, string>
  /** The message of the error that is sent. */
  readonly message?: string
  /** The `error` object as it is sent; `message` is then not used. */
  readonly error?: object
  /** The whole body as it is sent, JSON or a text; `error` is then not used. */
  readonly body?: unknown
  /** How many requests meet it. @default 1 */
  readonly times?: number
  /** @default both */
  readonly path?: ModelPath
  /** Whose requests meet it. @default all */
  readonly when?: (body: Record<string, unknown>) => boolean
  /** The key whose requests meet it. @default any */
  readonly whenKey?: string
}

export type ModelRequest = {
  readonly path: ModelPath
  readonly headers: IncomingMessage['headers']
  readonly body: Record<string, unknown>
}

export type ModelServer = {
  /** What to give as base URL; it ends with `/v1`. */
  readonly url: string
  /** The last `KEPT_REQUESTS`, oldest first. */
  readonly requests: readonly ModelRequest[]
  /** Requests that are open now; one whose caller went away is not. */
  readonly openRequests: number
  /** The most requests that were open at once. */
  readonly peakConcurrency: number
  requestCount(path?: ModelPath): number
  /** Requests that were answered 429 for the `limit` of the behaviour. */
  limitedCount(): number
  /** Texts that came to be embedded, those of failed requests too. */
  textCount(): number
  /** Resolves when so many requests have arrived since the start or the last `reset`. */
  received(count: number, path?: ModelPath): Promise<void>
  fault(fault: Fault): void
  behave(behaviour: Partial<ModelBehaviour>): void
  /** Requests that come from now on wait until the answer is called. */
  hold(): () => void
  /** What completions answer: an object is sent as JSON, a string as it is. */
  completionFor(answer: (body: ChatBody) => unknown): void
  /** The whole body of completions, in place of one in the OpenAI form. */
  bodyFor(answer: (body: ChatBody) => object): void
  /** Answers as another server does, until the next `reset`; its API begins at `origin` and the profile's path. */
  imitate(profile: ServerProfile): void
  /** What embeddings answer, in place of vectors that depend on the text alone. */
  vectorFor(vector: (text: string) => Float32Array): void
  /** Forgets faults, behaviour, answers and counts. */
  reset(): void
  stop(): Promise<void>
}

const KEPT_REQUESTS = 1_000
const DEFAULT_BEHAVIOUR: ModelBehaviour = {
  delayMs: 0,
  hang: 'never',
  hangAfter: 0,
  truncateJson: false,
  refuseJsonSchema: false,
  refuseDimensions: false,
  maxTextsPerRequest: Number.POSITIVE_INFINITY,
  dims: undefined,
  contextTokens: 8_192,
  limit: undefined,
}

/** Starts a server on loopback, on a free port unless one is named. */
export async function startModelServer(
  initial: Partial<ModelBehaviour> & { readonly port?: number } = {},
): Promise<ModelServer> {
  const { port = 0, ...startBehaviour } = initial
  let behaviour: ModelBehaviour = { ...DEFAULT_BEHAVIOUR, ...startBehaviour }
  let completion: (body: ChatBody) => unknown = factsOfTurns
  let wholeBody: ((body: ChatBody) => object) | undefined
  let vector: ((text: string) => Float32Array) | undefined
  let imitated: ServerProfile | undefined
  let faults: { fault: Fault; left: number }[] = []
  let waiting: { isMet: () => boolean; resolve: () => void }[] = []
  const requests: ModelRequest[] = []
  const counts = new Map<ModelPath, number>()
  let texts = 0
  let limited = 0
  let admittedAtMs: number[] = []
  let open = 0
  let peakConcurrency = 0
  let held: Promise<void> | undefined
  const requestCount = (path?: ModelPath) =>
    path === undefined ? [...counts.values()].reduce((sum, count) => sum + count, 0) : (counts.get(path) ?? 0)

  const record = (request: ModelRequest) => {
    if (requests.push(request) > KEPT_REQUESTS) requests.shift()
    counts.set(request.path, requestCount(request.path) + 1)
    if (request.path === '/embeddings') texts += [request.body.input].flat().length
    for (const { resolve } of waiting.filter(({ isMet }) => isMet())) resolve()
    waiting = waiting.filter(({ isMet }) => !isMet())
  }

  /** The ms after which there is room for one more call; 0, and the call is counted, when there is some now. */
  const roomAfterMs = (path: ModelPath, { limit }: ModelBehaviour) => {
    if (limit === undefined || path !== '/chat/completions') return 0
    const nowMs = performance.now()
    admittedAtMs = admittedAtMs.filter((atMs) => atMs > nowMs - limit.windowMs)
    const [oldestMs] = admittedAtMs
    if (oldestMs !== undefined && admittedAtMs.length >= limit.calls)
      return Math.ceil(oldestMs + limit.windowMs - nowMs)
    admittedAtMs.push(nowMs)
    return 0
  }

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.replace(imitated?.basePath ?? '/v1', '') as ModelPath
    if (request.method !== 'POST' || (path !== '/chat/completions' && path !== '/embeddings')) {
      return sendError(response, 404, { message: `Unknown address ${request.method} ${request.url}` })
    }
    const body = JSON.parse(await readText(request)) as Record<string, unknown>
    // Taken now, so that a request meets what was set when it came, however long it waits.
    const [now, holding] = [behaviour, held]
    const met = faults.find(
      ({ fault, left }) =>
        left > 0 &&
        (fault.path ?? path) === path &&
        fault.when?.(body) !== false &&
        (fault.whenKey === undefined || request.headers.authorization === `Bearer ${fault.whenKey}`),
    )
    if (met) met.left -= 1
    record({ path, headers: request.headers, body })

    const waitMs = roomAfterMs(path, now)
    if (waitMs > 0) {
      limited += 1
      return sendError(response, 429, { message: 'Too many calls' }, { 'retry-after-ms': String(waitMs) })
    }
    const hang = requestCount(path) > now.hangAfter ? now.hang : 'never'
    if (hang === 'before-headers') return
    if (hang === 'in-body')
      return response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices": [')
    if (hang === 'endless-body') return sendEndlessly(response)
    if (holding) await holding
    if (now.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, now.delayMs))
    if (met?.fault.body !== undefined) return send(response, met.fault.status, met.fault.body, met.fault.headers)
    if (met)
      return sendError(
        response,
        met.fault.status,
        met.fault.error ?? { message: met.fault.message ?? 'A fault on demand' },
        met.fault.headers,
      )
    if (imitated) {
      const { authorization } = request.headers
      const makes = { behaviour: now, completion, ...(vector ? { vector } : {}) }
      const { status, body: told, headers } = imitate(imitated, { path, authorization, body }, makes)
      return send(response, status, told, headers)
    }
    if (wholeBody && path === '/chat/completions') return send(response, 200, wholeBody(body as ChatBody))
    const reply =
      path === '/embeddings' ? answerEmbeddings(body, now, vector) : answerCompletion(body as ChatBody, now, completion)
    send(response, reply.status, reply.body)
  }

  const server = createServer((request, response) => {
    open += 1
    peakConcurrency = Math.max(peakConcurrency, open)
    response.once('close', () => {
      open -= 1
    })
    answer(request, response).catch((error: Error) => sendError(response, 500, { message: error.message }))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    get openRequests() {
      return open
    },
    get peakConcurrency() {
      return peakConcurrency
    },
    requestCount,
    limitedCount: () => limited,
    textCount: () => texts,
    received(count, path) {
      const isMet = () => requestCount(path) >= count
      return isMet() ? Promise.resolve() : new Promise((resolve) => waiting.push({ isMet, resolve }))
    },
    fault: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
    behave(changes) {
      behaviour = { ...behaviour, ...changes }
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        held = undefined
        resolve()
      }
    },
    completionFor(next) {
      completion = next
    },
    bodyFor(next) {
      wholeBody = next
    },
    imitate(profile) {
      imitated = profile
    },
    vectorFor(next) {
      vector = next
    },
    reset() {
      behaviour = { ...DEFAULT_BEHAVIOUR, ...startBehaviour }
      completion = factsOfTurns
      wholeBody = undefined
      vector = undefined
      imitated = undefined
      faults = []
      requests.length = 0
      counts.clear()
      texts = 0
      limited = 0
      admittedAtMs = []
      peakConcurrency = open
    },
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        // Hanging answers and kept-alive connections would hold the server open.
        server.closeAllConnections()
      }),
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function sendError(
  response: ServerResponse,
  status: number,
  error: object,
  headers: Record<string, string> = {},
): void {
  send(response, status, { error }, headers)
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}

const BLANKS = Buffer.alloc(1_024 * 1_024, ' ')

/** As fast as it is read, until the caller goes away. */
function sendEndlessly(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = () => {
    while (response.write(BLANKS));
  }
  response.on('drain', more)
  more()
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { 'delay-ms': { type: 'string', default: '0' }, port: { type: 'string', default: '0' } },
  })
  const server = await startModelServer({ delayMs: Number(values['delay-ms']), port: Number(values.port) })
  console.log(JSON.stringify({ url: server.url }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.stop())
}
