import type { Runtime } from '../../runtime.ts'

/** Shared with `dev`, so that each command finds what the other wrote. */
const DATA_DIR = '.data/dev'

/** Runs `work` with a connected runtime, on the configured or running services; if there are none, starts those of `dev` for as long. */
export async function withServicesUp(work: (runtime: Runtime) => Promise<void>): Promise<void> {
  // Loaded late, so that help and usage errors are fast.
  const { createRuntime } = await import('../../runtime.ts')
  const { readConfig } = await import('../../shared/config.ts')
  const { silentLog } = await import('../../shared/observe/log.ts')
  const { readServiceAddresses } = await import('../../shared/processes/service-addresses.ts')
  const { environmentOf } = await import('./services.ts')
  const { startServicesFor, untilInterrupted } = await import('./until-interrupted.ts')
  return untilInterrupted(async (stack) => {
    let addresses: object = readServiceAddresses()
    if (Object.keys(addresses).length === 0)
      addresses = (await startServicesFor(stack, DATA_DIR, process.env)).addresses
    const runtime = createRuntime(readConfig({ ...environmentOf(addresses), ...process.env }), { log: silentLog })
    stack.defer(() => runtime.disconnect())
    await runtime.connect()
    await work(runtime)
  })
}
