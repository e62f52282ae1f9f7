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
