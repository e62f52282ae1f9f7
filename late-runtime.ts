import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { createRuntime } from './runtime.ts'

/**
 * A door: the runtime as apps import it, which loads the composition root when it is first called. Stores, queues and what stands on them are two thirds
 * of what the package loads, and a program that reads its settings or turns messages into another form needs none of them.
 */

const load = createRequire(import.meta.url)

/**
 * Creates a runtime from a configuration. Connections open with `connect()` or on first use; `disconnect()` closes them.
 * @throws CONFIG_INVALID naming every fault at once.
 * @example
 * const runtime = createRuntime(readConfig(process.env))
 * await runtime.connect()
 */
export const createLateRuntime: typeof createRuntime = (input, options) => {
  const root = load(fileURLToPath(new URL('./runtime.ts', import.meta.url))) as typeof import('./runtime.ts')
  return root.createRuntime(input, options)
}
