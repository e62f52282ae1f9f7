import { currentUser, positiveInteger, runOperatorCommand, someText, withRuntime } from './operator-command.ts'

/** A door: `erase` deletes an org or a part of it for good. */

type Options = {
  org: string
  user?: string
  workstream?: string
  turn?: string
  memory?: number
  by: string
  yes?: true
}

export function runErase(args: readonly string[]): Promise<void> {
  return runOperatorCommand('erase', args, (command) => {
    command
      .description('Erases an org, or a part of it, with everything derived from it. This cannot be undone.')
      .requiredOption('--org <id>', 'the org', someText)
      .option('--user <id>', 'only the turns and memories of this user', someText)
      .option('--workstream <id>', 'only this conversation', someText)
      .option('--turn <id>', 'only this turn of the workstream', someText)
      .option('--memory <id>', 'only this memory', positiveInteger)
      .option('--by <name>', 'recorded as the operator', someText, currentUser())
      .option('--yes', 'confirm')
      .action(({ org, user, workstream, turn, memory, by, yes }: Options) => {
        if (!yes) return command.error('Nothing was erased. This cannot be undone: confirm with --yes.')
        if (turn !== undefined && workstream === undefined) return command.error('error: --turn goes with --workstream')
        return withRuntime(async (runtime) => {
          await runtime.connect()
          const { turns, memories } = await runtime.memory.erase({
            orgId: org,
            by,
            ...(user !== undefined && { userId: user }),
            ...(workstream !== undefined && { workstreamId: workstream }),
            ...(turn !== undefined && { turnId: turn }),
            ...(memory !== undefined && { memoryId: memory }),
          })
          console.log(`Erased, with everything derived from them: turns ${turns}, memories ${memories}.`)
          return true
        })
      })
  })
}
