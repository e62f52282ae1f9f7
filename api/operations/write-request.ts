import { pathSegment } from '../../shared/path-segment.ts'
import type { OperationInput } from './call-operation.ts'
import type { AnyOperation } from './define-operation.ts'

/**
 * A call of an operation as HTTP carries it: the path with its query, and the body where there is one.
 * @throws INPUT_INVALID for an id that no path can carry
 */
export function writeRequest(
  { method, path }: AnyOperation,
  input: OperationInput,
): { readonly method: string; readonly path: string; readonly body?: string } {
  const rest = { ...input }
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    delete rest[name]
    return pathSegment(name, input[name])
  })
  if (method !== 'GET' && method !== 'DELETE') return { method, path: place, body: JSON.stringify(rest) }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest))
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  return { method, path: query.size === 0 ? place : `${place}?${query}` }
}
