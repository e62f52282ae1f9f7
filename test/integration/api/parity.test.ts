import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { environmentOf } from '../../../cli/services/services.ts'
import { createClient } from '../../../client/client.ts'
import type { Runtime } from '../../../runtime.ts'
import { isAfterturnError } from '../../../shared/errors.ts'
import { useApi } from '../../helpers/api.ts'
import { BARE_ENVIRONMENT } from '../../helpers/bare-environment.ts'
import { useCommands } from '../../helpers/processes/commands.ts'
import { useGitRepos } from '../../helpers/repo/git-repo.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** One suite on every driver: in this process, the client over HTTP, and the command line, local and remote. What one answers, all answer. */

const COMMAND = fileURLToPath(new URL('../../../cli/afterturn.ts', import.meta.url))
const runtimes = useRuntimes(useStore())
const repos = useGitRepos()
const startApi = useApi(runtimes)
const at = new Date('2026-03-02T10:00:00Z')

type Surface = {
  readonly memory: Omit<Runtime['memory'], 'untilDigested' | 'reextract' | 'instructions'>
  readonly context: Runtime['context']
}

/** The same conversation on a surface, and everything that it answered. */
async function play({ memory, context }: Surface, orgId: string): Promise<unknown[]> {
  const turn = { orgId, workstreamId: 'support/42', turnId: 'turn 1', userId: 'maya', at }
  const messages = [{ role: 'user' as const, content: 'I moved to Lisbon in March.' }]
  const answers: unknown[] = [
    await memory.recordTurn({ ...turn, messages }),
    await memory.recordTurn({ ...turn, messages }),
    await memory.turnStatus({ orgId, workstreamId: turn.workstreamId, turnId: turn.turnId }),
    await memory.search({ orgId, userId: 'maya', query: 'Lisbon', limit: 5 }),
    await memory.promptBlock({ orgId, userId: 'maya', query: 'Where is Lisbon?' }),
    await context.load({ orgId, workstreamId: turn.workstreamId, budgetTokens: 1_000 }),
    await memory.add({ orgId, fact: 'Maya likes tea.', at }),
    await memory.list({ orgId }),
    await memory.status({ orgId }),
  ]
  const fail = (call: Promise<unknown>) =>
    call.catch((error: unknown) => {
      if (!isAfterturnError(error)) throw error
      return [error.code, error.retryable, error.recorded, error.remedy, error.faults]
    })
  answers.push(await fail(memory.recordTurn({ ...turn, messages: [{ role: 'user', content: 'Another.' }] })))
  answers.push(await fail(memory.history({ orgId, memoryId: 999_999 })))
  answers.push(await fail(memory.search({ orgId, query: '' })))
  const lines: string[] = []
  for await (const line of memory.export({ orgId })) lines.push(JSON.parse(line).type)
  return [...answers, lines]
}

/** Without what is of one play alone: ids and the time of its recording. */
function comparable(answers: readonly unknown[]): unknown {
  const isOwn = (key: string, value: unknown) =>
    String(value).startsWith('written:') ||
    /^(id|memoryId|memoryIds|digestDueAt|recordedAt|rowsRead|oldestPendingAt)$/.test(key)
  return JSON.parse(JSON.stringify(answers, (key, value) => (isOwn(key, value) ? undefined : value)))
}

describe('what is called over HTTP', () => {
  it('answers and fails as in this process, with the same types', async () => {
    const api = await startApi({ digestWindowMs: 3_600_000, digestMaxWaitMs: 3_600_000 })
    const [here, there] = [`here-${crypto.randomUUID()}`, `ther-${crypto.randomUUID()}`]
    const client = createClient({ url: api.url, apiKey: await api.keyOf(there) })
    const [own, remote] = [await play(api.runtime, here), await play(client, there)]
    expect(comparable(remote)).toEqual(comparable(own))
    expect(remote[0]).toMatchObject({ digestDueAt: expect.any(Date) })
    expect(remote[7]).toMatchObject([{ observedAt: at, sources: [{ at }] }])
  })

  it('reports executions and progress as in this process', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const client = createClient({ url: api.url, apiKey: await api.keyOf(orgId) })
    const execution = { orgId, workflowId: 'a/b', executionId: '1337', userId: 'maya' }
    const begun = await client.executions.started(execution, { data: { recipe: 'report' } })
    expect(begun).toMatchObject({ seq: 1, deduplicated: false })
    expect(await client.executions.started(execution, { data: { recipe: 'report' } })).toMatchObject({ seq: 1 })
    const update = { subtaskId: 'fetch', status: 'done', updateId: 'u-1' }
    await client.executions.updated(execution, update)
    expect(await client.executions.updated(execution, update)).toMatchObject({ seq: 2, deduplicated: true })
    await client.executions.failed(execution, { error: 'no disk', failedStep: 'write' })
    const status = { ...execution, scope: 'user' } as const
    expect(await api.runtime.executions.status(status)).toMatchObject({
      status: 'failed',
      subtasks: [{ subtaskId: 'fetch', status: 'done' }],
      failure: { error: 'no disk', failedStep: 'write' },
    })
    await expect(client.executions.completed(execution)).rejects.toMatchObject({ code: 'STREAM_ENDED' })
    await expect(client.executions.completed({ ...execution, executionId: '1' })).rejects.toMatchObject({
      code: 'EXECUTION_UNKNOWN',
    })
    await client.progress.report({ orgId, taskId: 'import-17', done: 1, total: 2, figures: { rows: 200 } })
    const frame = await api.runtime.progress.read({ orgId, taskId: 'import-17' })
    expect(frame).toMatchObject({ done: 1, total: 2, figures: { rows: 200 }, isEnded: false })
  })

  it('searches code and reports its state as in this process', async () => {
    const api = await startApi({ retryBackoffMs: 1 })
    const orgId = `org-${crypto.randomUUID()}`
    const client = createClient({ url: api.url, apiKey: await api.keyOf(orgId) })
    const repo = repos.create('shop')
    repo.commit({ 'a.ts': 'export const priceOf = 1\n', 'b.ts': 'export const priceOfAll = 2\n', 'yarn.lock': 'x\n' })
    await api.runtime.startWorkers(['repo-indexing'])
    for (const ref of ['HEAD', 'gone']) await client.repos.index({ orgId, repoId: 'shop', source: repo.path, ref })
    await api.runtime.repos.untilIndexed({ orgId, repoId: 'shop' })
    const status = await api.runtime.repos.status({ orgId })
    expect(status).toMatchObject([{ isGone: false }, { ref: 'gone', isGone: true }])
    expect(await client.repos.status({ orgId })).toEqual(status)
    const search = { orgId, query: '[oO]f(All)? =', mode: 'regex', groupBy: 'file' } as const
    const found = await api.runtime.repos.search(search)
    expect(found.hits).toHaveLength(2)
    expect(await client.repos.search(search)).toEqual(found)
  })

  it('lists any number, page by page', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const client = createClient({ url: api.url, apiKey: await api.keyOf(orgId) })
    for (let index = 0; index < 5; index++)
      await api.runtime.keys.create({ orgId, scopes: ['memory:read'], name: `${index}` })
    expect(await client.keys.list({ orgId, limit: 4 })).toEqual(await api.runtime.keys.list({ orgId, limit: 4 }))
  })

  it('lists memories and keys page by page, whatever is added meanwhile', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const key = await api.keyOf(orgId)
    const add = (day: number) =>
      api.runtime.memory.add({ orgId, fact: `The gate code of day ${day} is ${day}.`, at: new Date(2026, 1, day) })
    for (const day of [1, 2, 2, 3]) await add(day)
    for (const name of ['a', 'b', 'c']) await api.runtime.keys.create({ orgId, scopes: ['memory:read'], name })
    const lists = {
      memory: async () => (await api.runtime.memory.list({ orgId })).map(({ id }) => id),
      keys: async () => (await api.runtime.keys.list({ orgId })).map(({ keyId }) => keyId),
    }
    for (const [path, list] of Object.entries(lists)) {
      const [before, seen] = [await list(), [] as unknown[]]
      for (let cursor: string | null = ''; cursor !== null; ) {
        const from: string = cursor === '' ? '' : `&cursor=${cursor}`
        const { body } = await api.call(key, 'GET', `/v1/orgs/${orgId}/${path}?limit=1${from}`)
        const [item] = body.memories ?? body.keys
        seen.push(item.id ?? item.keyId)
        cursor = body.next
        await add(4 + seen.length)
        await api.runtime.keys.create({ orgId, scopes: ['memory:read'], name: `later ${seen.length}` })
      }
      expect(seen, path).toEqual(before)
    }
    for (const cursor of ['x', btoa('at:now 1'), btoa('at:2026-01-01T00:00:00Z x'), btoa('from:5')])
      expect((await api.call(key, 'GET', `/v1/orgs/${orgId}/memory?cursor=${cursor}`)).status, cursor).toBe(422)
  })
})

describe('the command line', () => {
  const runCommand = useCommands()
  const run = (args: readonly string[], environment: Record<string, string>) =>
    runCommand(args, { ...BARE_ENVIRONMENT, ...environment })
  /** In a process of its own, which reads what it is given. */
  const runWith = (input: string, args: readonly string[], environment: Record<string, string>) => {
    const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...BARE_ENVIRONMENT, ...environment } })
    child.stdin.end(input)
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, stdout, stderr })),
    )
  }

  it('answers what the API answers, here and there, and imports lines again without harm', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const key = await api.keyOf(orgId)
    const local = environmentOf(runtimes.config())
    const remote = { AFTERTURN_URL: api.url, AFTERTURN_API_KEY: key }
    const lines = [1, 2, 3].map((number) =>
      JSON.stringify({
        workstreamId: 'import',
        turnId: `t${number}`,
        messages: [{ role: number === 2 ? 'robot' : 'user', content: `The gate code of house ${number} is green.` }],
      }),
    )
    const record = (environment: Record<string, string>) =>
      runWith(lines.join('\n'), ['turns', 'record', '--org', orgId, '--lines', '-'], environment)
    const first = await record(remote)
    expect(first.code).toBe(1)
    expect(first.stderr).toMatch(/line 2: INPUT_INVALID: [\s\S]*1 of 3 lines failed/)
    const again = await record(local)
    expect(
      again.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).deduplicated),
    ).toEqual([true, true])

    const search = ['memory', 'search', 'gate code', '--org', orgId, '--workstream', 'import', '--limit', '5', '--json']
    const [here, there] = await Promise.all([run(search, local), run(search, remote)])
    expect([here.code, here.stderr]).toEqual([0, ''])
    expect(there).toEqual(here)
    const { body } = await api.call(key, 'POST', `/v1/orgs/${orgId}/memory/search`, {
      query: 'gate code',
      workstreamId: 'import',
      limit: 5,
    })
    expect(here.stdout).toBe(`${JSON.stringify(body)}\n`)

    const [wrong, unknown, late] = await Promise.all([
      run(['memory', 'history', '999999', '--org', orgId], remote),
      run(['memory', 'search', 'x', '--org', orgId, '--colour', 'red'], remote),
      run(['org', 'erase', '--org', orgId], remote),
    ])
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^MEMORY_UNKNOWN: /) })
    expect(unknown.code).toBe(2)
    expect(late).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') })
  })

  it('follows a stream and an org by their cursors, here and there', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const key = await api.keyOf(orgId)
    const remote = { AFTERTURN_URL: api.url, AFTERTURN_API_KEY: key }
    const publish = (eventId: string, ends: boolean) =>
      api.runtime.events.publish({ orgId, stream: ['import', '17'], eventId, type: 'step', data: { eventId }, ends })
    await publish('a', false)
    const following = run(['events', 'tail', 'import', '17', '--org', orgId], remote)
    await publish('b', true)
    const { code, stdout } = await following
    const ids = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).eventId)
    expect([code, ids(stdout)]).toEqual([0, ['a', 'b']])
    const { cursor } = JSON.parse(stdout.split('\n')[0] as string)
    const tail = ['events', 'tail', 'import', '17', '--after', cursor, '--org', orgId]
    const [rest, all] = await Promise.all([
      run(tail, environmentOf(runtimes.config())),
      run(['events', 'tail', '--no-follow', '--org', orgId], remote),
    ])
    expect([ids(rest.stdout), ids(all.stdout)]).toEqual([['b'], ['a', 'b']])
    const client = createClient({ url: api.url, apiKey: key })
    const selection = { orgId, stream: ['import', '17'], after: cursor }
    expect(await client.events.read(selection)).toEqual(await api.runtime.events.read(selection))
  }, 60_000)

  it('serves the tools over standard input and output, and nothing else there', async () => {
    const api = await startApi()
    const orgId = `org-${crypto.randomUUID()}`
    const environment = { ...environmentOf(runtimes.config()), AFTERTURN_ORG: orgId, AFTERTURN_USER: 'maya' }
    const child = spawn(process.execPath, [COMMAND, 'mcp'], { env: { ...BARE_ENVIRONMENT, ...environment } })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const ask = async (id: number, method: string, params: object) => {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
      return JSON.parse((await lines.next()).value as string)
    }
    const clientInfo = { name: 'a test', version: '1' }
    const hello = await ask(1, 'initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    expect(hello).toMatchObject({ id: 1, result: { serverInfo: { name: 'afterturn' } } })
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`)
    const { result } = await ask(2, 'tools/list', {})
    expect(result.tools.map(({ name }: { name: string }) => name)).not.toContain('memory_forget')
    const text = 'The gate code of my house is green.'
    const recorded = await ask(3, 'tools/call', { name: 'memory_record', arguments: { text } })
    expect(recorded.result.structuredContent).toMatchObject({ recorded: 'yes' })
    child.stdin.end()
    expect((await lines.next()).done).toBe(true)
    const found = await api.runtime.memory.search({ orgId, userId: 'maya', query: 'gate code' })
    expect(found.turns).toMatchObject([{ text: expect.stringContaining(text) }])
    expect((await api.runtime.memory.search({ orgId, query: 'gate code' })).turns).toEqual([])
  })
})
