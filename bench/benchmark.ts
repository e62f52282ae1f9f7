import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Services } from '../cli/services/services.ts'
import { startServicesFor, untilInterrupted } from '../cli/services/until-interrupted.ts'

/** What a benchmark is: its arguments, and a function that prints a table for people and answers its figures. */
export type Benchmark = {
  readonly usage: readonly string[]
  run(args: readonly string[]): Promise<Record<string, unknown>>
}

/**
 * Runs with embedded services of its own, in a directory that is gone afterwards, interrupted or not, with what is on the stack. The environment's own
 * services are not touched.
 */
export function withServices<T>(run: (services: Services, stack: AsyncDisposableStack) => Promise<T>): Promise<T> {
  return untilInterrupted(async (stack) => {
    const dataDir = await scratchDirectory(stack)
    return run(await startServicesFor(stack, dataDir, { PATH: process.env.PATH }), stack)
  })
}

/** A directory that is gone with the stack. */
export async function scratchDirectory(stack: AsyncDisposableStack): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'afterturn-bench-'))
  stack.defer(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** A figure with three decimals, as the tables show it. */
export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
