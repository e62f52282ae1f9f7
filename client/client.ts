import type { Surface } from '../queues/surface.ts'
import { AfterturnError } from '../shared/errors.ts'
import { pathSegment } from '../shared/path-segment.ts'
import type { ListStatesInput, StateSummary, States } from '../shared/state/states.ts'
import { errorOf, linesOf } from './read-response.ts'
import { type ClientRoute, ROUTES } from './routes.ts'

/**
 * The runtime's functions over HTTP, with its types and its errors: an app moves from one to the other by changing one line. Needs `fetch` alone: no
 * Redis, no PostgreSQL, no package. Who acts is the key: `by` is not sent.
 */
export type Client = Omit<Surface, 'states' | 'jobs' | 'killSwitch' | 'deadLetters'> & {
  /** A list is one array here; `update` needs the function that changes the state, so an app writes it with `expectedVersion`. */
  readonly states: Omit<States, 'list' | 'update' | 'stats'> & {
    list(
      input: ListStatesInput & { readonly limit?: number; readonly offset?: number },
    ): Promise<readonly StateSummary[]>
    stats(input: { readonly orgId: string }): ReturnType<States['stats']>
  }
  readonly jobs: InOrg<Surface['jobs']>
  readonly killSwitch: Pick<InOrg<Surface['killSwitch']>, 'turnOn' | 'turnOff' | 'status'>
  readonly deadLetters: Pick<InOrg<Surface['deadLetters']>, 'list' | 'show' | 'replay' | 'replayAll' | 'drop'>
}

/** What is of the whole fleet in a process of it, and of one org from outside. */
type InOrg<Api> = {
  readonly [Name in keyof Api]: Api[Name] extends (input: infer Input) => infer Output
    ? (input: { readonly orgId: string } & Omit<NonNullable<Input>, 'orgId' | 'by'>) => Output
    : never
}

export type ClientOptions = {
  /** Where the API is: `https://memory.internal`. */
  readonly url: string
  readonly apiKey: string
  /** The most that a call may take. @default 30,000 */
  readonly timeoutMs?: number
  /** @default the global one */
  readonly fetch?: typeof fetch
}

const DEFAULT_TIMEOUT_MS = 30_000
const MAX_PAGE = 200
const DEFAULT_LIMIT = 100

type Input = Readonly<Record<string, unknown>>
type Call = (input: Input) => Promise<unknown>

/**
 * Makes a client of an API.
 * @example
 * import { createClient } from 'afterturn/client'
 * const afterturn = createClient({ url: 'https://memory.internal', apiKey: process.env.AFTERTURN_API_KEY ?? '' })
 * const { memories } = await afterturn.memory.search({ orgId: 'acme', query: 'Where does Maya live?' })
 * console.log(memories[0]?.fact)
 */
export function createClient(options: ClientOptions): Client {
  const client: Record<string, unknown> = {}
  for (const [name, route] of Object.entries<ClientRoute>(ROUTES)) {
    const call: Call = async (input) => readAnswer(route, await send(options, route, input))
    const run = route.isStream
      ? (input: Input) => readLines(options, route, input)
      : route.isPaged
        ? pagesOf(call, route)
        : call
    const path = name.split('.')
    const last = path.pop() as string
    let room = client
    for (const part of path) {
      room[part] ??= {}
      room = room[part] as Record<string, unknown>
    }
    const isField = route.returns !== undefined && !route.isPaged
    room[last] = isField ? fieldOf(call, route.returns as string) : run
  }
  return client as unknown as Client
}

function fieldOf(call: Call, name: string): Call {
  return async (input) => ((await call(input)) as Input)[name]
}

/** A list of any length, page by page. */
function pagesOf(call: Call, { returns = '' }: ClientRoute): Call {
  return async ({ limit = DEFAULT_LIMIT, offset = 0, ...selection }) => {
    const wanted = Number(offset) + Number(limit)
    const items: unknown[] = []
    for (let cursor: unknown; items.length < wanted; ) {
      const part = { ...selection, limit: Math.min(MAX_PAGE, wanted - items.length) }
      const page = (await call(cursor === undefined ? part : { ...part, cursor })) as Input
      items.push(...(page[returns] as unknown[]))
      cursor = page.next
      if (cursor === null) break
    }
    return items.slice(Number(offset), wanted)
  }
}

async function send(options: ClientOptions, { method, path }: ClientRoute, input: Input): Promise<Response> {
  const { by: _, signal: __, ...fields } = input
  const rest: Record<string, unknown> = { ...fields }
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name]
    return pathSegment(name, fields[name])
  })
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const url = `${options.url.replace(/\/$/, '')}${place}${hasBody ? '' : queryOf(rest)}`
  const request = options.fetch ?? fetch
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const response = await request(url, {
    method,
    headers: { authorization: `Bearer ${options.apiKey}`, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: JSON.stringify(rest) }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new AfterturnError('REQUEST_TIMEOUT', `The API did not answer: ${(cause as Error).message}`, {
      cause,
      recorded: method === 'GET' ? 'no' : 'unknown',
    })
  })
  if (!response.ok) throw await errorOf(response)
  return response
}

function queryOf(fields: Input): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value])
      query.append(name, one instanceof Date ? one.toISOString() : String(one))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

async function readAnswer({ times }: ClientRoute, response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const answer: unknown = await response.json()
  for (const path of times) readTimes(answer, path.split('.'))
  return answer
}

/** Makes the times at a path dates. */
function readTimes(value: unknown, [name, ...rest]: readonly string[]): void {
  if (typeof value !== 'object' || value === null || name === undefined) return
  const at = value as Record<string, unknown>
  for (const key of name === '*' ? Object.keys(at) : [name]) {
    const found = at[key]
    if (rest.length > 0) readTimes(found, rest)
    else if (typeof found === 'string') at[key] = new Date(found)
  }
}

async function* readLines(options: ClientOptions, route: ClientRoute, input: Input): AsyncGenerator<string> {
  yield* linesOf(await send(options, route, input))
}
