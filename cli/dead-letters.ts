import { styleText } from 'node:util'
import type { Command } from 'commander'
import { type DeadLetter, type DeadLetterDetail, describeSubject } from '../shared/store/control/dead-letters.ts'
import { currentUser, positiveInteger, runOperatorCommand, someText, withRuntime } from './operator-command.ts'
import { oneLine, printPlainTable, timeOf } from './output/plain-table.ts'

/** A door: `npm run dead-letters` lists what could not be done, shows one with its tries, replays and drops. */

const LISTED = 20
/** Of a time, so that a list is not too wide. */
const MINUTES_LENGTH = '2024-05-01 12:00'.length

type Filter = { org?: string; queue?: string; code?: string; limit?: number }

export function runDeadLetters(args: readonly string[]): Promise<void> {
  return runOperatorCommand('dead-letters', args, (command) => {
    command.description('What could not be done: turns that could not be extracted, and jobs that failed for good.')
    filtered(command.command('list').description('list the newest'))
      .option('--limit <number>', 'at most so many', positiveInteger, LISTED)
      .option('--resolved', 'those that were replayed or dropped instead of those that are open', false)
      .action((options: Filter & { limit: number; resolved: boolean }) =>
        withRuntime(async ({ deadLetters }) => {
          const filter = filterOf(options)
          const letters = await deadLetters.list({ ...filter, limit: options.limit, isResolved: options.resolved })
          printLetters(letters, options.resolved, options.resolved ? letters.length : await deadLetters.count(filter))
          return true
        }),
      )
    command
      .command('show')
      .description('show one with its tries')
      .argument('<id>', 'as `list` shows it', positiveInteger)
      .action((id: number) =>
        withRuntime(async ({ deadLetters }) => {
          printLetter(await deadLetters.show({ id }))
          return true
        }),
      )
    const replay = command.command('replay').description('give them another life, with all their tries')
    filtered(ids(replay).option('--all', 'all that fit', false))
      .option('--limit <number>', 'with --all: at most so many', positiveInteger)
      .action((given: number[], options: Filter & { all: boolean; by: string }) => {
        if (options.all === given.length > 0) replay.error('error: expected either ids or --all')
        if (!options.all && (options.limit ?? options.org ?? options.queue ?? options.code) !== undefined)
          replay.error('error: --org, --queue, --code and --limit go with --all')
        return withRuntime(async ({ deadLetters }) => {
          const { by, limit } = options
          const { replayed, refused } = options.all
            ? await deadLetters.replayAll({ ...filterOf(options), by, ...(limit !== undefined && { limit }) })
            : { ...(await deadLetters.replay({ ids: given, by })), refused: 0 }
          console.log(`Replayed ${letters(replayed)}.`)
          if (refused > 0)
            console.error(`${letters(refused)} cannot be replayed and stay open; replay one by its id to see why.`)
          return refused === 0
        })
      })
    const drop = command.command('drop').description('take them off the list for good; a turn stays dead')
    ids(drop)
      .option('--yes', 'it is meant', false)
      .action((given: number[], options: { yes: boolean; by: string }) => {
        if (given.length === 0) drop.error('error: expected ids')
        if (!options.yes) drop.error(`error: this gives up ${letters(given.length)} for good; repeat it with --yes`)
        return withRuntime(async ({ deadLetters }) => {
          const { dropped } = await deadLetters.drop({ ids: given, by: options.by })
          console.log(`Dropped ${letters(dropped)}.`)
          return true
        })
      })
  })
}

function filtered(command: Command): Command {
  return command
    .option('--org <id>', 'of this org', someText)
    .option('--queue <name>', 'of this queue', someText)
    .option('--code <code>', 'with this reason', someText)
}

function ids(command: Command): Command {
  const collect = (text: string, before: readonly number[] = []) => [...before, positiveInteger(text)]
  return command
    .argument('[ids...]', 'as `list` shows them', collect, [])
    .option('--by <name>', 'who does it', someText, currentUser())
}

function filterOf({ org, queue, code }: Filter) {
  return { orgId: org, queue, code }
}

const letters = (count: number) => `${count} dead letter${count === 1 ? '' : 's'}`

function printLetters(shown: readonly DeadLetter[], isResolved: boolean, count: number): void {
  if (shown.length === 0) {
    console.log(`No dead letter${isResolved ? ' was replayed or dropped' : ''}.`)
    return
  }
  printPlainTable(
    [
      { title: 'ID' },
      { title: isResolved ? 'RESOLVED (UTC)' : 'DIED (UTC)' },
      ...(isResolved ? [{ title: 'HOW' }, { title: 'BY', isCut: true }] : [{ title: 'QUEUE' }]),
      { title: 'CODE' },
      { title: 'ORG', isCut: true },
      { title: 'OF', isCut: true },
    ],
    shown.map((letter) => [
      String(letter.id),
      timeOf(letter.resolvedAt ?? letter.diedAt).slice(0, MINUTES_LENGTH),
      ...(isResolved ? [letter.resolution ?? '', letter.resolvedBy ?? ''] : [letter.queue]),
      letter.code,
      letter.orgId ?? '–',
      describeSubject(letter),
    ]),
  )
  if (shown.length < count) console.log(`The newest ${shown.length} of ${letters(count)}.`)
}

function printLetter(letter: DeadLetterDetail): void {
  const facts: [string, string][] = [
    ['Of', describeSubject(letter)],
    ['Org', letter.orgId ?? '–'],
    ['Queue', letter.queue],
    ['Died', timeOf(letter.diedAt)],
    ['Attempts', String(letter.attempts)],
    ['Reason', `${letter.code}: ${letter.reason}`],
    ...(letter.payload === null ? [] : ([['Payload', JSON.stringify(letter.payload)]] as [string, string][])),
    ...(letter.resolution === null || letter.resolvedAt === null
      ? []
      : ([['Resolved', `${letter.resolution} by ${letter.resolvedBy}, ${timeOf(letter.resolvedAt)}`]] as [
          string,
          string,
        ][])),
  ]
  console.log(styleText('bold', `Dead letter ${letter.id}`))
  for (const [name, value] of facts) console.log(`  ${name.padEnd(9)} ${oneLine(value)}`)
  if (letter.failedTries.length === 0) return
  console.log()
  printPlainTable(
    [{ title: 'TRIED' }, { title: 'CODE' }, { title: 'REASON', isCut: true }],
    letter.failedTries.map(({ at, code, reason }) => [timeOf(new Date(at)), code, reason]),
  )
}
