import { afterEach, expect, it } from 'vitest'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { readFleetGauges } from '../../../dashboard/fleet-gauges.ts'
import { startMetricsServer } from '../../../shared/observe/metrics-server.ts'
import { createReadiness } from '../../../shared/processes/readiness.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** The value of one line of Prometheus' text; undefined when there is no such line. */
function sampleOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

it('a turn that is extracted, one that is not, and the model calls are counted and timed', async () => {
  const model = await startModelServer()
  cleanUps.push(() => model.stop())
  const settings = { openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 1, modelOutageMaxMs: 0 }
  const runtime = await runtimes.start(settings)
  readFleetGauges(runtime.metrics, runtime)
  await runtime.memory.recordTurn(turn(1, { orgId: 'measured' }))
  await runtime.memory.recordTurn(turn(1, { orgId: 'measured' }))
  await expect(runtime.memory.recordTurn({} as never)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  const before = await runtime.metrics.text()
  expect(sampleOf(before, 'afterturn_turns_recorded_total{result="recorded"}')).toBe(1)
  expect(sampleOf(before, 'afterturn_turns_recorded_total{result="deduplicated"}')).toBe(1)
  expect(sampleOf(before, 'afterturn_turns_recorded_total{result="INPUT_INVALID"}')).toBe(1)
  expect(sampleOf(before, 'afterturn_record_turn_seconds_count')).toBe(3)
  expect(sampleOf(before, 'afterturn_turns{state="pending"}')).toBe(1)
  expect(sampleOf(before, 'afterturn_oldest_pending_seconds{org="measured"}')).toBeGreaterThanOrEqual(0)

  model.fault({ status: 500, times: 1, path: '/chat/completions' })
  await runtime.startWorkers(['memory-digest'])
  await untilSettled(runtime, 'measured')
  model.fault({ status: 400, times: 1, path: '/chat/completions' })
  await runtime.killSwitch.turnOn({ orgId: 'another', by: 'ops' })
  await runtime.memory.recordTurn(turn(2, { orgId: 'measured' }))
  await untilSettled(runtime, 'measured')
  const queue = 'queue="memory-digest"'
  const after = await until(
    () => runtime.metrics.text(),
    (text) => sampleOf(text, `afterturn_jobs_ended_total{${queue},outcome="failed"}`) === 1,
  )
  expect(sampleOf(after, `afterturn_jobs_ended_total{${queue},outcome="retried"}`)).toBe(1)
  expect(sampleOf(after, `afterturn_jobs_ended_total{${queue},outcome="completed"}`)).toBeGreaterThan(0)
  expect(sampleOf(after, `afterturn_job_start_latency_seconds_count{${queue}}`)).toBeGreaterThan(1)
  expect(sampleOf(after, 'afterturn_lock_wait_seconds_count')).toBe(1)
  expect(sampleOf(after, 'afterturn_lock_hold_seconds_count')).toBe(1)
  const task = 'task="extract-facts"'
  expect(sampleOf(after, `afterturn_model_calls_total{${task},outcome="ok"}`)).toBe(1)
  expect(sampleOf(after, `afterturn_model_calls_total{${task},outcome="MODEL_UNAVAILABLE"}`)).toBe(1)
  expect(sampleOf(after, `afterturn_model_calls_total{${task},outcome="MODEL_REFUSED"}`)).toBe(1)
  expect(sampleOf(after, `afterturn_model_tokens_total{${task},direction="input"}`)).toBeGreaterThan(10)
  expect(sampleOf(after, `afterturn_dead_letters{${queue},code="MODEL_REFUSED"}`)).toBe(1)
  expect(sampleOf(after, 'afterturn_kill_switches{scope="org"}')).toBe(1)
  expect(sampleOf(after, 'afterturn_kill_switches{scope="everything"}')).toBe(0)
  expect(sampleOf(after, 'process_cpu_user_seconds_total')).toBeGreaterThan(0)
})

it('autoscalers see what is due, what more workers would start, and who is there', async () => {
  const runtime = await runtimes.start({ memoryDigestConcurrency: 3 })
  readFleetGauges(runtime.metrics, runtime)
  const gauge = async (name: string) =>
    sampleOf(await runtime.metrics.text(), `afterturn_queue_${name}{queue="memory-digest"}`)
  const queue = runtime.queues.queue('memory-digest')
  await queue.add('memory-digest', { v: 1, orgId: 'scaled', workstreamId: 'w' })
  await queue.add('memory-digest', { v: 1, orgId: 'scaled', workstreamId: 'later' }, { delay: 3_600_000 })
  expect([await gauge('due_jobs'), await gauge('runnable_jobs'), await gauge('workers'), await gauge('slots')]).toEqual(
    [1, 1, 0, 0],
  )
  await runtime.killSwitch.turnOn({ queue: 'memory-digest', by: 'ops' })
  expect([await gauge('due_jobs'), await gauge('runnable_jobs')]).toEqual([1, 0])
  const fleet = await runtime.startWorkers(['memory-digest'])
  const served = await until(
    async () => [await gauge('workers'), await gauge('slots')],
    ([workers]) => workers === 1,
  )
  expect(served[1]).toBe(fleet.activity()[0]?.concurrency)
  await fleet.drain(1_000)
  expect([await gauge('workers'), await gauge('slots')]).toEqual([0, 0])
})

it('two runtimes of a process count apart, and a gauge that cannot be read hides no other', async () => {
  const [one, other] = await Promise.all([runtimes.start(), runtimes.start()])
  await one.memory.recordTurn(turn(1, { orgId: 'apart' }))
  one.metrics.readGauge('afterturn_jobs_parked', () => Promise.reject(new Error('away')))
  expect(sampleOf(await one.metrics.text(), 'afterturn_turns_recorded_total{result="recorded"}')).toBe(1)
  expect(sampleOf(await other.metrics.text(), 'afterturn_turns_recorded_total{result="recorded"}')).toBeUndefined()
})

it('the server answers /metrics and probes, and nothing else', async () => {
  const runtime = await runtimes.start()
  const readiness = createReadiness({
    good: async () => {},
    bad: async () => away && Promise.reject(new Error('away')),
  })
  let away = false
  const server = await startMetricsServer(runtime.metrics, { host: '127.0.0.1', port: 0 }, readiness)
  cleanUps.push(() => server.stop())
  const probe = async (path: string) => {
    const answer = await fetch(new URL(path, server.url))
    return [answer.status, await answer.json()]
  }
  expect(await probe('/readyz')).toEqual([200, { status: 'ok' }])
  away = true
  expect(await probe('/readyz')).toEqual([503, { status: 'unavailable', missing: ['bad'] }])
  away = false
  const draining = readiness.drain()
  expect(await probe('/readyz')).toEqual([503, { status: 'unavailable', missing: ['draining'] }])
  await draining
  expect(await probe('/livez')).toEqual([200, { status: 'ok' }])
  const answer = await fetch(server.url)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
  expect(await answer.text()).toContain('# TYPE afterturn_jobs_ended_total counter')
  const taken = startMetricsServer(runtime.metrics, { host: '127.0.0.1', port: Number(new URL(server.url).port) })
  await expect(taken).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('METRICS_PORT'),
  })
  for (const [path, method] of [['/', 'GET'], ['/metrics', 'POST'], ['/metrics/..', 'GET']]) // biome-ignore format: one line
    expect((await fetch(new URL(path as string, server.url), { method: method as string })).status).toBe(404)
})

it('a worker process serves its own on METRICS_PORT', async () => {
  const server = await startMetricsServer(
    { text: async () => '', contentType: 'text/plain' },
    { host: '127.0.0.1', port: 0 },
  )
  const url = server.url
  await server.stop()
  const environment = { ...process.env, ...environmentOf(runtimes.config()), METRICS_PORT: new URL(url).port }
  const worker = await startProcess('memory-digest', { ...environment, LOG_LEVEL: 'error' })
  cleanUps.push(() => worker.stop())
  expect(await (await fetch(url)).text()).toContain('process_resident_memory_bytes')
})
