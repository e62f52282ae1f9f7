import { parseDurationMs } from './retry-times.ts'

/**
 * Owns the reading of error bodies. Servers that speak the OpenAI API have a dozen forms for them and its SDK reads one: what it cannot read, such as
 * the name of a refused parameter, would be lost. Guarantees: linear time; nothing but texts and numbers goes past it.
 */

/** What a server says went wrong, in OpenAI's form. */
type ToldError = {
  readonly message: string
  readonly code?: string
  readonly param?: string
  readonly type?: string
  /** The status that an error inside a 200 has. */
  readonly status?: number
  /** The wait that the body asks for, where no header does. */
  readonly retryAfterMs?: number
}

type Fields = Record<string, unknown>

/** Where a server says no more than that the answer ended so. */
const BROKE_OFF: ToldError = { message: 'the model failed while it answered', status: 502 }
/** A message of its own tells more than these, which wrap it. */
const WRAPPING = /^(provider returned error|upstream error|error)\.?$/i
/** Of objects inside each other: a body may be the message of another. */
const MAX_DEPTH = 4
const MAX_MESSAGE_CHARS = 4_000

/** The error that a body tells, whatever its form: `{error: {…}}`, a list of these, a text, a list of faults, a page of HTML. */
export function readErrorBody(text: string): ToldError {
  const value = parseJson(text)
  const told = value === undefined ? undefined : errorIn(value, () => true)
  if (told) return told
  const message = text.includes('<') ? titleOf(text) : text
  return { message: clipped(message.trim()) }
}

/** The error that the parsed body of a 200 tells in place of an answer; undefined when it is an answer, or none that says why. */
export function errorInAnswer(answer: unknown): ToldError | undefined {
  if (!isObject(answer)) return undefined
  const [choice] = Array.isArray(answer.choices) ? answer.choices : []
  // OpenRouter: the model began to answer, and failed.
  if (isObject(choice) && choice.error) return errorIn({ error: choice.error }, () => true)
  if (isObject(choice) && choice.finish_reason === 'error') return BROKE_OFF
  const isAnswered = isObject(choice) && (saysSomething(choice.message) || isFull(choice.text))
  return Array.isArray(answer.data) || isAnswered ? undefined : errorIn(answer, saysFailure)
}

const SUCCESS = /^(?:0+|2\d\d|ok|success)$/i
const FAILURE =
  /err|fail|exception|abort|cancel|reject|refus|denied|invalid|unauth|forbid|unavailable|exceed|exhaust|timeout|not.?found/i

/** True for an object of a 200 that tells a failure: a greeting does not, nor does MiniMax, which says `success` beside its answers. */
function saysFailure(value: Fields, isHeld: boolean): boolean {
  if (value.success === false || value.object === 'error' || value.type === 'error') return true
  if (isHeld || HOLDERS.some((name) => isFull(fieldOf(value, [name]))))
    return !SUCCESS.test(textIn(fieldOf(value, [...CODES, ...MESSAGES])) ?? '')
  return CODES.some((name) => isFailureCode(name, textIn(fieldOf(value, [name])) ?? '0'))
}

/** True for a code that tells a failure: each but that of success in a field of errors; of any other a high number, and of a state a word for it. */
function isFailureCode(name: string, code: string): boolean {
  if (SUCCESS.test(code)) return false
  if (name.startsWith('err')) return true
  const number = Number(code)
  if (!Number.isNaN(number)) return number >= 400 || number < 0
  return name === 'code' || FAILURE.test(code)
}

function saysSomething(message: unknown): boolean {
  return isObject(message) && Object.entries(message).some(([key, value]) => key !== 'role' && isFull(value))
}

function isFull(value: unknown): boolean {
  return Boolean(value) && !(Array.isArray(value) && value.length === 0)
}

/** The fields that hold an error, in which a text is its message; and those that hold whatever is no answer. */
const HOLDERS = ['error', 'errors', 'detail', 'fault']
const ENVELOPES = ['baseresp', 'response', 'responsemetadata', 'header']
const MESSAGES = ['message', 'msg', 'errormessage', 'errormsg', 'errmsg', 'statusmessage', 'statusmsg', 'faultstring']
const CODES = ['code', 'status', 'statuscode', 'httpcode', 'errorcode', 'errcode', 'errno']

/** The first field of these names that says something, however it is spelled: `error_msg`, `errorMsg`, `Error-Msg`. */
function fieldOf(value: Fields, names: readonly string[]): unknown {
  const spelled = Object.keys(value).map((key) => [key.toLowerCase().replace(/[_-]/g, ''), key] as const)
  const found = names.flatMap((name) => spelled.filter(([plain]) => plain === name).map(([, key]) => value[key]))
  return found.find(isFull)
}

/** The error in a body, of which `isError` judges the object that has the message, and whether it stands in a field for errors. */
function errorIn(
  body: unknown,
  isError: (value: Fields, isHeld: boolean) => boolean,
  isHeld = false,
  depth = 0,
): ToldError | undefined {
  const value = Array.isArray(body) ? body[0] : body
  if (typeof value === 'string') return { message: clipped(value) }
  if (!isObject(value) || depth > MAX_DEPTH) return undefined
  // FastAPI: `{detail: [{loc: ['body', 'temperature'], msg: '…'}]}`.
  const { detail } = value
  if (Array.isArray(detail) && detail.length > 0) return { message: clipped(detail.map(faultIn).join('; ')) }
  const firstOf = (name: string) => [fieldOf(value, [name])].flat()[0]
  for (const name of [...HOLDERS, ...ENVELOPES]) {
    const inner = firstOf(name)
    const told = isObject(inner) ? errorIn(inner, isError, isHeld || HOLDERS.includes(name), depth + 1) : undefined
    if (told) return told
  }
  // Spring: `{status: 401, error: 'Unauthorized', message: '…'}`.
  const said = [HOLDERS.map(firstOf).map(textIn).find(Boolean), textIn(fieldOf(value, MESSAGES))]
  const message = said.filter(Boolean).join(': ')
  if (message === '' || !isError(value, isHeld)) return undefined
  // Google's own form, as a text inside OpenAI's.
  const quoted = message.startsWith('{') ? errorIn(parseJson(message), isError, true, depth + 1) : undefined
  return quoted ?? withDetails(value, message)
}

function withDetails(error: Fields, message: string): ToldError {
  const metadata = isObject(error.metadata) ? error.metadata : {}
  const details = Array.isArray(error.details) ? error.details.filter(isObject) : []
  const told = WRAPPING.test(message) ? [message, textIn(metadata.raw)].filter(Boolean).join(': ') : message
  const reason = details.map(({ reason }) => textIn(reason)).find(Boolean)
  const code = reason ?? textIn(fieldOf(error, CODES))
  const param = textIn(error.param)
  const type = textIn(error.type)
  const codes = CODES.map((name) => Number(fieldOf(error, [name])))
  const status = codes.find((number) => number >= 400 && number < 600)
  const delay = details.map(({ retryDelay }) => textIn(retryDelay)).find(Boolean)
  const retryAfterMs = delay === undefined ? waitIn(told) : parseDurationMs(delay)
  return {
    message: clipped(told),
    ...(code === undefined ? {} : { code }),
    ...(param === undefined ? {} : { param }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** The wait that a message names, as in "Please try again in 1m4.77s" or "Please retry after 6 seconds". */
function waitIn(message: string): number | undefined {
  const found =
    /(?:try again in|retry after|retry in)\s{1,3}([\d.]{1,10} ?[a-z]{1,12}(?:[\d.]{1,10}[a-z]{1,2})?)/i.exec(message)
  return found?.[1] === undefined ? undefined : parseDurationMs(found[1])
}

function faultIn(fault: unknown): string {
  if (!isObject(fault)) return textIn(fault) ?? ''
  const place = Array.isArray(fault.loc) ? fault.loc.filter((step) => step !== 'body').join('.') : ''
  return [place, textIn(fault.msg)].filter(Boolean).join(': ')
}

/** The title of a page, as gateways answer one: "502 Bad Gateway". */
function titleOf(page: string): string {
  const lower = page.toLowerCase()
  const begin = lower.indexOf('<title')
  const from = begin < 0 ? -1 : page.indexOf('>', begin) + 1
  const end = from > 0 ? page.indexOf('<', from) : -1
  return end > from && from > 0 ? `a page: ${page.slice(from, end).trim()}` : 'a page of HTML'
}

function textIn(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function clipped(text: string): string {
  return text.slice(0, MAX_MESSAGE_CHARS)
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
