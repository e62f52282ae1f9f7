import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { useApi } from '../helpers/api.ts'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/services/store.ts'

/** The clients of the guides, in JavaScript, Python and curl, run as they stand there. */

const startApi = useApi(useRuntimes(useStore()))
const blockOf = (guide: string, language: string, at = 0) => {
  const text = readFileSync(new URL(`../../docs/guides/${guide}.md`, import.meta.url), 'utf8')
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))
  return [...blocks][at]?.[1] as string
}
const functionOf = (guide: string, name: string) => new Function(`${blockOf(guide, 'js')}\nreturn ${name}`)()

/** What a program prints. */
function run(command: string, args: string[], environment: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
    let [output, errors] = ['', '']
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command}: ${code} ${errors}`))))
  })
}

it('follow a stream to its end', async () => {
  const { runtime, url, keyOf, call } = await startApi()
  const orgId = crypto.randomUUID()
  const key = await keyOf(orgId)
  const stream = ['import', '17']
  for (const n of [1, 2])
    await runtime.events.publish({ orgId, stream, eventId: `e${n}`, type: 'rows_read', data: { n }, ends: n === 2 })
  const environment = { STREAM_URL: `${url}/v1/orgs/${orgId}/events/import/17`, AFTERTURN_API_KEY: key }
  const seen: unknown[] = []
  const ticketOf = async () =>
    (await call(key, 'POST', `/v1/orgs/${orgId}/live/tickets`, { streams: [stream] })).body.ticket
  const [python, curl] = await Promise.all([
    run('python3', ['-c', blockOf('events', 'python')], environment),
    run('sh', ['-c', blockOf('events', 'sh')], environment),
    functionOf('events', 'follow')(environment.STREAM_URL, ticketOf, (type: string, { data }: { data: unknown }) =>
      seen.push([type, data]),
    ),
  ])
  expect(python).toBe('1 rows_read {"n": 1}\n2 rows_read {"n": 2}\n')
  expect(curl.match(/^data: .*$/gm)).toHaveLength(2)
  expect(seen).toEqual([
    ['rows_read', { n: 1 }],
    ['rows_read', { n: 2 }],
  ])
})

it('report an execution of a workflow, and how far a task is', async () => {
  const { runtime, url, keyOf } = await startApi()
  const orgId = crypto.randomUUID()
  const environment = { API_URL: url, AFTERTURN_API_KEY: await keyOf(orgId), ORG: orgId }
  await run('python3', ['-c', blockOf('events', 'python', 1)], environment)
  expect(await runtime.executions.status({ orgId, workflowId: '42', executionId: '1337' })).toMatchObject({
    status: 'completed',
    subtasks: [{ subtaskId: 'fetch', status: 'done', data: { rows: 200 } }],
    result: { url: '/reports/7' },
  })
  expect(await runtime.progress.read({ orgId, taskId: 'import-17' })).toMatchObject({ done: 200, isEnded: false })
})

it('send messages, and work them', async () => {
  const { runtime, url, keyOf } = await startApi()
  const orgId = crypto.randomUUID()
  const environment = { API_URL: url, AFTERTURN_API_KEY: await keyOf(orgId), ORG: orgId, MESSAGE: 'm-1' }
  await run('sh', ['-c', blockOf('messages', 'sh')], environment)
  await run('python3', ['-c', blockOf('messages', 'python')], environment)
  expect(await runtime.messages.status({ orgId, messageId: 'm-1' })).toMatchObject({
    state: 'completed',
    result: { reviewed: 7 },
  })
  await runtime.messages.send({ orgId, messageId: 'm-2', type: 'review', agent: 'node', data: { pr: 8 } })
  const work = functionOf('messages', 'work')
  const at = { org: orgId, id: 'm-2' }
  await work(url, environment.AFTERTURN_API_KEY, at, ({ pr }: { pr: number }) => ({ reviewed: pr }))
  expect(await runtime.messages.status({ orgId, messageId: 'm-2' })).toMatchObject({ result: { reviewed: 8 } })
})
