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
  const told = value === undefined ? undefined : errorIn(value)
  if (told) return told
  const message = text.includes('<') ? titleOf(text) : text
  return { message: clipped(message.trim()) }
}

/** The error that the parsed body of a 200 tells in place of an answer; undefined when it is an answer, or none that says why. */
export function errorInAnswer(answer: unknown): ToldError | undefined {
  if (!isObject(answer)) return undefined
  const [choice] = Array.isArray(answer.choices) ? answer.choices : []
  // OpenRouter: the model began to answer, and failed.
  if (isObject(choice) && choice.error) return errorIn({ error: choice.error })
  if (isObject(choice) && choice.finish_reason === 'error') return BROKE_OFF
  if (Array.isArray(answer.data) || (isObject(choice) && saysSomething(choice.message))) return undefined
  const told = errorIn(answer)
  // A greeting is no error, and MiniMax says `success` beside its answers.
  return told && !SUCCESS.test(told.code ?? (isHeld(answer) ? 'held' : '0')) ? told : undefined
}

const SUCCESS = /^(?:0+|2\d\d|ok|success)$/i

function saysSomething(message: unknown): boolean {
  return isObject(message) && Object.entries(message).some(([key, value]) => key !== 'role' && isFull(value))
}

function isFull(value: unknown): boolean {
  return Boolean(value) && !(Array.isArray(value) && value.length === 0)
}

/** Whether a body names an error, by a field for it. */
function isHeld(body: Record<string, unknown>): boolean {
  return HOLDERS.some((name) => isFull(fieldOf(body, [name])))
}

/** The fields that hold an error, in which a text is its message; and those that hold whatever is no answer. */
const HOLDERS = ['error', 'errors', 'detail', 'fault']
const ENVELOPES = ['baseresp', 'response', 'responsemetadata', 'header']
const MESSAGES = ['message', 'msg', 'errormessage', 'errormsg', 'errmsg', 'statusmessage', 'statusmsg', 'faultstring']
const CODES = ['code', 'status', 'statuscode', 'httpcode', 'errorcode', 'errcode', 'errno']

/** The first field of these names that says something, however it is spelled: `error_msg`, `errorMsg`, `Error-Msg`. */
function fieldOf(value: Record<string, unknown>, names: readonly string[]): unknown {
  const spelled = Object.keys(value).map((key) => [key.toLowerCase().replace(/[_-]/g, ''), key] as const)
  const found = names.flatMap((name) => spelled.filter(([plain]) => plain === name).map(([, key]) => value[key]))
  return found.find(isFull)
}

function errorIn(body: unknown, depth = 0): ToldError | undefined {
  const value = Array.isArray(body) ? body[0] : body
  if (typeof value === 'string') return { message: clipped(value) }
  if (!isObject(value) || depth > MAX_DEPTH) return undefined
  // FastAPI: `{detail: [{loc: ['body', 'temperature'], msg: '…'}]}`.
  const { detail } = value
  if (Array.isArray(detail)) return { message: clipped(detail.map(faultIn).join('; ')) }
  const held = fieldOf(value, HOLDERS)
  const [first] = [held].flat()
  const inside = [textIn(first) === undefined ? held : undefined, ...ENVELOPES.map((name) => fieldOf(value, [name]))]
  const inner = inside.filter(isInner).map((one) => errorIn(one, depth + 1))
  const found = inner.find((one) => one !== undefined)
  if (found) return found
  const said = textIn(fieldOf(value, MESSAGES))
  // Spring: `{status: 401, error: 'Unauthorized', message: '…'}`.
  const message = [textIn(first), said].filter((text) => text !== undefined).join(': ')
  if (message === '') return undefined
  // Google's own form, as a text inside OpenAI's.
  const quoted = message.startsWith('{') ? errorIn(parseJson(message), depth + 1) : undefined
  return quoted ?? withDetails(value, message)
}

function isInner(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function withDetails(error: Record<string, unknown>, message: string): ToldError {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
