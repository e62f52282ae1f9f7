import type { OperationInput } from '../../api/operations/call-operation.ts'
import { isQueueName } from '../../queues/catalog.ts'
import type { KillSwitchScope } from '../../shared/store/control/kill-switches.ts'
import { oneLine } from '../output/plain-table.ts'

/** Prints the warnings of an answer to standard error, since standard output is the answer. */

type State = {
  readonly isStoreReadable?: boolean
  readonly isRedisReadable?: boolean
  readonly refused?: number
  readonly switches?: readonly KillSwitchScope[]
}

const SHOWN_REMEDIES = 10

/** @returns whether all was done that was asked for */
export function reportHalfDone(id: string, { orgId, queue }: OperationInput, answer: unknown): boolean {
  const { isStoreReadable = true, isRedisReadable = true, refused = 0, switches = [] } = (answer ?? {}) as State
  const isOfAll = orgId === undefined && queue === undefined
  // A queue of the host is not known here.
  if (id.startsWith('kill-switch.') && typeof queue === 'string' && !isQueueName(queue))
    console.error(`No queue of the catalogue is named ${oneLine(queue)}; a queue of your own may be.`)
  if (!isRedisReadable) console.error('Redis did not respond: only the switches in the store are shown.')
  if (!isStoreReadable) console.error('The store cannot be read: everything is halted.')
  if (id === 'kill-switch.off' && switches.length > 0) {
    console.error('That switch is off. Others still halt; to end them:')
    for (const one of switches.slice(0, SHOWN_REMEDIES)) console.error(`  ${endingOf(one)}`)
  }
  const isKeyLeft = id === 'kill-switch.off' && !isRedisReadable && isOfAll
  if (isKeyLeft)
    console.error(
      'If the key of the switch is set in Redis, everything halts again once Redis is back: repeat this then.',
    )
  if (refused > 0)
    console.error(
      `${refused} dead letter${refused === 1 ? '' : 's'} cannot be replayed and stay open; to see why, replay one by its id.`,
    )
  return isStoreReadable && !isKeyLeft && refused === 0
}

/** The command that ends a switch, as a shell takes it. */
function endingOf({ orgId, queue }: KillSwitchScope): string {
  const option = (name: string, value: string | undefined) =>
    value === undefined
      ? ''
      : ` --${name} ${/^[\w.@:-]+$/.test(value) ? value : `'${oneLine(value).replaceAll("'", "'\\''")}'`}`
  return `afterturn kill-switch off${option('org', orgId)}${option('queue', queue)}`
}
