import { createRuntime } from '../../runtime.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { insertTurn } from '../../shared/store/turns/insert-turn.ts'
import { startTcpProxy } from '../../test/helpers/services/tcp-proxy.ts'
import { round, scratchDirectory } from '../benchmark.ts'

/** Owns what `recordTurn` adds to the store's own time while Redis is away, from the first call after it went. */

const TURNS = 300
const HOUR_MS = 3_600_000
const ORG = 'acme'
/** `refused`: connections are refused. `frozen`: they stay silent. */
const OUTAGES = { refused: 'cut', frozen: 'freeze' } as const

type Addresses = { readonly redisUrl: string; readonly databaseUrl: string }

/** Measures `recordTurn` and the bare insertion of the same turn by turns; returns the difference of their 99th percentiles in ms, by outage. */
export async function recordWithoutRedis(
  stack: AsyncDisposableStack,
  addresses: Addresses,
): Promise<Record<keyof typeof OUTAGES, number>> {
  const overStoreP99Ms = { refused: 0, frozen: 0 }
  for (const [outage, fault] of Object.entries(OUTAGES) as [keyof typeof OUTAGES, 'cut' | 'freeze'][]) {
    const line = await startTcpProxy(addresses.redisUrl, await scratchDirectory(stack))
    stack.defer(() => line.stop())
    const runtime = createRuntime({ ...addresses, redisUrl: line.url, digestWindowMs: HOUR_MS }, { log: silentLog })
    try {
      await runtime.connect()
      const turnOf = (name: string, n: number) => ({
        orgId: ORG,
        workstreamId: `${name}-${outage}`,
        turnId: `t-${n}`,
        messages: [{ role: 'user' as const, content: `I keep ${n} boats in the harbour.` }],
      })
      const record = (n: number) => runtime.memory.recordTurn(turnOf('recorded', n))
      const insert = (n: number) => {
        const timing = { now: new Date(), windowMs: HOUR_MS, maxWaitMs: HOUR_MS }
        return insertTurn(runtime.database, turnOf('inserted', n), Buffer.alloc(32, n), timing)
      }
      // Loads the counter of tokens, and opens both connections.
      await record(-1)
      await insert(-1)
      line[fault]()
      const [recordMs, insertMs]: [number[], number[]] = [[], []]
      for (let n = 0; n < TURNS; n += 1) {
        recordMs.push(await timed(() => record(n)))
        insertMs.push(await timed(() => insert(n)))
      }
      overStoreP99Ms[outage] = round(p99(recordMs) - p99(insertMs))
      console.log(
        `recordTurn, Redis ${outage}: p99 ${p99(recordMs).toFixed(1)} ms, the first ${recordMs[0]?.toFixed(1)} ms; ` +
          `the store alone: p99 ${p99(insertMs).toFixed(1)} ms; over it ${overStoreP99Ms[outage].toFixed(1)} ms`,
      )
    } finally {
      await runtime.disconnect()
    }
  }
  return overStoreP99Ms
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await call()
  return performance.now() - startedMs
}

function p99(timesMs: readonly number[]): number {
  return timesMs.toSorted((a, b) => a - b)[Math.floor(timesMs.length * 0.99)] as number
}
