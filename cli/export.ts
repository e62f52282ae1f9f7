import { once } from 'node:events'
import { runOperatorCommand, someText, withRuntime } from './operator-command.ts'

/** A door: `npm run export` prints all that is kept of an org or a user, as JSON lines. */

export function runExport(args: readonly string[]): Promise<void> {
  return runOperatorCommand('export', args, (command) => {
    command
      .description('Prints the turns and memories of an org, or of one user in it, as JSON lines.')
      .requiredOption('--org <id>', 'whose', someText)
      .option('--user <id>', 'only of this user', someText)
      .action(({ org, user }: { org: string; user?: string }) =>
        withRuntime(async ({ memory }) => {
          for await (const line of memory.export({ orgId: org, ...(user !== undefined && { userId: user }) }))
            if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
          return true
        }),
      )
  })
}
