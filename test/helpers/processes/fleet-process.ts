import { systemClock } from '../../../shared/clock.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { runProcess } from '../../../shared/processes/lifecycle.ts'
import { startFleet } from '../../../workers/fleet/fleet.ts'
import { fleetMember } from '../../../workers/fleet/fleet-member.ts'
import { connectionsTo, work } from '../fleet.ts'

/** A process of a test: a fleet on the queue `work` whose handler tells the test what happens to it, on the clock that all processes share. */
export type FleetEvent = { readonly event: 'started' | 'aborted'; readonly code?: string; readonly atMs: number }

const [redisUrl = '', keyPrefix = '', settings = '{}'] = process.argv.slice(2)
const { jobLockMs, drainMs, isObedient } = JSON.parse(settings) as {
  jobLockMs: number
  drainMs: number
  isObedient: boolean
}

const tell = (event: FleetEvent['event'], code?: string) =>
  process.send?.({ event, code, atMs: Number(process.hrtime.bigint() / 1_000n) / 1_000 })

await runProcess(async () => {
  const connections = connectionsTo(redisUrl)
  const member = fleetMember(
    work,
    (_, { signal }) => {
      tell('started')
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          tell('aborted', signal.reason.code)
          if (isObedient) reject(signal.reason)
        })
      })
    },
    1,
  )
  const fleet = await startFleet([member], [], {
    connection: connections.getConnectionForBullMQ(),
    keyPrefix,
    clock: systemClock,
    log: silentLog,
    jobLockMs,
  })
  return { stop: () => fleet.drain(drainMs) }
})
