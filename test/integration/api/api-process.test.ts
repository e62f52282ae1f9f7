import { afterEach, expect, it } from 'vitest'
import { environmentOf, type StartedProcess, startProcess } from '../../../cli/services/services.ts'
import { createClient } from '../../../client/client.ts'
import { isAfterturnError } from '../../../shared/errors.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The process `api`: killed while it records, and `web`, which has the dashboard beside it. */

const TURNS = 24
const TIMEOUT_MS = 120_000
const runtimes = useRuntimes(useStore())
const started: StartedProcess[] = []
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.kill()
    await one.exited
  }
})

async function start(name: 'api' | 'web', overrides: Record<string, string> = {}): Promise<StartedProcess> {
  const settings = { ...runtimes.config({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 }), logLevel: 'error' }
  const one = await startProcess(name, {
    ...BARE_ENVIRONMENT,
    ...environmentOf(settings),
    API_PORT: '0',
    ...overrides,
  })
  started.push(one)
  return one
}

it(
  'a turn that is repeated after a kill is recorded once',
  async () => {
    const first = await start('api')
    const runtime = await runtimes.start()
    const orgId = `org-${crypto.randomUUID()}`
    const { key } = await runtime.keys.create({ orgId, scopes: ['turns:write'] })
    const recordAll = (url: string, onAnswer = () => {}) => {
      const { memory } = createClient({ url, apiKey: key })
      return Promise.all(
        Array.from({ length: TURNS }, (_, index) =>
          memory
            .recordTurn({
              orgId,
              workstreamId: `w${index % 4}`,
              turnId: `t${index}`,
              messages: [{ role: 'user', content: `Turn ${index}.` }],
            })
            .then((answer) => {
              onAnswer()
              return answer.recorded
            })
            .catch((error) => (isAfterturnError(error) ? error.recorded : Promise.reject(error))),
        ),
      )
    }
    // In the middle: some are answered, others are on their way.
    const outcomes = await recordAll(String(first.ready.url), () => first.kill())
    expect(new Set(outcomes)).toEqual(new Set(['yes', 'unknown']))
    await first.exited
    const second = await start('api')
    // A busy store may answer late; whoever is told `unknown` repeats, as often as it takes.
    let repeated = new Set<unknown>(['unknown'])
    while (repeated.has('unknown')) repeated = new Set(await recordAll(String(second.ready.url)))
    expect(repeated).toEqual(new Set(['yes']))
    const { turns } = await runtime.memory.status({ orgId })
    expect(turns).toMatchObject({ pending: TURNS })
  },
  TIMEOUT_MS,
)

it(
  'web is the dashboard and the API on the port that the platform gives',
  async () => {
    const web = await start('web', { PORT: '0', DASHBOARD_PASSWORD: 'correct horse' })
    const url = String(web.ready.url)
    const runtime = await runtimes.start()
    const orgId = `org-${crypto.randomUUID()}`
    const { key } = await runtime.keys.create({ orgId, scopes: ['memory:read'] })
    const listed = await fetch(`${url}/v1/orgs/${orgId}/memory`, { headers: { authorization: `Bearer ${key}` } })
    expect(await listed.json()).toEqual({ memories: [], next: null })
    // A body that nobody reads would hold its connection open.
    const statusOf = async (path: string, options: RequestInit = {}) => {
      const { status, body } = await fetch(`${url}${path}`, options)
      await body?.cancel()
      return status
    }
    expect(await statusOf('/openapi.json')).toBe(200)
    expect(await (await fetch(`${url}/login`)).text()).toContain('<form')
    expect(await statusOf('/', { redirect: 'manual' })).not.toBe(200)
    expect(await statusOf(`/v1/orgs/${orgId}/memory`)).toBe(401)
  },
  TIMEOUT_MS,
)
