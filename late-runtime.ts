import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { createRuntime } from './runtime.ts'

/**
 * A door: the runtime as apps import it, which loads the composition root when it is first called. Stores, queues and what stands on them are two thirds
 * of what the package loads, and a program that reads its settings or turns messages into another form needs none of them.
 */

const load = createRequire(import.meta.url)

/** `createRuntime`, with the composition root loaded by its first call. */
export const createLateRuntime: typeof createRuntime = (input, options) => {
  const root = load(fileURLToPath(new URL('./runtime.ts', import.meta.url))) as typeof import('./runtime.ts')
  return root.createRuntime(input, options)
}
