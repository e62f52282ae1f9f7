import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { systemClock } from '../../shared/clock.ts'
import { createKillSwitch } from '../../shared/control/kill-switch.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { ORGS } from './traffic.ts'
import type { World } from './world/world.ts'

/** Owns halting work on purpose: the kill switch, turned by somebody whose own lines no fault touches. */

/** Work was halted from the answer that it is until the wish that it goes on; of one org, or all of it. */
export type Halt = { readonly orgId: string | undefined; readonly sinceMs: number; untilMs: number }

const REPEAT_AFTER_MS = 100

/** Halts everything (0) or the org of that number; repeats the wish until the store has it, and likewise to undo it. */
export async function haltWork(world: World, index: number, halts: Halt[]): Promise<() => Promise<void>> {
  const redis = new Redis(world.durable.url, { maxRetriesPerRequest: 0, commandTimeout: 1_000 })
  redis.on('error', () => {})
  const { database } = world
  const keyPrefix = world.config.redisKeyPrefix as string
  const killSwitch = createKillSwitch({ database, redis: () => redis, keyPrefix, clock: systemClock, log: silentLog })
  const orgId = ORGS[index - 1]
  const change = { by: 'the test', ...(orgId !== undefined && { orgId }) }
  const until = async (turn: () => Promise<unknown>, isWantedOn: boolean) => {
    for (;;) {
      await turn().catch(() => {})
      const { switches, isStoreReadable } = await killSwitch.status()
      if (isStoreReadable && switches.some((one) => one.orgId === orgId) === isWantedOn) return
      await setTimeout(REPEAT_AFTER_MS)
    }
  }
  await until(() => killSwitch.turnOn(change), true)
  const halt = { orgId, sinceMs: Date.now(), untilMs: Number.POSITIVE_INFINITY }
  halts.push(halt)
  return async () => {
    halt.untilMs = Date.now()
    await until(() => killSwitch.turnOff(change), false)
    redis.disconnect()
  }
}
