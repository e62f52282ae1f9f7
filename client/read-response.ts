import { AfterturnError, ERROR_CATALOGUE, type ErrorCode, type Fault, type Recorded } from '../shared/errors.ts'

/** Owns how answers of the API are read: failures as the errors of the runtime, and streams line by line. */

type Problem = {
  readonly code: ErrorCode
  readonly detail: string
  readonly recorded: Recorded
  readonly retryAfterMs: number
  readonly remedy: string
  readonly faults: readonly Fault[]
}

/** The failure that the API tells, as the runtime would throw it. */
export async function errorOf(response: Response): Promise<AfterturnError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>
  const code = problem.code !== undefined && problem.code in ERROR_CATALOGUE ? problem.code : 'UNEXPECTED'
  return new AfterturnError(code, problem.detail ?? `The API answered with the status ${response.status}.`, {
    ...(problem.recorded !== undefined && { recorded: problem.recorded }),
    ...(problem.retryAfterMs !== undefined && { retryAfterMs: problem.retryAfterMs }),
    ...(problem.remedy !== undefined && { remedy: problem.remedy }),
    ...(problem.faults !== undefined && { faults: problem.faults }),
  })
}

/** The lines of a body, as they come. */
export async function* linesOf({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const reader = body?.getReader()
  let rest = ''
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    await reader?.cancel()
  }
  if (rest !== '') yield rest
}
