import { environmentOf, startProcess } from '../../cli/services/services.ts'
import { createRuntime, type Runtime } from '../../runtime.ts'
import type { ConfigInput } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'

/** The work of a fleet: one turn in each of so many workstreams of one org, extracted by so many processes. */
type Extraction = {
  readonly settings: ConfigInput
  readonly workstreams: number
  readonly processes: number
}

/** Queues everything while the queue is paused and the processes start; the seconds run from resuming to the last turn settled. `look` sees the fleet then. */
export async function timeExtraction<T>(
  { settings, workstreams, processes: count }: Extraction,
  look: (runtime: Runtime, orgId: string) => Promise<T>,
): Promise<{ seconds: number; seen: T }> {
  const runtime = createRuntime(settings, { log: silentLog })
  await runtime.connect()
  const queue = runtime.queues.queue('memory-extraction')
  await queue.pause()
  const orgId = `org-of-${settings.redisKeyPrefix}`
  for (let index = 0; index < workstreams; index++) {
    const turn = { orgId, workstreamId: `w${index}`, turnId: 't' }
    const content = `I am number ${index} and I live in house ${index}.`
    await runtime.memory.recordTurn({ ...turn, messages: [{ role: 'user', content }] })
    await runtime.memory.extractNow(turn)
  }
  const environment = { ...process.env, ...environmentOf(settings) }
  const processes = await Promise.all(
    Array.from({ length: count }, () => startProcess('memory-extraction', environment)),
  )
  const startedMs = performance.now()
  await queue.resume()
  while ((await runtime.memory.status({ orgId })).turns.pending > 0)
    await new Promise((resolve) => setTimeout(resolve, 50))
  const seconds = (performance.now() - startedMs) / 1_000
  const seen = await look(runtime, orgId)
  await Promise.all(processes.map((one) => one.stop()))
  await runtime.disconnect()
  return { seconds, seen }
}
