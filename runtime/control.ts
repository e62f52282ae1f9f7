import type { QueueContract } from '../queues/define-queue.ts'
import { createDeadLetters, type DeadLetters } from '../shared/control/dead-letters.ts'
import { createKillSwitch, type KillSwitch } from '../shared/control/kill-switch.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { Foundation } from './foundation.ts'
import type { Queueing } from './queueing.ts'

/** What operators hold: the kill switch and the dead letters. */
export type Control = {
  readonly killSwitch: KillSwitch
  readonly deadLetters: DeadLetters
}

export function createControl(foundation: Foundation, { queues, contracts, scheduleDigest }: Queueing): Control {
  const { config, connections } = foundation
  return {
    killSwitch: createKillSwitch({
      ...foundation,
      redis: connections.getConnection,
      keyPrefix: config.redisKeyPrefix,
    }),
    deadLetters: createDeadLetters({
      ...foundation,
      scheduleDigest,
      async enqueue(name, payload) {
        const contract = contracts.find((one) => one.name === name)
        if (!contract) throw new AfterturnError('QUEUE_UNKNOWN', `No contract is known here for the queue ${name}.`)
        // The producer checks the payload.
        return queues.enqueue(contract as QueueContract, payload)
      },
    }),
  }
}
