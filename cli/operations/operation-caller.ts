import type { OperationInput } from '../../api/operations/call-operation.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import { writeRequest } from '../../api/operations/write-request.ts'
import { linesOf, readAnswer, requireOk } from '../../client/read-response.ts'
import { openExchange } from '../../client/send-request.ts'
import { SCOPES, type Scope } from '../../shared/access/scopes.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { currentUser } from '../operator-command.ts'

/** Owns where operations are called: in this process with its services, or over HTTP at an API. Both answer what travels. */
export type OperationCaller = {
  /** Lines of JSON for an operation that streams. */
  call(operation: AnyOperation, input: OperationInput): Promise<unknown>
  close(): Promise<void>
}

type CallerOptions = {
  /** Only this user's, as with a key of one user. */
  readonly userId?: string | undefined
  /** @default all */
  readonly scopes?: readonly Scope[]
  /** Recorded as who acts. @default the name of the system user */
  readonly by?: string | undefined
}

/** Calls over HTTP with the key in AFTERTURN_API_KEY, which no command line shows. */
export function createRemoteCaller(url: string, apiKey: string | undefined): OperationCaller {
  if (!apiKey)
    throw new AfterturnError('UNAUTHENTICATED', 'Expected a key in AFTERTURN_API_KEY, got none.', {
      remedy: 'Set AFTERTURN_API_KEY to a key of the API.',
    })
  return {
    async call(operation, input) {
      const { send, within } = openExchange({ url, apiKey }, writeRequest(operation, input))
      const response = await within(async () => requireOk(await send()))
      if (response.headers.get('content-type')?.includes('ndjson')) return linesOf(response, within)
      return within(() => readAnswer(response))
    },
    close: async () => {},
  }
}

/** Calls in this process, with the configured services; they are reached when the first call needs them. */
export async function createLocalCaller({ userId, scopes = SCOPES, by }: CallerOptions = {}): Promise<OperationCaller> {
  const [
    { createRuntime },
    { readConfig },
    { silentLog },
    { readServiceAddresses },
    { callOperation },
    { apiServicesOf },
  ] = await Promise.all([
    import('../../runtime.ts'),
    import('../../shared/config.ts'),
    import('../../shared/observe/log.ts'),
    import('../../shared/processes/service-addresses.ts'),
    import('../../api/operations/call-operation.ts'),
    import('../../api/http/api-options.ts'),
  ])
  const runtime = createRuntime(readConfig(process.env, readServiceAddresses()), {
    log: silentLog,
    processName: 'operator',
  })
  return {
    async call(operation, input) {
      // An operator may leave the org out where that means the whole fleet.
      const caller = { orgId: input.orgId as string, userId, scopes, keyId: by ?? currentUser() }
      const answer = await callOperation(operation, apiServicesOf(runtime), caller, input)
      const isLines = typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
      return answer === undefined || isLines ? answer : JSON.parse(JSON.stringify(answer))
    },
    close: () => runtime.disconnect(),
  }
}
