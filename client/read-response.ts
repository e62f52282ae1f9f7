import { AfterturnError, ERROR_CATALOGUE, type ErrorCode, type Fault, type Recorded } from '../shared/errors.ts'
import type { Exchange } from './send-request.ts'

/** Owns how answers of the API are read: failures as the errors of the runtime, and streams line by line. */

type Problem = {
  readonly code: ErrorCode
  readonly detail: string
  readonly recorded: Recorded
  readonly retryAfterMs: number
  readonly remedy: string
  readonly faults: readonly Fault[]
}

/** The answer of a proxy in between; the API itself names a code. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  413: 'REQUEST_TOO_LARGE',
  429: 'RATE_LIMITED',
  502: 'REQUEST_TIMEOUT',
  503: 'REQUEST_TIMEOUT',
  504: 'REQUEST_TIMEOUT',
}

/** A response that is an answer. @throws the failure that it tells, as the runtime would throw it */
export async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response
  const told: unknown = await response.json().catch(() => undefined)
  const { code, detail, recorded, retryAfterMs, remedy, faults }: Partial<Problem> =
    typeof told === 'object' && told !== null ? told : {}
  const isKnown = typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code)
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const waitMs = retryAfterMs ?? (seconds >= 0 ? seconds * 1_000 : undefined)
  throw new AfterturnError(
    isKnown ? code : (CODE_OF_STATUS[response.status] ?? 'UNEXPECTED'),
    detail ?? `The API answered with the status ${response.status}.`,
    {
      ...(isKnown ? recorded !== undefined && { recorded } : { recorded: 'unknown' }),
      ...(waitMs !== undefined && { retryAfterMs: waitMs }),
      ...(remedy !== undefined && { remedy }),
      ...(faults !== undefined && { faults }),
    },
  )
}

/** The value of an answer; undefined without one. @throws what `requireOk` throws; UNEXPECTED for what is no JSON */
export async function readAnswer(response: Response): Promise<unknown> {
  const { status } = await requireOk(response)
  if (status === 204) return undefined
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    const remedy = 'Check that `url` is the address of the API, and what stands between.'
    throw new AfterturnError(
      'UNEXPECTED',
      `Expected an answer of the API, got another text with the status ${status}.`,
      {
        cause,
        recorded: 'unknown',
        remedy,
      },
    )
  }
}

/** The lines of a body, as they come; each part is read by `within`. */
export async function* linesOf({ body }: Response, within: Exchange['within']): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  const reader = body?.getReader()
  let rest = ''
  try {
    for (;;) {
      const part = reader && (await within(() => reader.read()))
      if (!part || part.done) break
      const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } finally {
    await reader?.cancel().catch(() => {})
  }
  if (rest !== '') yield rest
}
