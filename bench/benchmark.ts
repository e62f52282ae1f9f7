import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Services, startServices } from '../scripts/services.ts'
import { AfterturnError } from '../shared/errors.ts'
import { untilSignalled } from '../shared/lifecycle.ts'

/** What a benchmark is: its arguments, and a function that prints a table for people and answers its figures. */
export type Benchmark = {
  readonly usage: readonly string[]
  run(args: readonly string[]): Promise<Record<string, unknown>>
}

/** Runs with embedded services of its own, in a directory that is gone afterwards. The environment's own services are not touched. */
export async function withServices<T>(run: (services: Services) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'afterturn-bench-'))
  const services = await startServices(dataDir, { PATH: process.env.PATH })
  const interrupted = untilSignalled().then(() => {
    throw new AfterturnError('SHUTTING_DOWN', 'The benchmark was interrupted.')
  })
  try {
    return await Promise.race([run(services), interrupted])
  } finally {
    await services.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A figure with three decimals, as the tables show it. */
export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
