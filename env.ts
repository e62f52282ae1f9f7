import './shared/require-node.ts'
import { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
import { type ConfigInput, parseConfig, readConfig } from './shared/config.ts'
import { readServiceAddresses } from './shared/processes/service-addresses.ts'

/** A door: `afterturn/env`. Reads the environment for an app, so that importing `afterturn` alone never does. */

/**
 * Creates a runtime from environment variables and, in development, from the services that `npm run dev` announced in this directory.
 * `overrides` take precedence over both.
 * @throws CONFIG_INVALID naming every fault at once
 * @example
 * import { createRuntimeFromEnvironment } from 'afterturn/env'
 * const runtime = createRuntimeFromEnvironment({ digestWindowMs: 60_000 })
 * await runtime.connect()
 * await runtime.disconnect()
 */
export function createRuntimeFromEnvironment<const Payloads extends readonly object[]>(
  overrides: Partial<ConfigInput> = {},
  options: RuntimeOptions<Payloads> = {},
): Runtime {
  const config = readConfig(process.env, readServiceAddresses())
  return createRuntime(parseConfig({ ...config, ...overrides }), options)
}

const SHARED_NAME = 'shared'

/**
 * Returns the one runtime of this process, and creates it at the first call: for servers that load modules again, such as `next dev` or
 * `vite`, where each reload would open connections of its own. With other settings or options a new one takes the place of the old, which drains
 * and closes. `connect()` may be called each time.
 * @throws CONFIG_INVALID naming every fault at once
 * @example
 * import { sharedRuntime } from 'afterturn/env'
 * export async function memory() {
 *   const runtime = sharedRuntime()
 *   await runtime.connect()
 *   return runtime.memory
 * }
 */
export function sharedRuntime<const Payloads extends readonly object[]>(
  overrides: Partial<ConfigInput> = {},
  options: RuntimeOptions<Payloads> = {},
): Runtime {
  return createRuntimeFromEnvironment(overrides, { name: SHARED_NAME, ...options })
}
