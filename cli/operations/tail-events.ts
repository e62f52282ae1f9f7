import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OperationInput } from '../../api/operations/call-operation.ts'
import { readEventsOperation, readOrgEventsOperation } from '../../api/operations/events/read-events.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import { someText } from '../operator-command.ts'
import { oneLine } from '../output/plain-table.ts'
import type { OperationCaller } from './operation-caller.ts'
import { openCaller, runOperations } from './operation-commands.ts'

/** A door: `afterturn events`, with `tail`, which follows a stream or an org by pages and continues by its cursor when the API was away. */

type Options = {
  readonly org: string
  readonly user?: string
  readonly agent?: string
  readonly workstream?: string
  readonly after?: string
  readonly texts?: true
  readonly follow: boolean
  readonly url?: string
  readonly json?: true
}
type Page = {
  readonly events: readonly TailedEvent[]
  readonly cursor: string
  readonly reset?: string
  readonly hasMore: boolean
  readonly state?: 'open' | 'ended'
}
type TailedEvent = {
  readonly stream?: readonly string[]
  readonly at: string
  readonly type: string
  readonly data: unknown
  readonly text?: string
}

const WAIT_MS = 20_000
const PAUSE_MS = 1_000

export function runEvents(args: readonly string[]): Promise<void> {
  return runOperations('events', args, (command) => {
    command
      .command('tail')
      .description('Prints the events of a stream, or of every stream of the org, and follows them until Ctrl-C')
      .argument('[stream...]', 'the name of the stream, part by part; without it every stream of the org')
      .requiredOption('--org <value>', 'the org', someText)
      .option('--user <value>', 'also what is for this user alone')
      .option('--agent <value>', 'also what is for this agent alone')
      .option('--workstream <value>', 'also what is for this workstream alone')
      .option('--after <cursor>', 'begin behind this cursor; by default at the first event that is kept')
      .option('--texts', 'print the words of the memories that events tell of')
      .option('--no-follow', 'end with the newest event')
      .option(
        '--url <address>',
        'the API to call, with the key in AFTERTURN_API_KEY; default: AFTERTURN_URL, else the services of this machine',
      )
      .option('--json', 'print JSON lines also on a terminal')
      .action(tail)
  })
}

async function tail(stream: readonly string[], options: Options): Promise<void> {
  const { org: orgId, user: userId, agent: agentId, workstream: workstreamId, texts, follow, json } = options
  const operation = stream.length > 0 ? readEventsOperation : readOrgEventsOperation
  const ids = Object.entries({ userId, agentId, workstreamId }).filter(([, id]) => id !== undefined)
  const selection = {
    orgId,
    ...(stream.length > 0 && { stream }),
    ...(ids.length > 0 && { viewer: Object.fromEntries(ids) }),
    ...(texts && { texts }),
  }
  const caller = await openCaller(options.url)
  try {
    let after = options.after
    for (let isFirst = true; ; isFirst = false) {
      const waitMs = follow && !isFirst ? WAIT_MS : 0
      const input: OperationInput = { ...selection, waitMs, ...(after !== undefined && { after }) }
      const page = isFirst ? await read(caller, operation, input) : await readAgain(caller, operation, input)
      if (page.reset !== undefined) console.error(`Events before the next one may be missing: ${page.reset}.`)
      for (const event of page.events) await print(event, json === true)
      after = page.cursor
      if (page.state === 'ended' || (!follow && !page.hasMore)) return
    }
  } finally {
    await caller.close()
  }
}

async function read(
  caller: OperationCaller,
  operation: typeof readEventsOperation | typeof readOrgEventsOperation,
  input: OperationInput,
): Promise<Page> {
  return (await caller.call(operation, input)) as Page
}

/** Once it has begun, what passes by itself is waited for. */
async function readAgain(...given: Parameters<typeof read>): Promise<Page> {
  for (;;) {
    try {
      return await read(...given)
    } catch (error) {
      const isPassing = isAfterturnError(error) && (error.retryable || error.code === 'REQUEST_TIMEOUT')
      if (!isPassing) throw error
      await sleep(PAUSE_MS)
    }
  }
}

async function print(event: TailedEvent, isJson: boolean): Promise<void> {
  const { stream, at, type, data, text } = event
  const shown = [at, stream?.join('/'), type, JSON.stringify(data), text].filter((part) => part !== undefined)
  const line = isJson || !process.stdout.isTTY ? JSON.stringify(event) : oneLine(shown.join('  '))
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain')
}
