import type { Command } from 'commander'
import type { HeldMemory } from '../shared/store/memories/held-memories.ts'
import { currentUser, positiveInteger, runOperatorCommand, someText, withRuntime } from './operator-command.ts'
import { formatTime, printPlainTable } from './output/plain-table.ts'

/** A door: `afterturn review` lists held memories, approves and rejects them. */

const LISTED = 20

type ListOptions = { readonly org: string; readonly limit: number; readonly rejected: boolean }
type ReviewOptions = { readonly org: string; readonly by: string }

export function runReview(args: readonly string[]): Promise<void> {
  return runOperatorCommand('review', args, (command) => {
    command.description(
      'Held memories: those that read like an order to a model, that their turn does not prove, or that others state about the speaker.',
    )
    ofOrg(command.command('list').description('list the newest held memories'))
      .option('--limit <number>', 'most memories to list', positiveInteger, LISTED)
      .option('--rejected', 'list rejected memories instead', false)
      .action(({ org, limit, rejected }: ListOptions) =>
        withRuntime(async ({ memory }) => {
          const status = rejected ? 'rejected' : 'quarantined'
          printHeld(await memory.quarantine.list({ orgId: org, status, limit }))
          return true
        }),
      )
    decision(command, 'approve', 'make it an ordinary memory')
    decision(command, 'reject', 'discard it for good')
  })
}

function ofOrg(command: Command): Command {
  return command.requiredOption('--org <id>', 'the org', someText)
}

function decision(command: Command, name: 'approve' | 'reject', description: string): void {
  ofOrg(command.command(name).description(description))
    .argument('<id>', 'as `list` shows it', positiveInteger)
    .option('--by <name>', 'recorded as the reviewer', someText, currentUser())
    .action((id: number, { org, by }: ReviewOptions) =>
      withRuntime(async ({ memory }) => {
        await memory.quarantine[name]({ orgId: org, memoryId: id, by })
        console.log(`${name === 'approve' ? 'Approved' : 'Rejected'} memory ${id}.`)
        return true
      }),
    )
}

function printHeld(held: readonly HeldMemory[]): void {
  if (held.length === 0) console.log('No held memory.')
  else
    printPlainTable(
      [
        { title: 'ID' },
        { title: 'SAID' },
        { title: 'REASON' },
        { title: 'WORKSTREAM', isCut: true },
        { title: 'MEMORY', isCut: true },
      ],
      held.map(({ id, observedAt, reason, sources, fact }) => [
        String(id),
        formatTime(observedAt),
        reason,
        sources[0]?.workstreamId ?? '–',
        fact,
      ]),
    )
}
