import { createRuntime } from '../runtime.ts'
import { readConfig } from '../shared/config.ts'
import { runProcess } from '../shared/lifecycle.ts'
import { readServiceAddresses } from '../shared/service-addresses.ts'

/** A door: runs the workers of the given queues in this process until it is told to stop. */
export function runWorkers(queues: readonly string[]): Promise<void> {
  return runProcess(async () => {
    const runtime = createRuntime(readConfig(process.env, readServiceAddresses()))
    await runtime.connect()
    await runtime.startWorkers(queues)
    return { ready: { stopTimeoutMs: runtime.config.drainTimeoutMs }, stop: () => runtime.disconnect() }
  })
}
