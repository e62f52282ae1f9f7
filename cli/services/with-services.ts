import { createRuntime, type Runtime } from '../../runtime.ts'
import { readConfig } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { readServiceAddresses } from '../../shared/processes/service-addresses.ts'
import { environmentOf } from './services.ts'
import { startServicesFor, untilInterrupted } from './until-interrupted.ts'

/** Those of `npm run dev`, so that one command finds what the other wrote. */
const DATA_DIR = '.data/dev'

/** Gives the work a connected runtime: on the services that are configured or run beside it, else on those of `npm run dev`, started for as long. */
export function withServicesUp(work: (runtime: Runtime) => Promise<void>): Promise<void> {
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
