import './shared/require-node.ts'
import { createRuntime, type Runtime, type RuntimeOptions } from './runtime.ts'
import { type Config, type ConfigInput, parseConfig, readConfig } from './shared/config.ts'
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
  return createRuntime(configWith(overrides), options)
}

/** Where every copy of this module in a process finds the shared runtime: a hot reload or a bundler loads it again. */
const SHARED = Symbol.for('afterturn.shared-runtime')
type Holder = { [SHARED]?: { readonly settings: string; readonly runtime: Runtime } | undefined }

/**
 * Returns the one runtime of this process, and creates it at the first call: for servers that load modules again, such as `next dev` or
 * `vite`, where each reload would open connections of its own. After a change of the settings the old one is disconnected and a new one made;
 * `options` count at the first call. `connect()` may be called each time.
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
  const config = configWith(overrides)
  const settings = JSON.stringify(config)
  const holder = globalThis as Holder
  const held = holder[SHARED]
  if (held?.settings === settings) return held.runtime
  // What it was doing ends in its own time.
  held?.runtime.disconnect().catch(() => {})
  const created = createRuntime(config, options)
  let connecting: Promise<void> | undefined
  const runtime: Runtime = {
    ...created,
    connect() {
      connecting ??= created.connect().catch((error) => {
        connecting = undefined
        throw error
      })
      return connecting
    },
    async disconnect() {
      // The next call makes a new one: a runtime that was disconnected stays so.
      if (holder[SHARED]?.runtime === runtime) holder[SHARED] = undefined
      await created.disconnect()
    },
  }
  holder[SHARED] = { settings, runtime }
  return runtime
}

function configWith(overrides: Partial<ConfigInput>): Config {
  return parseConfig({ ...readConfig(process.env, readServiceAddresses()), ...overrides })
}
