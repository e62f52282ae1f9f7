import { createApiApp } from '../api/http/api-app.ts'
import { apiOptionsOf, liveOptionsOf } from '../api/http/api-options.ts'
import { serveApi } from '../api/http/serve-api.ts'
import { createLive } from '../api/live/live.ts'
import { heading, printHanging } from '../cli/output/terminal.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'

/** Owns what the demo shows of events and messages: a workflow that is watched over HTTP while it runs, in which an agent answers a message. */

const ORG = 'demo-live'
const EXECUTION = { orgId: ORG, workflowId: 'weekly-report', executionId: '1' }
const STEPS = ['fetch', 'summarise', 'review']
/** Far more than it takes, so that a busy machine ends no demo. */
const PATIENCE_MS = 60_000

/** Runs a workflow of three steps, the last of them a message to an agent, and prints what a client sees of it as it happens. */
export async function showLive({ config }: Runtime, signal: AbortSignal): Promise<void> {
  const agents = [{ name: 'reviewer', handler: ({ data }: { data: unknown }) => ({ verdict: 'fine', data }) }]
  await using stack = new AsyncDisposableStack()
  const runtime = createRuntime(config, { log: silentLog, agents })
  stack.defer(() => runtime.disconnect())
  await runtime.connect()
  await runtime.startWorkers(['agent-reviewer'])
  const live = createLive(runtime, { ...liveOptionsOf(runtime), spreadMs: 0 })
  const app = createApiApp({ ...apiOptionsOf(runtime, silentLog), live: live.routes })
  const api = await serveApi(app, { host: '127.0.0.1', port: 0 }, live)
  stack.defer(() => api.stop(0))
  const { key, keyId } = await runtime.keys.create({ orgId: ORG, scopes: ['events:read'] })
  stack.defer(() => runtime.keys.revoke({ orgId: ORG, keyId }))

  heading('A workflow, watched while it runs')
  const { workflowId, executionId } = EXECUTION
  const address = `${api.url}/v1/orgs/${ORG}/events/workflow/${workflowId}/execution/${executionId}`
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
  const watching = watch(address, key, patience)
  await runWorkflow(runtime, patience)
  await watching
}

async function runWorkflow({ executions, messages, events }: Runtime, signal: AbortSignal): Promise<void> {
  await executions.started(EXECUTION)
  for (const subtaskId of STEPS) {
    await executions.updated(EXECUTION, { subtaskId, status: 'running' })
    const message = { orgId: ORG, messageId: subtaskId }
    if (subtaskId === 'review') {
      await messages.send({ ...message, type: 'reviewer', data: { pages: 3 } })
      let status = await messages.status(message)
      while (status.state !== 'completed' && status.state !== 'dead') {
        signal.throwIfAborted()
        await events.read({ orgId: ORG, stream: ['review'], waitMs: 100 })
        status = await messages.status(message)
      }
      await executions.updated(EXECUTION, { subtaskId, status: 'done', data: status.result })
    } else await executions.updated(EXECUTION, { subtaskId, status: 'done' })
  }
  await executions.completed(EXECUTION, { data: { report: 'ready' } })
}

/** Prints events as they arrive, until the stream ends. */
async function watch(address: string, key: string, signal: AbortSignal): Promise<void> {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${key}` }
  const response = await fetch(address, { headers, signal })
  let rest = ''
  for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const body = block.split('\n').find((line) => line.startsWith('data: '))
      if (body === undefined) continue
      const { seq, type, data } = JSON.parse(body.slice('data: '.length))
      printHanging(2, '', `${seq}  ${type}  ${[data.subtaskId, data.status].filter(Boolean).join(' ')}`.trimEnd())
    }
  }
}
