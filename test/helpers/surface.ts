import { type ApiRuntime, apiServicesOf } from '../../api/http/api-options.ts'
import { callOperation, type Fields } from '../../api/operations/call-operation.ts'
import { OPERATIONS } from '../../api/operations/catalog.ts'
import type { AnyOperation } from '../../api/operations/define-operation.ts'
import type { Runtime } from '../../runtime.ts'
import { SCOPES } from '../../shared/access/scopes.ts'

/** What tests of every operation stand on. */

export function operationOf(id: string): AnyOperation {
  const found = OPERATIONS.find((operation) => operation.id === id)
  if (!found) throw new Error(`No operation ${id}`)
  return found
}

/** Calls an operation in this process, with every right in the org. */
export function callInProcess(runtime: Runtime, id: string, input: Fields & { orgId: string }): Promise<unknown> {
  const caller = { orgId: input.orgId, scopes: SCOPES, keyId: 'a test' }
  return callOperation(operationOf(id), apiServicesOf(runtime as ApiRuntime), caller, input)
}

/** A request of an operation as HTTP carries it: method, path with its query, and body. */
export function requestOf({ method, path }: AnyOperation, input: Fields): [string, string, object | undefined] {
  const rest = { ...input }
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name]
    return encodeURIComponent(String(input[name]))
  })
  if (method !== 'GET' && method !== 'DELETE') return [method, place, rest]
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest))
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  return [method, query.size === 0 ? place : `${place}?${query}`, undefined]
}
