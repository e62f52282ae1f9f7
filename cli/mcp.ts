import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createMcpServer } from '../api/mcp/mcp-server.ts'
import { SCOPES } from '../shared/access/scopes.ts'
import { AfterturnError } from '../shared/errors.ts'
import { untilSignalled } from '../shared/processes/lifecycle.ts'
import { createLocalCaller, createRemoteCaller, type OperationCaller } from './operations/operation-caller.ts'
import { runOperatorCommand } from './operator-command.ts'

/**
 * A door: `mcp` serves the tools over standard input and output. Guarantees: nothing but the protocol is written to standard output; the services are
 * reached when a tool needs them, so the first answer comes at once. Who calls is in the environment: AFTERTURN_ORG, AFTERTURN_USER.
 */

type Options = { readonly url?: string; readonly forget?: true }

export function runMcp(args: readonly string[]): Promise<void> {
  return runOperatorCommand('mcp', args, (command) => {
    command
      .description(
        'Serves the tools of the Model Context Protocol over standard input and output, for the org in AFTERTURN_ORG and the user in AFTERTURN_USER.',
      )
      .option(
        '--url <address>',
        'the API to call, with the key in AFTERTURN_API_KEY; default: AFTERTURN_URL, else the services of this machine',
      )
      .option('--forget', 'offer the tool that ends memories')
      .action(serve)
  })
}

async function serve({ url = process.env.AFTERTURN_URL, forget }: Options): Promise<void> {
  const { AFTERTURN_ORG: orgId, AFTERTURN_USER: userId, AFTERTURN_API_KEY: apiKey } = process.env
  if (!orgId)
    throw new AfterturnError('CONFIG_INVALID', 'AFTERTURN_ORG: expected the org whose memory is served, got nothing.')
  // Standard output is the protocol's: what any library prints goes to standard error.
  console.log = console.info = console.debug = console.error
  let opening: Promise<OperationCaller> | undefined
  const open = () => {
    opening ??= url ? Promise.resolve(createRemoteCaller(url, apiKey)) : createLocalCaller({ userId })
    return opening
  }
  const scopes = SCOPES.filter((scope) => forget || scope !== 'memory:erase')
  const handle = serveStdio(() =>
    createMcpServer({
      scopes,
      call: async (operation, input) =>
        (await (await open()).call(operation, withoutUndefined({ ...input, orgId }))) as never,
    }),
  )
  const ended = new Promise<void>((resolve) => void process.stdin.once('close', resolve).once('end', resolve))
  await Promise.race([untilSignalled(), ended])
  await handle.close()
  await (await opening)?.close()
  process.exit()
}

/** Clients may send a field without a value. */
function withoutUndefined(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
