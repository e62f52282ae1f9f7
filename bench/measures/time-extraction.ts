import { environmentOf, startProcess } from '../../cli/services/services.ts'
import { createRuntime, type Runtime } from '../../runtime.ts'
import type { ConfigInput } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { type FleetCpu, readFleetCpu } from './fleet-cpu.ts'

/** The work of a fleet: the number of workstreams with one turn each, of orgs that share them, and of processes that extract them. */
type Extraction = {
  readonly settings: ConfigInput
  readonly workstreams: number
  readonly processes: number
  /** @default 1 */
  readonly orgs?: number
  /** Turns of another org that are extracted before the time is taken, so that the processes are warm. @default 0 */
  readonly warmUp?: number
}

/**
 * Queues everything while the queue is paused and the processes start; the seconds run from resuming to the last turn settled, and so does the processor's
 * time. `look` sees the fleet then, and the first org.
 */
export async function timeExtraction<T>(
  { settings, workstreams, processes: count, orgs = 1, warmUp = 0 }: Extraction,
  look: (runtime: Runtime, orgId: string) => Promise<T>,
): Promise<{ seconds: number; cpuMs: FleetCpu; seen: T }> {
  const runtime = createRuntime(settings, { log: silentLog })
  await runtime.connect()
  const queue = runtime.queues.queue('memory-extraction')
  const fill = async (turns: number, orgIdOf: (index: number) => string) => {
    await queue.pause()
    for (let index = 0; index < turns; index++) {
      const turn = { orgId: orgIdOf(index), workstreamId: `w${index}`, turnId: 't' }
      const content = `I am number ${index} and I live in house ${index}.`
      await runtime.memory.recordTurn({ ...turn, messages: [{ role: 'user', content }] })
      await runtime.memory.extractNow(turn)
    }
  }
  const untilExtracted = async (orgIds: readonly string[]) => {
    for (const orgId of orgIds)
      while ((await runtime.memory.status({ orgId })).turns.pending > 0)
        await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const orgIds = Array.from({ length: orgs }, (_, index) => `org-${index}-of-${settings.redisKeyPrefix}`)
  const warmOrg = `warm-of-${settings.redisKeyPrefix}`
  await fill(warmUp, () => warmOrg)
  if (warmUp === 0) await fill(workstreams, (index) => orgIds[index % orgs] as string)
  const environment = { ...process.env, ...environmentOf(settings) }
  const processes = await Promise.all(
    Array.from({ length: count }, () => startProcess('memory-extraction', environment)),
  )
  if (warmUp > 0) {
    await queue.resume()
    await untilExtracted([warmOrg])
    await fill(workstreams, (index) => orgIds[index % orgs] as string)
  }
  const before = await readFleetCpu()
  const startedMs = performance.now()
  await queue.resume()
  await untilExtracted(orgIds)
  const seconds = (performance.now() - startedMs) / 1_000
  const after = await readFleetCpu()
  const cpuMs = {
    worker: after.worker - before.worker,
    store: after.store - before.store,
    redis: after.redis - before.redis,
  }
  const seen = await look(runtime, orgIds[0] as string)
  await Promise.all(processes.map((one) => one.stop()))
  await runtime.disconnect()
  return { seconds, cpuMs, seen }
}
