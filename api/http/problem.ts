import type { Response } from 'express'
import { z } from 'zod'
import { AfterturnError, ERROR_CATALOGUE, type ErrorCode, isAfterturnError } from '../../shared/errors.ts'
import { ERROR_STATUS } from './error-status.ts'

/** Owns the form of a failure: RFC 9457, with the code and the remedy of the catalogue. Must not show a cause or a stack. */

export const PROBLEM_TYPE = 'application/problem+json'

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERROR_CATALOGUE) as [ErrorCode, ...ErrorCode[]]),
    retryable: z.boolean(),
    remedy: z.string(),
    recorded: z.enum(['yes', 'no', 'unknown']).optional(),
    retryAfterMs: z.int().optional(),
    requestId: z.string(),
    faults: z.array(z.object({ path: z.string(), expected: z.string() })).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problemSchema>

const MAX_DETAIL_LENGTH = 2_000
const MAX_FAULTS = 50

/** The error of what the catalogue does not know: a fault of ours, whose message is for the log alone. */
export function asCatalogued(error: unknown): AfterturnError {
  if (isAfterturnError(error)) return error
  return new AfterturnError('UNEXPECTED', 'The request failed for a reason that only the log has.', {
    cause: error,
    recorded: 'unknown',
  })
}

/** A failure as it travels. */
function problemOf(error: AfterturnError, requestId: string): Problem {
  const { code, message, retryable, remedy, recorded, retryAfterMs, faults } = error
  return {
    type: `urn:afterturn:error:${code}`,
    title: code,
    status: ERROR_STATUS[code],
    detail: message.slice(0, MAX_DETAIL_LENGTH).toWellFormed(),
    code,
    retryable,
    remedy,
    ...(recorded !== undefined && { recorded }),
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
    requestId,
    ...(faults !== undefined && { faults: faults.slice(0, MAX_FAULTS).map(wellFormed) }),
  }
}

/** Answers with a failure. */
export function sendProblem(response: Response, error: AfterturnError, requestId: string): void {
  const problem = problemOf(error, requestId)
  if (problem.retryAfterMs !== undefined)
    response.set('Retry-After', String(Math.max(1, Math.ceil(problem.retryAfterMs / 1_000))))
  response.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

function wellFormed({ path, expected }: { path: string; expected: string }) {
  return { path: path.toWellFormed(), expected: expected.slice(0, MAX_DETAIL_LENGTH).toWellFormed() }
}
