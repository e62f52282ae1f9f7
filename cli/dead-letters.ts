import { styleText } from 'node:util'
import type { Command } from 'commander'
import { type DeadLetter, type DeadLetterDetail, describeSubject } from '../shared/store/control/dead-letters.ts'
import { currentUser, positiveInteger, runOperatorCommand, someText, withRuntime } from './operator-command.ts'
import { formatTime, oneLine, printPlainTable } from './output/plain-table.ts'

/** A door: `dead-letters` lists failed work, shows a letter with its attempts, replays and drops letters. */

const LISTED = 20
/** Times in lists are cut to the minute, so that rows are not too wide. */
const MINUTES_LENGTH = '2024-05-01 12:00'.length

type Filter = { org?: string; queue?: string; code?: string; limit?: number }

export function runDeadLetters(args: readonly string[]): Promise<void> {
  return runOperatorCommand('dead-letters', args, (command) => {
    command.description('Failed work: turns that could not be extracted, and jobs that failed for good.')
    filtered(command.command('list').description('list the newest dead letters'))
      .option('--limit <number>', 'most letters to list', positiveInteger, LISTED)
      .option('--resolved', 'list replayed and dropped letters instead of open ones', false)
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
      .description('show a dead letter with its attempts')
      .argument('<id>', 'as `list` shows it', positiveInteger)
      .action((id: number) =>
        withRuntime(async ({ deadLetters }) => {
          printLetter(await deadLetters.show({ id }))
          return true
        }),
      )
    const replay = command.command('replay').description('run failed work again, with all its attempts')
    filtered(ids(replay).option('--all', 'all that match the filters', false))
      .option('--limit <number>', 'with --all: most letters to replay', positiveInteger)
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
            console.error(`${letters(refused)} cannot be replayed and stay open; to see why, replay one by its id.`)
          return refused === 0
        })
      })
    const drop = command.command('drop').description('give up failed work for good; dropped turns are never extracted')
    ids(drop)
      .option('--yes', 'confirm', false)
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
    .option('--org <id>', 'only of this org', someText)
    .option('--queue <name>', 'only of this queue', someText)
    .option('--code <code>', 'only with this error code', someText)
}

function ids(command: Command): Command {
  const collect = (text: string, before: readonly number[] = []) => [...before, positiveInteger(text)]
  return command
    .argument('[ids...]', 'as `list` shows them', collect, [])
    .option('--by <name>', 'recorded as the operator', someText, currentUser())
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
      formatTime(letter.resolvedAt ?? letter.diedAt).slice(0, MINUTES_LENGTH),
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
    ['Died', formatTime(letter.diedAt)],
    ['Attempts', String(letter.attempts)],
    ['Reason', `${letter.code}: ${letter.reason}`],
    ...(letter.payload === null ? [] : ([['Payload', JSON.stringify(letter.payload)]] as [string, string][])),
    ...(letter.resolution === null || letter.resolvedAt === null
      ? []
      : ([['Resolved', `${letter.resolution} by ${letter.resolvedBy}, ${formatTime(letter.resolvedAt)}`]] as [
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
    letter.failedTries.map(({ at, code, reason }) => [formatTime(new Date(at)), code, reason]),
  )
}
