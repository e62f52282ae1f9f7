import { type Caller, requireScope } from '../../shared/access/caller.ts'
import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { parseInput } from '../../shared/parse-input.ts'
import type { ApiServices } from './api-services.ts'
import type { AnyOperation } from './define-operation.ts'

/**
 * Owns how an operation is called, whoever calls. Guarantees: no call goes past the caller's scopes, org and user; bad input is refused before anything
 * happens; a caller waits for a bounded time.
 */

const DEFAULT_TIMEOUT_MS = 15_000

/** A JSON object, as it came. */
export type OperationInput = Readonly<Record<string, unknown>>

/**
 * Runs an operation for a caller.
 * @throws INPUT_INVALID, FORBIDDEN, ORG_UNKNOWN, REQUEST_TIMEOUT, and what the operation throws
 */
export async function callOperation(
  operation: AnyOperation,
  services: ApiServices,
  caller: Caller,
  given: OperationInput,
): Promise<unknown> {
  requireScope(caller, operation.scope)
  const input = await narrow(operation, services, caller, checkInput(operation, given))
  const { timeoutMs = DEFAULT_TIMEOUT_MS, method } = operation
  const answer = operation.run(services, input, caller)
  if (!(answer instanceof Promise)) return answer
  return withinDeadline(
    answer,
    timeoutMs,
    () =>
      new AfterturnError('REQUEST_TIMEOUT', `${operation.id} did not end within ${timeoutMs} ms.`, {
        recorded: method === 'GET' ? 'no' : 'unknown',
      }),
  )
}

function checkInput(operation: AnyOperation, given: OperationInput): Record<string, unknown> {
  return parseInput(operation.input, given, operation.id) as Record<string, unknown>
}

type Narrowed = { userId?: string; agentId?: string; workstreamId?: string; memoryId?: number; scope?: string }

/** What a key of one user may ask for, with its user in place. */
async function narrow(
  { reach, id }: AnyOperation,
  { ownership }: ApiServices,
  { orgId, userId }: Caller,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  if (input.orgId !== orgId) throw new AfterturnError('ORG_UNKNOWN', 'The key knows no such org.', { recorded: 'no' })
  if (userId === undefined || reach === 'none') return input
  const named = input as Narrowed
  if (reach === 'org') throw beyond(id, 'a key that may act for every user')
  if (named.agentId !== undefined) throw beyond('agentId', 'none with a key of one user')
  if (named.scope !== undefined && named.scope !== 'user') throw beyond('scope', 'user with a key of one user')
  if (named.userId !== undefined && named.userId !== userId) throw beyond('userId', "the key's own user")
  if (named.workstreamId !== undefined) await ownership.requireWorkstream(orgId, named.workstreamId, userId)
  if (reach === 'memory') await ownership.requireMemory(orgId, named.memoryId as number, userId)
  return reach === 'user' ? { ...input, userId } : input
}

function beyond(what: string, expected: string): AfterturnError {
  return new AfterturnError('FORBIDDEN', `${what}: expected ${expected}.`, { recorded: 'no' })
}
