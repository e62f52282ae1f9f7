import type { Surface } from '../queues/surface.ts'
import { pathSegment } from '../shared/path-segment.ts'
import { stateFromJson } from '../shared/state/state-json.ts'
import type { ListStatesInput, StateSummary, States } from '../shared/state/states.ts'
import { linesOf, readAnswer, requireOk } from './read-response.ts'
import { type ClientRoute, ROUTES } from './routes.ts'
import { type ClientOptions, type Exchange, openExchange, queryText, writeBody } from './send-request.ts'

/**
 * The runtime's functions over HTTP, with its types and its errors: an app moves from one to the other by changing one line. Needs `fetch` alone: no
 * Redis, no PostgreSQL, no package. Who acts is the key: `by` is not sent.
 */
export type Client = Omit<Surface, 'memory' | 'keys' | 'states' | 'jobs' | 'killSwitch' | 'deadLetters'> & {
  readonly memory: WholeList<Omit<Surface['memory'], 'quarantine'>> & {
    readonly quarantine: WholeList<Surface['memory']['quarantine']>
  }
  readonly keys: WholeList<Surface['keys']>
  /** A list is one array here; `update` needs the function that changes the state, so an app writes it with `expectedVersion`. */
  readonly states: Omit<States, 'list' | 'update' | 'stats'> & {
    list(input: Omit<ListStatesInput, 'afterStateId'> & { readonly limit?: number }): Promise<readonly StateSummary[]>
    stats(input: { readonly orgId: string }): ReturnType<States['stats']>
  }
  readonly jobs: InOrg<Surface['jobs']>
  readonly killSwitch: Pick<InOrg<Surface['killSwitch']>, 'turnOn' | 'turnOff' | 'status'>
  readonly deadLetters: Pick<InOrg<Surface['deadLetters']>, 'list' | 'show' | 'replay' | 'replayAll' | 'drop'>
}

/** A list of any length in one call, where the runtime returns a page after a place. */
type WholeList<Api extends { list(input: never): unknown }> = Omit<Api, 'list'> & {
  list(input: Omit<Parameters<Api['list']>[0], 'after'>): ReturnType<Api['list']>
}

/** What is of the whole fleet in a process of it, and of one org from outside. */
type InOrg<Api> = {
  readonly [Name in keyof Api]: Api[Name] extends (input: infer Input) => infer Output
    ? (input: { readonly orgId: string } & Omit<NonNullable<Input>, 'orgId' | 'by'>) => Output
    : never
}

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
    const one: Call = (input) => call(options, route, input)
    const run = route.isStream
      ? (input: Input) => readLines(options, route, input)
      : route.isPaged
        ? pagesOf(one, route)
        : one
    const path = name.split('.')
    const last = path.pop() as string
    let room = client
    for (const part of path) {
      room[part] ??= {}
      room = room[part] as Record<string, unknown>
    }
    // What a function takes in several parts travels as one.
    const joined = (...parts: Input[]) => run(Object.assign({}, ...parts))
    const isField = route.returns !== undefined && !route.isPaged
    room[last] = isField ? fieldOf(one, route.returns as string) : joined
  }
  return client as unknown as Client
}

function fieldOf(call: Call, name: string): Call {
  return async (input) => ((await call(input)) as Input)[name]
}

/** A list of any length, page by page. */
function pagesOf(call: Call, { returns = '' }: ClientRoute): Call {
  return async ({ limit = DEFAULT_LIMIT, ...selection }) => {
    const wanted = Number(limit)
    const items: unknown[] = []
    // The first page is asked for whatever the limit is: the API refuses a wrong one.
    for (let cursor: unknown; ; ) {
      const part = { ...selection, limit: Math.min(MAX_PAGE, wanted - items.length) }
      const page = (await call(cursor === undefined ? part : { ...part, cursor })) as Input
      items.push(...(page[returns] as unknown[]))
      cursor = page.next
      if (cursor === null || items.length >= wanted) return items
    }
  }
}

/** @throws INPUT_INVALID for what neither a path nor JSON can carry */
function open(options: ClientOptions, { method, path, hasState }: ClientRoute, input: Input): Exchange {
  const { by: _, signal, ...fields } = input
  const rest: Record<string, unknown> = { ...fields }
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name]
    return pathSegment(name, fields[name])
  })
  const given = signal as AbortSignal | undefined
  if (method === 'GET' || method === 'DELETE')
    return openExchange(options, { method, path: `${place}${queryOf(rest)}`, signal: given })
  return openExchange(options, { method, path: place, body: writeBody(rest, hasState), signal: given })
}

function queryOf(fields: Input): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, queryText(name, one))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

async function call(options: ClientOptions, route: ClientRoute, input: Input): Promise<unknown> {
  const { send, within } = open(options, route, input)
  const answer = await within(async () => readAnswer(await send()))
  if (route.hasState) Object.assign(answer as object, { state: stateFromJson((answer as Input).state) })
  for (const path of route.times) readTimes(answer, path.split('.'))
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

/** As they come; the time does not run while the caller works on a line. */
async function* readLines(options: ClientOptions, route: ClientRoute, input: Input): AsyncGenerator<string> {
  const { send, within } = open(options, route, input)
  yield* linesOf(await within(async () => requireOk(await send())), within)
}
