import { fileURLToPath } from 'node:url'
import { environmentOf } from '../../cli/services/services.ts'
import { startServicesFor, untilInterrupted } from '../../cli/services/until-interrupted.ts'
import { prepareSandbox } from '../../scripts/services-sandbox.mjs'
import type { ServiceAddresses } from '../../shared/processes/service-addresses.ts'
import { migrate } from '../../shared/store/migrations.ts'
import { startServers } from '../../test/services/start-servers.ts'
import { scratchDirectory } from '../benchmark.ts'

/** Runs with a PostgreSQL 17 of its own, migrated and with the durability of production, which is gone afterwards. It needs what `npm run test:services` needs. */
export function withPostgres<T>(run: (url: string) => Promise<T>): Promise<T> {
  return untilInterrupted(async (stack) => run(await startPostgres(stack)))
}

/** Runs with embedded services of its own, as `withServices` does; with the argument `postgres` on a PostgreSQL 17, else on PGlite. */
export function withServicesOn<T>(
  args: readonly string[],
  run: (
    addresses: Required<Pick<ServiceAddresses, 'redisUrl' | 'databaseUrl'>>,
    stack: AsyncDisposableStack,
  ) => Promise<T>,
): Promise<T> {
  return untilInterrupted(async (stack) => {
    const given = args.includes('postgres') ? { databaseUrl: await startPostgres(stack) } : {}
    const dataDir = await scratchDirectory(stack)
    const services = await startServicesFor(stack, dataDir, { PATH: process.env.PATH, ...environmentOf(given) })
    const { redisUrl, databaseUrl } = { ...services.addresses, ...given }
    return run({ redisUrl: redisUrl as string, databaseUrl: databaseUrl as string }, stack)
  })
}

async function startPostgres(stack: AsyncDisposableStack): Promise<string> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const sandbox = await prepareSandbox(root, (line: string) => console.error(line))
  if ('skipReason' in sandbox) throw new Error(`No PostgreSQL 17 here: ${sandbox.skipReason}`)
  const servers = await startServers(sandbox.directory, ['postgres'], { isDurable: true })
  stack.defer(() => servers.stop())
  await migrate(servers.postgres.url)
  return servers.postgres.url
}

/** The median of times in milliseconds, each way's runs between the other's. */
export async function medianTimes<Name extends string>(
  ways: Readonly<Record<Name, (round: number) => Promise<unknown>>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[]
  const times = new Map(names.map((name) => [name, [] as number[]]))
  const untimed = Math.ceil(rounds / 10)
  for (let round = -untimed; round < rounds; round++)
    for (const name of names) {
      const began = performance.now()
      await ways[name](round + untimed)
      if (round >= 0) times.get(name)?.push(performance.now() - began)
    }
  const medianOf = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] as number
  return Object.fromEntries(names.map((name) => [name, medianOf(times.get(name) ?? [])])) as Record<Name, number>
}
