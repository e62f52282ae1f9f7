import { styleText } from 'node:util'
import type { Command } from 'commander'
import { isQueueName } from '../queues/catalog.ts'
import type { KillSwitchStatus } from '../shared/control/kill-switch.ts'
import type { KillSwitchChange, KillSwitchScope } from '../shared/store/control/kill-switches.ts'
import { currentUser, runOperatorCommand, someText, withRuntime } from './operator-command.ts'
import { formatTime, oneLine, printPlainTable } from './output/plain-table.ts'

/** A door: `kill-switch` stops and resumes the fleet, an org or a queue, and shows what is halted. */

const SHOWN_CHANGES = 5
const SHOWN_REMEDIES = 10
const ORG = { title: 'ORG', isCut: true }
const QUEUE = { title: 'QUEUE', isCut: true }
const BY = { title: 'BY', isCut: true }
const REASON = { title: 'REASON', isCut: true }

type Options = { org?: string; queue?: string; reason?: string; by: string }

export function runKillSwitch(args: readonly string[]): Promise<void> {
  return runOperatorCommand('kill-switch', args, (command) => {
    command.description('Stops job starts, model calls and commits; turns are still recorded.')
    change(command.command('on').description('stop everything, one org or one queue')).action((options: Options) =>
      withRuntime(async ({ killSwitch }) => {
        warnOfUnknownQueue(options)
        printStatus(await killSwitch.turnOn(inputOf(options)))
        return true
      }),
    )
    change(command.command('off').description('resume it')).action((options: Options) =>
      withRuntime(async ({ killSwitch }) => {
        warnOfUnknownQueue(options)
        const status = await killSwitch.turnOff(inputOf(options))
        printStatus(status, 'That switch is off. These still halt:')
        for (const one of status.switches.slice(0, SHOWN_REMEDIES)) console.log(`To end it: ${endingOf(one)}`)
        const isDone = status.isRedisReadable || options.org !== undefined || options.queue !== undefined
        if (!isDone)
          console.error(
            'If the key of the switch is set in Redis, everything halts again once Redis is back: repeat this then.',
          )
        return isDone
      }),
    )
    command
      .command('status')
      .description('show what is halted, and the last changes; exit code 1 if the store cannot be read')
      .action(() =>
        withRuntime(async ({ killSwitch }) => {
          const status = await killSwitch.status()
          printStatus(status)
          if (status.isStoreReadable) printChanges(await killSwitch.changes({ limit: SHOWN_CHANGES }))
          return status.isStoreReadable
        }),
      )
  })
}

function change(command: Command): Command {
  return command
    .option('--org <id>', 'only this org', someText)
    .option('--queue <name>', 'only this queue', someText)
    .option('--reason <text>', 'the reason, shown and recorded')
    .option('--by <name>', 'recorded as the operator', someText, currentUser())
}

function inputOf({ org, queue, reason, by }: Options) {
  return {
    ...(org !== undefined && { orgId: org }),
    ...(queue !== undefined && { queue }),
    by,
    ...(reason !== undefined && { reason }),
  }
}

const placeOf = ({ orgId = 'all', queue = 'all' }: KillSwitchScope) => [orgId, queue]

/** The command that ends a switch, as a shell takes it. */
function endingOf({ orgId, queue }: KillSwitchScope): string {
  const option = (name: string, value: string | undefined) =>
    value === undefined
      ? ''
      : ` --${name} ${/^[\w.@:-]+$/.test(value) ? value : `'${oneLine(value).replaceAll("'", "'\\''")}'`}`
  return `afterturn kill-switch off${option('org', orgId)}${option('queue', queue)}`
}

/** Warns of a name that may be mistyped and would halt nothing; queues of the host are not known here. */
function warnOfUnknownQueue({ queue }: Options): void {
  if (queue !== undefined && !isQueueName(queue))
    console.error(`No queue of the catalogue is named ${queue}; a queue of your own may be.`)
}

function printStatus(status: KillSwitchStatus, on = 'The kill switch is on.'): void {
  if (!status.isRedisReadable) console.error('Redis did not respond: only the switches in the store are shown.')
  if (!status.isStoreReadable) console.log(styleText('red', 'The store cannot be read: everything is halted.'))
  if (!status.isOn) console.log(styleText('green', 'The kill switch is off.'))
  const rows = status.switches.map((one) => [...placeOf(one), one.by, formatTime(one.at), one.reason])
  if (status.redisValue !== undefined) rows.push([...placeOf({}), 'Redis key', '', status.redisValue])
  if (rows.length === 0) return
  console.log(styleText('red', on))
  printPlainTable([ORG, QUEUE, BY, { title: 'SINCE' }, REASON], rows)
}

function printChanges(changes: readonly KillSwitchChange[]): void {
  if (changes.length === 0) return
  console.log()
  printPlainTable(
    [{ title: 'TURNED' }, ORG, QUEUE, BY, { title: 'AT' }, REASON],
    changes.map((one) => [one.isOn ? 'on' : 'off', ...placeOf(one), one.by, formatTime(one.at), one.reason]),
  )
}
