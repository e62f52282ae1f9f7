import { Redis } from 'ioredis'
import { sql } from 'kysely'
import { expect, inject, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Executions of workflows, and progress: what a page shows while work is done. */

const runtimes = useRuntimes(useStore())
const newExecution = () => ({ orgId: crypto.randomUUID(), workflowId: '42', executionId: '1337' })
const streamOf = ({ workflowId, executionId }: { workflowId: string; executionId: string }) => [
  'workflow',
  workflowId,
  'execution',
  executionId,
]

it('started, updates, one end: what a follower sees in order, and what it comes to', async () => {
  const { executions, events } = await runtimes.start()
  const execution = newExecution()
  await expect(executions.updated(execution, { subtaskId: 'a', status: 'done' })).rejects.toMatchObject({
    code: 'EXECUTION_UNKNOWN',
  })
  const first = await executions.started(execution, { data: { recipe: 'report' } })
  expect(await executions.started(execution, { data: { recipe: 'report' } })).toEqual({ ...first, deduplicated: true })
  await expect(executions.started(execution, { data: 'other' })).rejects.toMatchObject({ code: 'EVENT_CONFLICT' })
  await executions.updated(execution, { subtaskId: 'fetch', status: 'running' })
  await executions.updated(execution, { subtaskId: 'write', status: 'running' })
  await executions.updated(execution, { subtaskId: 'fetch', status: 'done', data: { rows: 200 } })
  expect(await executions.status(execution)).toMatchObject({
    status: 'running',
    subtasks: [
      { subtaskId: 'write', status: 'running' },
      { subtaskId: 'fetch', status: 'done', data: { rows: 200 } },
    ],
  })
  await executions.completed(execution, { data: { url: '/reports/7' } })
  const late = await Promise.allSettled([
    executions.updated(execution, { subtaskId: 'fetch', status: 'done' }),
    executions.failed(execution, { error: 'too late' }),
    executions.started(execution, { data: 'other' }),
  ])
  const refused = late.map((outcome) => outcome.status === 'rejected' && outcome.reason.code)
  expect(refused).toEqual(['STREAM_ENDED', 'STREAM_ENDED', 'EVENT_CONFLICT'])
  const types: string[] = []
  for await (const event of events.follow({ orgId: execution.orgId, stream: streamOf(execution) }))
    types.push(event.kind === 'event' ? event.type : event.reason)
  const update = 'subtask_execution_update'
  expect(types).toEqual(['execution_started', update, update, update, 'execution_completed'])
  expect(await executions.status(execution)).toMatchObject({ status: 'completed', result: { url: '/reports/7' } })
  await expect(executions.status({ ...execution, orgId: 'other' })).rejects.toMatchObject({ code: 'EXECUTION_UNKNOWN' })
})

it('one that falls silent is ended by a sweep, once', async () => {
  const runtime = await runtimes.start({ executionSilenceMs: 60_000 })
  const execution = newExecution()
  await runtime.executions.started(execution)
  await sql`update events set at = at - interval '2 minutes' where org_id = ${execution.orgId}`.execute(
    runtime.database,
  )
  await runtime.startWorkers(['memory-digest'])
  const ended = await until(
    () => runtime.executions.status(execution),
    ({ status }) => status !== 'running',
  )
  expect(ended).toMatchObject({ status: 'failed', failure: { reason: 'silent' } })
})

it('a foreign subscriber gets the seed’s channels and words, if the setting says so', async () => {
  const { executions, progress } = await runtimes.start({ eventsRelay: true })
  const subscriber = new Redis(inject('redisUrl'))
  onTestFinished(async () => {
    await subscriber.quit()
  })
  const execution = { ...newExecution(), workflowId: crypto.randomUUID() }
  const channels = [`workflow:${execution.workflowId}:execution:1337`, `pubsub:progress:${execution.workflowId}`]
  const messages: [string, unknown][] = []
  subscriber.on('message', (channel, text) => messages.push([channel, JSON.parse(text)]))
  await subscriber.subscribe(...channels)
  await executions.started(execution, { data: { recipe: 'report' } })
  await progress.report({ orgId: execution.orgId, taskId: execution.workflowId, done: 1, total: 2 })
  await until(
    async () => messages.length,
    (count) => count === 2,
  )
  expect(messages).toEqual([
    [
      channels[0],
      {
        workflow_id: execution.workflowId,
        execution_id: '1337',
        event_type: 'execution_started',
        timestamp: expect.any(String),
        data: { data: { recipe: 'report' } },
      },
    ],
    [channels[1], { task_id: execution.workflowId, done: 1, total: 2, is_ended: false }],
  ])
})

it('progress is conflated to ten frames a second; the last one always arrives, also for who comes late', async () => {
  const [reporter, watcher] = [await runtimes.start(), await runtimes.start()]
  const task = { orgId: crypto.randomUUID(), taskId: 'import-17' }
  const frames: number[] = []
  const watching = (async () => {
    for await (const { done } of watcher.progress.follow(task)) frames.push(done)
  })()
  const reports = 500
  for (let done = 1; done <= reports; done += 1)
    await reporter.progress.report({
      ...task,
      done,
      total: reports,
      label: 'key sk-proj-Ab3dEfGh1jKlMn0pQrStUvWxYz0123456789',
    })
  await watching
  expect(frames.at(-1)).toBe(reports)
  expect(frames.length).toBeLessThanOrEqual(12)
  expect(frames).toEqual(frames.toSorted((a, b) => a - b))
  const late = await watcher.progress.read(task)
  expect(late).toMatchObject({ done: reports, total: reports, isEnded: true })
  expect(late?.label).not.toContain('Ab3dEfGh')
  await watcher.memory.erase({ orgId: task.orgId })
  expect(await watcher.progress.read(task)).toBeUndefined()
})

it('the second of two reports in one millisecond arrives too', async () => {
  const now = () => new Date('2026-03-02T10:00:00Z')
  const runtime = await runtimes.start({}, { clock: { ...systemClock, now } })
  const task = { orgId: crypto.randomUUID(), taskId: 'import-18' }
  const frames = runtime.progress.follow(task)[Symbol.asyncIterator]()
  await runtime.progress.report({ ...task, done: 1, total: 0 })
  expect((await frames.next()).value).toMatchObject({ done: 1 })
  await runtime.progress.report({ ...task, done: 2, total: 0 })
  expect((await frames.next()).value).toMatchObject({ done: 2 })
  await frames.return?.()
})

it('reporting neither fails nor waits while Redis is away', async () => {
  const runtime = await runtimes.start({ redisUrl: 'redis://127.0.0.1:1' })
  await runtime.progress.report({ orgId: 'acme', taskId: 't', done: 1, total: 2 })
  await expect(runtime.progress.report({ orgId: 'acme', taskId: 't', done: -1, total: 2 })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
})
