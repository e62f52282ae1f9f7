import { createRuntime } from '../runtime.ts'
import { silentLog } from '../shared/observe/log.ts'
import { type Benchmark, round, withServices } from './benchmark.ts'

/** What a session costs and guarantees: the time of a read from its row, and how many sessions come back that were ended during a slow request, with connect-redis' algorithm beside it. */

const READS = 2_000
const PAIRS = 1_000

const benchmark: Benchmark = {
  usage: [],
  run: () =>
    withServices(async (services) => {
      const runtime = createRuntime({ ...services.addresses, secretKeys: 'bench '.repeat(8) }, { log: silentLog })
      await runtime.connect()
      const { sessions } = runtime
      const user = { orgId: 'bench', userId: 'user' }
      const { sessionId } = await sessions.start({ ...user, data: { role: 'admin' } })
      const times = []
      for (let count = 0; count < READS; count++) {
        const startedMs = performance.now()
        await sessions.find({ sessionId })
        times.push(performance.now() - startedMs)
      }
      times.sort((a, b) => a - b)
      const readP50Ms = times[READS / 2] as number
      let resurrected = 0
      for (let pair = 0; pair < PAIRS; pair++) {
        const { sessionId: id } = await sessions.start(user)
        const slow = sessions.update({ sessionId: id }, async (data) => {
          await sessions.end({ sessionId: id })
          return { ...data, late: true }
        })
        await slow.catch(() => undefined)
        if (await sessions.find({ sessionId: id })) resurrected += 1
      }
      // connect-redis: the session is read when a request begins, and written whole when it ends.
      const redis = runtime.redis.getConnection()
      let resurrectedByConnectRedis = 0
      for (let pair = 0; pair < PAIRS; pair++) {
        const key = `bench-sess:${pair}`
        await redis.set(key, '{}', 'EX', 60)
        const read = JSON.parse((await redis.get(key)) ?? '{}')
        await redis.del(key)
        await redis.set(key, JSON.stringify({ ...read, late: true }), 'EX', 60)
        resurrectedByConnectRedis += await redis.exists(key)
      }
      await runtime.disconnect()
      console.log(
        `read from its row: p50 ${readP50Ms.toFixed(2)} ms, p99 ${times[Math.floor(READS * 0.99)]?.toFixed(2)} ms`,
      )
      console.log(
        `${PAIRS} log outs during a slow request: ${resurrected} came back; connect-redis' algorithm: ${resurrectedByConnectRedis}`,
      )
      return { readP50Ms: round(readP50Ms), pairs: PAIRS, resurrected, resurrectedByConnectRedis }
    }),
}
export default benchmark
