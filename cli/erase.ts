import { currentUser, positiveInteger, runOperatorCommand, someText, withRuntime } from './operator-command.ts'

/** A door: `npm run erase` forgets an org or a part of it for good. */

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
      .description('Erases an org, or a part of it, with all that was derived from it. It cannot be undone.')
      .requiredOption('--org <id>', 'whose', someText)
      .option('--user <id>', 'only what this user said', someText)
      .option('--workstream <id>', 'only this conversation', someText)
      .option('--turn <id>', 'only this turn of the workstream', someText)
      .option('--memory <id>', 'only this memory', positiveInteger)
      .option('--by <name>', 'who does it; it is kept', someText, currentUser())
      .option('--yes', 'really')
      .action(({ org, user, workstream, turn, memory, by, yes }: Options) => {
        if (!yes) return command.error('Nothing was erased: say --yes, it cannot be undone.')
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
          console.log(`Erased with all that came of them: turns ${turns}, memories ${memories}.`)
          return true
        })
      })
  })
}
