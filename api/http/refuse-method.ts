import type { RequestHandler } from 'express'
import { AfterturnError } from '../../shared/errors.ts'

/**
 * Refuses every other method of a path that the API has; `OPTIONS` is told which ones there are.
 * @throws METHOD_UNSUPPORTED
 */
export function refuseMethod(allowed: readonly string[]): RequestHandler {
  return ({ method }, response) => {
    response.set('Allow', allowed.join(', '))
    if (method === 'OPTIONS') return void response.status(204).end()
    throw new AfterturnError('METHOD_UNSUPPORTED', `Expected ${allowed.join(' or ')}, got ${method}.`, {
      recorded: 'no',
    })
  }
}
