import { OPERATIONS } from '../../api/operations/catalog.ts'
import { clientRoutes } from '../../api/operations/client-routes.ts'

/** `client/routes.ts`: where each function of the client is, so that the client needs no schema. */

const HEAD = [
  '/** Written by `npm run docs` from the operations of the API: where each function of the client is. */',
  'export type ClientRoute = {',
  '  readonly method: string',
  '  readonly path: string',
  '  readonly returns?: string',
  '  readonly isPaged?: boolean',
  '  readonly isStream?: boolean',
  '  readonly hasState?: boolean',
  '  readonly times: readonly string[]',
  '}',
  '',
  'export const ROUTES: { readonly [name: string]: ClientRoute } = {',
]

export function clientRoutesModule(): string {
  const routes = Object.entries(clientRoutes(OPERATIONS)).map(
    ([name, route]) => `  ${JSON.stringify(name)}: ${JSON.stringify(route)},`,
  )
  return [...HEAD, ...routes, '}', ''].join('\n')
}
