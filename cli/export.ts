import { once } from 'node:events'
import { runOperatorCommand, someText, withRuntime } from './operator-command.ts'

/** A door: `export` prints everything stored about an org or a user, as JSON lines. */

export function runExport(args: readonly string[]): Promise<void> {
  return runOperatorCommand('export', args, (command) => {
    command
      .description('Prints the turns and memories of an org, or of one user in it, as JSON lines.')
      .requiredOption('--org <id>', 'the org', someText)
      .option('--user <id>', 'only this user', someText)
      .action(({ org, user }: { org: string; user?: string }) =>
        withRuntime(async ({ memory }) => {
          for await (const line of memory.export({ orgId: org, ...(user !== undefined && { userId: user }) }))
            if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
          return true
        }),
      )
  })
}
