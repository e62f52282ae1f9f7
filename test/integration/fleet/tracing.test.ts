import { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, type ContextManager, context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const exporter = new InMemorySpanExporter()

/** What an SDK's context manager does. */
class LocalContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT
  with: ContextManager['with'] = (active, work, self, ...args) =>
    this.#storage.run(active, () => work.call(self as never, ...(args as never)))
  bind: ContextManager['bind'] = (_active, target) => target
  enable = () => this
  disable = () => this
}

beforeAll(() => {
  context.setGlobalContextManager(new LocalContext())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
})
beforeEach(() => exporter.reset())
afterAll(() => {
  trace.disable()
  propagation.disable()
  context.disable()
})

it('one trace leads from recordTurn through the job to the model call and the commit', async () => {
  const model = await startModelServer()
  const runtime = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64, tracing: true })
  const worker = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64, tracing: true })
  await runtime.memory.recordTurn(turn(1, { orgId: 'traced' }))
  await worker.startWorkers(['memory-digest'])
  await untilSettled(runtime, 'traced')
  const spans = await until(
    () => exporter.getFinishedSpans(),
    (finished) => finished.some(({ name }) => name === 'commit extraction'),
  )
  const commit = spans.find(({ name }) => name === 'commit extraction')
  const call = spans.find(({ name }) => name === 'model extract-facts')
  const recording = spans.find(({ name }) => name === 'recordTurn')
  const traceIds = [commit, call, recording].map((span) => span?.spanContext().traceId)
  expect(new Set(traceIds).size).toBe(1)
  expect(recording?.parentSpanContext).toBeUndefined()
  expect(commit?.parentSpanContext).toBeDefined()
  const said = JSON.stringify(spans.map(({ name, attributes, status }) => ({ name, attributes, status })))
  expect(said).not.toContain('Lisbon')
  await model.stop()
})

it('without TRACING nothing makes a span', async () => {
  const runtime = await runtimes.start()
  await runtime.startWorkers(['memory-digest'])
  await runtime.memory.recordTurn(turn(1, { orgId: 'untraced' }))
  await untilSettled(runtime, 'untraced')
  expect(exporter.getFinishedSpans()).toEqual([])
})
